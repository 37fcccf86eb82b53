#include "histograms/cumulative.h"

#include <algorithm>

namespace tensorpane {

Cumulative::Cumulative(Buckets buckets) : buckets_(buckets) {
  sums_.reserve(buckets.size() + 1);
  sums_.push_back(0);
  for (const Bucket& bucket : buckets) sums_.push_back(sums_.back() + bucket.count);
}

double Cumulative::Through(double x) const {
  // The first bucket that ends beyond x: those before it are whole.
  const auto at = std::upper_bound(buckets_.begin(), buckets_.end(), x,
                                   [](double value, const Bucket& bucket) { return value < bucket.right; });
  double sum = sums_[static_cast<size_t>(at - buckets_.begin())];
  if (at != buckets_.end() && at->left < x) sum += at->count * PartBetween(*at, at->left, x);
  return sum / total();
}

double Cumulative::Below(double x) const {
  // The first bucket that has x or more inside, or lies at x.
  const auto at =
      std::lower_bound(buckets_.begin(), buckets_.end(), x, [](const Bucket& bucket, double value) {
        return bucket.right < value || (bucket.left < value && bucket.right == value);
      });
  double sum = sums_[static_cast<size_t>(at - buckets_.begin())];
  if (at != buckets_.end() && at->left < x) sum += at->count * PartBetween(*at, at->left, x);
  return sum / total();
}

}  // namespace tensorpane
