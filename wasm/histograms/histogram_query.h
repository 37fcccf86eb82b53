#pragma once

#include <span>
#include <vector>

#include "histograms/grid.h"
#include "histograms/histogram_store.h"

namespace tensorpane {

// Answers about points of a series that are in the store, as rows of numbers; of a point that is damaged,
// they are NaN. The other end of their layout is web/src/engine/values/histograms.ts.

/// For each point: the nine percentiles of kBasisPoints, then count, mean, deviation, zeros, min, max
/// (Moments), and 1 if its buckets had to be mended for that (UsableBuckets), else 0.
void AppendHistogramFacts(HistogramStore* store, SeriesId series, std::span<const double> points,
                          std::vector<double>* answer);

/// `rows[i]` = the row that point i counts for, in ascending order from 0 on; a row is the mean of its
/// points. Appends a cell for each two neighbouring `edges`, row by row. Points that are damaged do not
/// count.
void AppendHistogramGrid(HistogramStore* store, SeriesId series, std::span<const double> points,
                         std::span<const double> rows, std::span<const double> edges, Measure measure,
                         std::vector<double>* answer);

/// TensorBoard's bins over the range of all `points`: left edge of the first, width, then kCompatibleBins
/// counts for each point. Nothing at all if there is not one bucket.
void AppendCompatibleBins(HistogramStore* store, SeriesId series, std::span<const double> points,
                          std::vector<double>* answer);

}  // namespace tensorpane
