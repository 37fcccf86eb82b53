#include "projection/points.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace tensorpane {

std::vector<double> Centroid(const Points& points) {
  std::vector<double> mean(points.dimensions);
  for (size_t i = 0; i < points.count; ++i) {
    const float* row = points.Row(i);
    for (size_t d = 0; d < points.dimensions; ++d) mean[d] += row[d];
  }
  if (points.count > 0) {
    for (double& value : mean) value /= points.count;
  }
  return mean;
}

bool IsConstant(const Points& points) {
  for (size_t i = 1; i < points.count; ++i) {
    if (!std::equal(points.Row(i), points.Row(i) + points.dimensions, points.Row(0))) return false;
  }
  return true;
}

std::vector<uint32_t> LeadingDimensions(const Points& points, size_t most) {
  std::vector<uint8_t> varies(points.dimensions);
  // As a rule the second row tells: once all of the very first vary, no later one can come before them.
  const std::span<const uint8_t> first = std::span(varies).first(std::min<size_t>(most, points.dimensions));
  for (size_t i = 1; i < points.count && std::count(first.begin(), first.end(), 0) > 0; ++i) {
    const float *row = points.Row(i), *other = points.Row(0);
    for (size_t d = 0; d < points.dimensions; ++d) varies[d] |= static_cast<uint8_t>(row[d] != other[d]);
  }
  std::vector<uint32_t> dimensions;
  for (const uint8_t wanted : {1, 0}) {
    for (uint32_t d = 0; d < points.dimensions && dimensions.size() < most; ++d) {
      if (varies[d] == wanted) dimensions.push_back(d);
    }
  }
  return dimensions;
}

std::vector<float> Centred(const Points& points) {
  const std::vector<double> mean = Centroid(points);
  std::vector<float> rows(size_t{points.count} * points.dimensions);
  for (size_t i = 0; i < points.count; ++i) {
    const float* from = points.Row(i);
    float* to = &rows[i * points.dimensions];
    for (size_t d = 0; d < points.dimensions; ++d) to[d] = static_cast<float>(from[d] - mean[d]);
  }
  return rows;
}

namespace {

void Normalise(uint32_t count, uint32_t dimensions, float* rows) {
  for (size_t i = 0; i < count; ++i) {
    float* row = rows + i * dimensions;
    double square = 0;
    for (size_t d = 0; d < dimensions; ++d) square += double{row[d]} * row[d];
    if (square == 0) continue;
    const double scale = 1 / std::sqrt(square);
    for (size_t d = 0; d < dimensions; ++d) row[d] = static_cast<float>(row[d] * scale);
  }
}

}  // namespace

std::vector<float> Prepared(const Points& points, Preparation preparation) {
  std::vector<float> rows;
  if (preparation == Preparation::kSphereized) {
    rows = Centred(points);
  } else {
    rows.assign(points.values, points.values + size_t{points.count} * points.dimensions);
  }
  if (preparation != Preparation::kNone) Normalise(points.count, points.dimensions, rows.data());
  return rows;
}

}  // namespace tensorpane
