#include "projection/distances.h"

#include <algorithm>
#include <cmath>

#include "projection/nearest.h"
#include "projection/simd.h"

namespace tensorpane {
namespace {

/// Σ term(a, b), where `term` is of four numbers each.
template <class Term>
float SumOf(const float* a, const float* b, size_t dimensions, Term term) {
  F4 sums[2] = {};
  size_t d = 0;
  for (; d + 8 <= dimensions; d += 8) {
    sums[0] += term(Load4(a + d), Load4(b + d));
    sums[1] += term(Load4(a + d + 4), Load4(b + d + 4));
  }
  for (; d < dimensions; ++d) sums[0] += term(F4{a[d], 0, 0, 0}, F4{b[d], 0, 0, 0});
  return Sum(sums[0] + sums[1]);
}

float Product4(const float* a, const float* b, size_t dimensions) {
  return SumOf(a, b, dimensions, [](F4 x, F4 y) { return x * y; });
}

}  // namespace

float SquaredDistance(const float* a, const float* b, size_t dimensions) {
  return SumOf(a, b, dimensions, [](F4 x, F4 y) { return (x - y) * (x - y); });
}

std::vector<float> DistancesTo(const Points& points, const float* point, Metric metric) {
  const size_t dimensions = points.dimensions;
  std::vector<float> distances(points.count);
  const double own = Product4(point, point, dimensions);
  for (size_t i = 0; i < points.count; ++i) {
    const float* row = points.Row(i);
    if (metric == Metric::kEuclidean) {
      distances[i] = std::sqrt(SquaredDistance(point, row, dimensions));
    } else if (metric == Metric::kDot) {
      distances[i] = -Product4(point, row, dimensions);
    } else {
      const double lengths = std::sqrt(own * Product4(row, row, dimensions));
      const double cosine = lengths == 0 ? 0 : Product4(point, row, dimensions) / lengths;
      distances[i] = static_cast<float>(std::clamp(1 - cosine, 0.0, 2.0));
    }
  }
  return distances;
}

void NearestTo(const Points& points, const float* point, uint32_t except, uint32_t k, Metric metric,
               std::vector<uint32_t>* rows, std::vector<float>* distances) {
  const std::vector<float> all = DistancesTo(points, point, metric);
  std::vector<NearKey> keys;
  keys.reserve(2 * size_t{k} + 1);
  float limit = INFINITY;
  for (uint32_t i = 0; i < points.count && k > 0; ++i) {
    if (!(all[i] <= limit) || i == except) continue;
    keys.push_back(ToNearKey(all[i], i));
    if (keys.size() <= 2 * size_t{k}) continue;
    CutToNearest(&keys, k);
    limit = DistanceOf(*std::max_element(keys.begin(), keys.end()));
  }
  CutToNearest(&keys, k);
  std::sort(keys.begin(), keys.end());
  rows->clear();
  distances->clear();
  for (const NearKey key : keys) {
    rows->push_back(RowOf(key));
    distances->push_back(DistanceOf(key));
  }
}

}  // namespace tensorpane
