#pragma once

#include <span>
#include <vector>

#include "histograms/histogram.h"

namespace tensorpane {

/// Bins of equal width: bin i is [left + i * width, left + (i + 1) * width).
struct EqualBins {
  double left = 0;
  double width = 0;
  /// A row of bins for each histogram; empty = there is not one bucket in all of them.
  std::vector<double> counts;
};

/// So many bins has TensorBoard.
inline constexpr size_t kCompatibleBins = 30;

/// TensorBoard's bins over the range of all `histograms` together (buildNormalizedHistograms in
/// histogram_util.ts): a bucket's count is spread over the bins that it overlaps; that of a bucket without
/// width goes into the bin that has its value. Old-style histograms count as the floats that TensorBoard
/// makes of them. Where all values are equal, the range is widened as there. Differs where that one loses
/// counts: equal values below −10, ranges of a few ulps, and buckets that UsableBuckets mends.
EqualBins Rebin(std::span<const Histogram* const> histograms, size_t bins = kCompatibleBins);

}  // namespace tensorpane
