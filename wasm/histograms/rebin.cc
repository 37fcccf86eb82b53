#include "histograms/rebin.h"

#include <algorithm>
#include <cmath>

namespace tensorpane {
namespace {

Bucket AsFloats(const Bucket& bucket) {
  const auto rounded = [](double number) { return static_cast<double>(static_cast<float>(number)); };
  return {rounded(bucket.left), rounded(bucket.right), rounded(bucket.count)};
}

/// Bins of one row.
class Bins {
 public:
  Bins(double left, double right, double width, size_t count)
      : left_(left), right_(right), width_(width), count_(count) {}

  void Add(const Bucket& bucket, double* row) const {
    if (bucket.count == 0) return;
    const size_t first = BinOf(bucket.left);
    if (bucket.right == bucket.left || !CanTellApart()) {
      row[first] += bucket.count;
      return;
    }
    for (size_t i = first; i < count_ && Left(i) < bucket.right; ++i) {
      row[i] += PartBetween(bucket, Left(i), Left(i) + width_) * bucket.count;
    }
  }

 private:
  double Left(size_t i) const {
    const double left = left_ + static_cast<double>(i) * width_;
    return std::isfinite(left) ? left : 2 * (left_ / 2 + static_cast<double>(i) * (width_ / 2));
  }
  /// Not so when the range is a few ulps wide.
  bool CanTellApart() const { return left_ + width_ > left_ && right_ - width_ < right_; }

  /// The last bin that begins at or below `value`, as their edges are rounded.
  size_t BinOf(double value) const {
    const double guess =
        std::floor((value / 2 - left_ / 2) / (right_ / 2 - left_ / 2) * static_cast<double>(count_));
    auto i = static_cast<size_t>(std::clamp(guess, 0.0, static_cast<double>(count_ - 1)));
    while (i > 0 && Left(i) > value) --i;
    while (i + 1 < count_ && Left(i + 1) <= value && CanTellApart()) ++i;
    return i;
  }

  double left_, right_, width_;
  size_t count_;
};

}  // namespace

EqualBins Rebin(std::span<const Histogram* const> histograms, size_t bins) {
  EqualBins result;
  if (bins == 0) return result;
  double left = INFINITY, right = -INFINITY;
  std::vector<Bucket> mended;
  for (const Histogram* const histogram : histograms) {
    for (const Bucket& bucket : UsableBuckets(*histogram, &mended)) {
      const Bucket read = histogram->written ? AsFloats(bucket) : bucket;
      left = std::min(left, read.left);
      right = std::max(right, read.right);
    }
  }
  if (left > right) return result;
  if (left == right) {
    const double value = left;
    right = value * 1.1 + 1;
    left = value / 1.1 - 1;
    if (!(left < right)) {  // below −10.476: the mirror image of what a positive value has
      right = value / 1.1 + 1;
      left = value * 1.1 - 1;
    }
  }
  const double span = right - left;
  const auto parts = static_cast<double>(bins);
  result.left = left;
  result.width = std::isfinite(span) ? span / parts : right / parts - left / parts;
  result.counts.resize(histograms.size() * bins);
  const Bins all(left, right, result.width, bins);
  double* row = result.counts.data();
  for (const Histogram* const histogram : histograms) {
    for (const Bucket& bucket : UsableBuckets(*histogram, &mended)) {
      all.Add(histogram->written ? AsFloats(bucket) : bucket, row);
    }
    row += bins;
  }
  return result;
}

}  // namespace tensorpane
