#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "projection/points.h"

namespace tensorpane {

/// A direction in all dimensions, as `Axis` in web/src/engine/projections/projections.ts.
struct CustomAxis {
  static constexpr uint32_t kBetween = UINT32_MAX;

  uint32_t dimension = kBetween;   ///< one of them as it is, or
  std::vector<uint32_t> from, to;  ///< from one centroid to another; of no rows: that of all
};

/// The mean of some rows; of no rows that of all.
std::vector<double> CentroidOf(const Points& points, std::span<const uint32_t> rows);

/// Its unit vector, `dimensions` numbers; zeros if both ends are the same.
std::vector<double> Direction(const Points& points, const CustomAxis& axis);

/// The product of each row with each direction: points × axes.
std::vector<float> Along(const Points& points, std::span<const std::vector<double>> directions);

}  // namespace tensorpane
