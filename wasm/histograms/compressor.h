#pragma once

#include <array>
#include <span>

#include "histograms/histogram.h"

namespace tensorpane {

/// Ten-thousandths of all values: TensorBoard's NORMAL_HISTOGRAM_BPS (compressor.py), the borders of ½ σ, 1 σ
/// and 1½ σ of a normal distribution, its middle and its ends.
inline constexpr std::array<double, 9> kBasisPoints = {0, 668, 1587, 3085, 5000, 6915, 8413, 9332, 10000};

/// The value below which lies the share of all values that `points[i]` is of the last point; points ascend.
/// TensorBoard's compress_histogram (compressor.py), linear within a bucket. Without values it is the right
/// end, and without buckets 0, as there. Differs where that one answers NaN, Infinity or nonsense: see
/// UsableBuckets.
void Compress(const Histogram& histogram, std::span<const double> points, std::span<double> values);

}  // namespace tensorpane
