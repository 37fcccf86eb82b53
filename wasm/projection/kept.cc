#include "projection/kept.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "projection/distances.h"
#include "projection/random.h"

namespace tensorpane {
namespace {

constexpr double kNumbers = 1e9;  // that are looked at: two thirds of a second in wasm
constexpr uint32_t kLeast = 100, kMost = 1000;

}  // namespace

Kept KeptNeighbours(const Points& points, const Points& picture, std::span<const uint32_t> rows, uint32_t k,
                    Metric metric) {
  Kept kept;
  if (points.count < 2 || k == 0) return kept;
  kept.k = std::min(k, points.count - 1);
  std::vector<uint32_t> sample(rows.begin(), rows.end());
  if (sample.empty()) {
    sample.resize(points.count);
    std::iota(sample.begin(), sample.end(), 0);
  }
  const double fits = kNumbers / (double{1} * points.count * (points.dimensions + picture.dimensions));
  const size_t size =
      std::min<size_t>(sample.size(), static_cast<size_t>(std::clamp<double>(fits, kLeast, kMost)));
  Random random(1);
  for (size_t i = 0; i < size; ++i) {
    std::swap(sample[i], sample[i + random.Below(static_cast<uint32_t>(sample.size() - i))]);
  }
  kept.rows = static_cast<uint32_t>(size);
  uint64_t common = 0;
  std::vector<uint32_t> truth, seen;
  std::vector<float> distances;
  for (size_t i = 0; i < size; ++i) {
    const uint32_t row = sample[i];
    NearestTo(points, points.Row(row), row, kept.k, metric, &truth, &distances);
    NearestTo(picture, picture.Row(row), row, kept.k, Metric::kEuclidean, &seen, &distances);
    std::sort(seen.begin(), seen.end());
    for (const uint32_t one : truth) common += std::binary_search(seen.begin(), seen.end(), one) ? 1 : 0;
  }
  kept.share = static_cast<double>(common) / (double{1} * kept.rows * kept.k);
  return kept;
}

}  // namespace tensorpane
