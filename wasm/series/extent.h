#pragma once

#include <optional>
#include <vector>

namespace tensorpane {

struct Extent {
  double min;
  double max;
};

/// The range of y that a chart shows: least and greatest of `values`. With `clip_outliers` and more
/// than two values the outer 5 % at either end do not count, as in TensorBoard (webapp/widgets/line_chart_v2/
/// line_chart_internal_utils.ts, computeDataSeriesExtent: indices ceil(0.05 (n − 1)) and floor(0.95 (n − 1))
/// of the sorted values of all series). Values that are not finite never count. nullopt = no value counts.
std::optional<Extent> ExtentOf(std::vector<double> values, bool clip_outliers);

}  // namespace tensorpane
