#pragma once

#include <vector>

#include "histograms/histogram.h"

namespace tensorpane {

/// The cumulative share of a histogram's values, spread evenly over each bucket.
class Cumulative {
 public:
  /// `buckets` are usable (UsableBuckets) and outlive it.
  explicit Cumulative(Buckets buckets);

  /// Of all counts.
  double total() const { return sums_.back(); }
  /// Share of the values ≤ x, and of those < x: they differ where equal values have a bucket without width.
  /// Not to be asked if total() is 0.
  double Through(double x) const;
  double Below(double x) const;

 private:
  Buckets buckets_;
  std::vector<double> sums_;  // of the counts before each bucket, and of all
};

}  // namespace tensorpane
