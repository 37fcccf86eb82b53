#pragma once

#include <span>
#include <vector>

#include "series/values.h"

namespace tensorpane {

/// TensorBoard's smoothing: an exponential moving average over the points in their order, divided by the
/// weight it has gathered so far (webapp/widgets/line_chart_v2/data_transformer.ts, classicSmoothing).
/// `ranges` of points are one sequence; what is smoothed stands at the same indices of `smoothed`, which is
/// as long as `values`. Spacing in x is ignored. Values that are not finite pass through and change nothing.
/// `weight` below 0 or not finite = 0.
///
/// Two differences, both faults there: a constant series stays as it is also when some values are NaN, and
/// weight 1, or more, which would give zeros, is 0.999.
void Smooth(const Values& values, std::span<const PointRange> ranges, double weight,
            std::vector<double>* smoothed);

}  // namespace tensorpane
