#pragma once

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "projection/points.h"
#include "projection/random.h"

namespace tensorpane {

/// What NumPy, scikit-learn and umap-learn say (tests/tools/make_projection_cases.py).
inline nlohmann::json ProjectionCases() {
  std::ifstream in(std::string(TENSORPANE_TEST_DATA) + "/projection/cases.json");
  return nlohmann::json::parse(in);
}

/// 300 of scikit-learn's digits, 64 numbers each.
inline std::vector<float> Digits() {
  std::ifstream in(std::string(TENSORPANE_TEST_DATA) + "/projection/digits.npy", std::ios::binary);
  const std::string file{std::istreambuf_iterator<char>(in), {}};
  constexpr size_t kHeader = 128;
  std::vector<float> values;
  for (size_t i = kHeader; i < file.size(); ++i) values.push_back(static_cast<uint8_t>(file[i]));
  return values;
}
constexpr uint32_t kDigits = 300, kPixels = 64;

/// Points around some centres.
inline std::vector<float> Clusters(uint32_t count, uint32_t dimensions, uint32_t clusters,
                                   uint64_t seed = 1) {
  Random random(seed);
  std::vector<double> centres(size_t{clusters} * dimensions);
  for (double& value : centres) value = 1.5 * random.Normal();
  std::vector<float> values;
  for (size_t i = 0; i < count; ++i) {
    for (size_t d = 0; d < dimensions; ++d) {
      values.push_back(static_cast<float>(centres[i % clusters * dimensions + d] + random.Normal()));
    }
  }
  return values;
}

inline double SlowDistance(const Points& points, const float* a, uint32_t row, Metric metric) {
  const float* b = points.Row(row);
  double product = 0, aa = 0, bb = 0, difference = 0;
  for (size_t d = 0; d < points.dimensions; ++d) {
    product += double{a[d]} * b[d];
    aa += double{a[d]} * a[d];
    bb += double{b[d]} * b[d];
    difference += (double{a[d]} - b[d]) * (double{a[d]} - b[d]);
  }
  if (metric == Metric::kEuclidean) return std::sqrt(difference);
  if (metric == Metric::kDot) return -product;
  return aa * bb == 0 ? 1 : 1 - product / std::sqrt(aa * bb);
}

/// The k nearest other rows, by sorting all.
inline std::vector<uint32_t> SlowNearest(const Points& points, uint32_t row, uint32_t k, Metric metric) {
  std::vector<std::pair<double, uint32_t>> all;
  for (uint32_t i = 0; i < points.count; ++i) {
    if (i != row) all.emplace_back(SlowDistance(points, points.Row(row), i, metric), i);
  }
  std::sort(all.begin(), all.end());
  std::vector<uint32_t> rows;
  for (size_t i = 0; i < std::min<size_t>(k, all.size()); ++i) rows.push_back(all[i].second);
  return rows;
}

/// Of a picture: 1 less what strangers among the k nearest there cost, by how far they are in truth (Venna
/// and Kaski 2001).
inline double Trustworthiness(const Points& points, const Points& picture, uint32_t k) {
  const double n = points.count;
  double cost = 0;
  for (uint32_t i = 0; i < points.count; ++i) {
    const std::vector<uint32_t> order = SlowNearest(points, i, points.count, Metric::kEuclidean);
    std::vector<uint32_t> rank(points.count);
    for (uint32_t r = 0; r < order.size(); ++r) rank[order[r]] = r + 1;
    for (const uint32_t near : SlowNearest(picture, i, k, Metric::kEuclidean)) {
      if (rank[near] > k) cost += rank[near] - k;
    }
  }
  return 1 - cost * 2 / (n * k * (2 * n - 3 * k - 1));
}

}  // namespace tensorpane
