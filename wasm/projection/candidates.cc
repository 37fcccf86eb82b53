#include "projection/candidates.h"

#include <algorithm>
#include <cfloat>

#include "projection/simd.h"

namespace tensorpane {
namespace {

constexpr size_t kStride = 32;  // rows that are bits of one number

}  // namespace

Candidates::Candidates(size_t points, size_t wanted, size_t offer)
    : wanted_(wanted),
      capacity_(2 * wanted + offer + 1),  // a place beyond the last is written
      keys_(points * capacity_),
      counts_(points),
      limits_(points) {}

void Candidates::Clear() {
  std::fill(counts_.begin(), counts_.end(), 0);
  std::fill(limits_.begin(), limits_.end(), FLT_MAX);
}

void Candidates::Offer(size_t i, uint32_t own, const float* distances, const uint32_t* rows, size_t count) {
  const F4 limit = Splat(limits_[i]);
  NearKey* const keys = Keys(i);
  size_t kept = counts_[i];
  for (size_t at = 0; at < count; at += kStride) {
    // The near ones as bits: a branch at each of all rows would be foretold wrongly wherever one is near.
    uint32_t near = 0;
    const size_t lanes = std::min(count - at, kStride);
    for (uint32_t lane = 0; lane < lanes; lane += 4) {
      near |= Bits(Load4(distances + at + lane) <= limit) << lane;
    }
    for (; near != 0; near &= near - 1) {
      const size_t row = at + static_cast<size_t>(__builtin_ctz(near));
      keys[kept] = ToNearKey(distances[row], rows[row]);
      kept += rows[row] != own ? 1 : 0;
    }
  }
  counts_[i] = kept;
}

void Candidates::Cut(size_t i, size_t k) {
  if (counts_[i] <= k) return;
  NearKey* const keys = Keys(i);
  std::nth_element(keys, keys + k - 1, keys + counts_[i]);
  counts_[i] = k;
  limits_[i] = DistanceOf(keys[k - 1]);
}

NearKey* Candidates::Sort(size_t i) {
  SortNearest(Keys(i), counts_[i], &spare_);
  return Keys(i);
}

}  // namespace tensorpane
