#include "projection/custom_axes.h"

#include <cmath>

namespace tensorpane {

std::vector<double> CentroidOf(const Points& points, std::span<const uint32_t> rows) {
  if (rows.empty()) return Centroid(points);
  std::vector<double> mean(points.dimensions);
  for (const uint32_t row : rows) {
    for (size_t d = 0; d < points.dimensions; ++d) mean[d] += points.Row(row)[d];
  }
  for (double& value : mean) value /= static_cast<double>(rows.size());
  return mean;
}

std::vector<double> Direction(const Points& points, const CustomAxis& axis) {
  std::vector<double> direction(points.dimensions);
  if (axis.dimension != CustomAxis::kBetween) {
    if (axis.dimension < points.dimensions) direction[axis.dimension] = 1;
    return direction;
  }
  const std::vector<double> from = CentroidOf(points, axis.from), to = CentroidOf(points, axis.to);
  double square = 0;
  for (size_t d = 0; d < points.dimensions; ++d) {
    direction[d] = to[d] - from[d];
    square += direction[d] * direction[d];
  }
  const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
  for (double& value : direction) value *= scale;
  return direction;
}

std::vector<float> Along(const Points& points, std::span<const std::vector<double>> directions) {
  std::vector<float> positions;
  positions.reserve(points.count * directions.size());
  for (size_t i = 0; i < points.count; ++i) {
    const float* row = points.Row(i);
    for (const std::vector<double>& direction : directions) {
      double sum = 0;
      for (size_t d = 0; d < points.dimensions; ++d) sum += row[d] * direction[d];
      positions.push_back(static_cast<float>(sum));
    }
  }
  return positions;
}

}  // namespace tensorpane
