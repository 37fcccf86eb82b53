#include "histograms/moments.h"

#include <algorithm>
#include <cmath>

namespace tensorpane {
namespace {

/// Buckets so narrow around zero hold zeros: TensorFlow's and torch's innermost edges are ±1e-12
/// (histogram.cc, torch.utils.tensorboard's writer.py), and floats are no finer than 1e-7 of what is beside
/// them.
double ZeroWidth(double range) { return std::max(2e-12, 1e-7 * range); }

double ZerosOf(Buckets buckets, double count, double range) {
  const double width = ZeroWidth(range);
  double zeros = 0;
  for (const Bucket& bucket : buckets) {
    if (bucket.count == 0 || bucket.left > 0 || bucket.right < 0) continue;
    if (bucket.right - bucket.left <= width) {
      zeros += bucket.count;
    } else if (bucket.left < 0 && bucket.right > 0) {
      return NAN;
    }
  }
  return zeros / count;
}

}  // namespace

Moments MomentsOf(const Histogram& histogram) {
  std::vector<Bucket> mended;
  const Buckets buckets = UsableBuckets(histogram, &mended);
  Moments moments{0, NAN, NAN, NAN, INFINITY, -INFINITY};
  for (const Bucket& bucket : buckets) {
    if (bucket.count == 0) continue;
    moments.count += bucket.count;
    moments.min = std::min(moments.min, bucket.left);
    moments.max = bucket.right;
  }
  if (moments.count == 0) return {0, NAN, NAN, NAN, NAN, NAN};
  moments.zeros = ZerosOf(buckets, moments.count, moments.max - moments.min);

  const std::optional<WrittenMoments>& written = histogram.written;
  if (written && written->num > 0 && std::isfinite(written->sum) && std::isfinite(written->sum_squares)) {
    moments.mean = written->sum / written->num;
    moments.deviation =
        std::sqrt(std::max(0.0, written->sum_squares / written->num - moments.mean * moments.mean));
    return moments;
  }
  // Weights first, so that sums of huge edges stay finite; the mean first, so that a small deviation from a
  // large mean is not lost.
  double mean = 0;
  for (const Bucket& bucket : buckets)
    mean += bucket.count / moments.count * (bucket.left / 2 + bucket.right / 2);
  double variance = 0;
  for (const Bucket& bucket : buckets) {
    const double off = bucket.left / 2 + bucket.right / 2 - mean;
    variance += bucket.count / moments.count * off * off;
  }
  moments.mean = mean;
  moments.deviation = std::sqrt(variance);
  return moments;
}

}  // namespace tensorpane
