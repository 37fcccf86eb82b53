#pragma once

#include <vector>

#include "series/values.h"

namespace tensorpane {

/// TensorBoard's smoothing: an exponential moving average over the points in their order, divided by the
/// weight it has gathered so far (webapp/widgets/line_chart_v2/data_transformer.ts, classicSmoothing).
/// Spacing in x is ignored. Values that are not finite pass through and change nothing. `weight` below 0 or
/// not finite = 0.
///
/// Two differences, both faults there: a constant series stays as it is also when some values are NaN, and
/// weight 1, or more, which would give zeros, is 0.999.
std::vector<double> Smooth(const Values& values, double weight);

}  // namespace tensorpane
