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

/// Sorts keys: into buckets by their distance, which are then sorted one by one; three times as fast as
/// comparing, unless most are in a few buckets.
/// @param spare of any size; for the next call
inline void SortNearest(NearKey* keys, size_t count, std::vector<NearKey>* spare) {
  constexpr size_t kBuckets = 512, kCrowd = 24;
  if (count < 64) return std::sort(keys, keys + count);
  const auto [least, most] = std::minmax_element(keys, keys + count);
  const float low = DistanceOf(*least), width = DistanceOf(*most) - low;
  const float scale = (kBuckets - 1) / width;
  // Also if it is no number, as where one of them is infinite.
  if (!(width > 0 && scale > 0 && scale < 1e30f)) return std::sort(keys, keys + count);
  const auto bucket = [&](NearKey key) { return static_cast<size_t>((DistanceOf(key) - low) * scale); };
  uint32_t ends[kBuckets + 1] = {};
  for (size_t i = 0; i < count; ++i) ++ends[bucket(keys[i]) + 1];
  if (*std::max_element(ends, ends + kBuckets + 1) > kCrowd) return std::sort(keys, keys + count);
  for (size_t i = 1; i < kBuckets; ++i) ends[i] += ends[i - 1];
  spare->resize(std::max(spare->size(), count));
  for (size_t i = 0; i < count; ++i) (*spare)[ends[bucket(keys[i])]++] = keys[i];
  // By insertion: nothing is further than a bucket from its place.
  for (size_t i = 0; i < count; ++i) {
    const NearKey key = (*spare)[i];
    size_t at = i;
    for (; at > 0 && keys[at - 1] > key; --at) keys[at] = keys[at - 1];
    keys[at] = key;
  }
}

}  // namespace tensorpane
