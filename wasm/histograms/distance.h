#pragma once

#include "histograms/histogram.h"

namespace tensorpane {

/// Wasserstein distance of order 1 (how far values are to be moved, on average, for one to become the other):
/// the area between the two cumulative shares, with values spread evenly over each bucket. NaN = one has no
/// values.
double WassersteinDistance(const Histogram& a, const Histogram& b);

}  // namespace tensorpane
