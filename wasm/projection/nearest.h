#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

/// A row and how near it is, as one number: smaller is nearer, and of equally near ones the smaller row.
using NearKey = uint64_t;

inline NearKey ToNearKey(float distance, uint32_t row) {
  const uint32_t bits = BitCast<uint32_t>(distance + 0.0f);  // no -0
  // The order of floats as that of unsigned numbers.
  const uint32_t ordered = bits ^ ((bits >> 31) != 0 ? 0xFFFFFFFFu : 0x80000000u);
  return (NearKey{ordered} << 32) | row;
}
inline uint32_t RowOf(NearKey key) { return static_cast<uint32_t>(key); }
inline float DistanceOf(NearKey key) {
  const uint32_t ordered = static_cast<uint32_t>(key >> 32);
  return BitCast<float>(ordered ^ ((ordered >> 31) != 0 ? 0x80000000u : 0xFFFFFFFFu));
}

/// Leaves the k smallest of `keys`, in any order.
inline void CutToNearest(std::vector<NearKey>* keys, size_t k) {
  if (keys->size() <= k) return;
  std::nth_element(keys->begin(), keys->begin() + static_cast<std::ptrdiff_t>(k), keys->end());
  keys->resize(k);
}

}  // namespace tensorpane
