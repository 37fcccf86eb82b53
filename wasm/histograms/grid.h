#pragma once

#include <cstdint>
#include <span>

#include "histograms/histogram.h"

namespace tensorpane {

/// What is drawn of a histogram between two edges. Order: HistogramMeasure in
/// web/src/engine/values/histograms.ts.
enum class Measure : uint8_t {
  kDensity,     ///< share of all values, divided by the width: the area under it is 1
  kCount,       ///< counts of the buckets there, whatever their width
  kCumulative,  ///< share of the values that lie at or below the right edge
};

/// Adds to `row[i]` what is between `edges[i]` and `edges[i + 1]`: the mean of the measure there, times
/// `weight`.
/// `edges` ascend strictly; `row` has one element less. A bucket without width is all between the two edges
/// that have its value, the last one included.
void AddToGrid(const Histogram& histogram, Measure measure, std::span<const double> edges, double weight,
               std::span<double> row);

}  // namespace tensorpane
