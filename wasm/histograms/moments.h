#pragma once

#include "histograms/histogram.h"

namespace tensorpane {

/// Numbers that stand for a histogram; NaN where there is none.
struct Moments {
  double count = 0;
  double mean = 0;
  double deviation = 0;  ///< standard deviation of the values themselves (divided by their number)
  /// Share of the values that are zero. Known only where no bucket of some width has zero inside: NaN
  /// otherwise.
  double zeros = 0;
  double min = 0;
  double max = 0;
};

/// The writer's own sums where it told them; else every value counts as if at the middle of its bucket.
Moments MomentsOf(const Histogram& histogram);

}  // namespace tensorpane
