#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "projection/nearest.h"

namespace tensorpane {

/// The nearest rows to each of a few points, from many that are offered piece by piece. Most of what is
/// offered is too far away, so that telling this apart is what has to be fast.
class Candidates {
 public:
  /// @param wanted of each point
  /// @param offer rows that are offered at once, at most
  Candidates(size_t points, size_t wanted, size_t offer);

  void Clear();
  /// Rows and how far they are from point `i`: those that are not farther than its limit become candidates.
  /// @param own row that is none
  /// @param count a multiple of four
  void Offer(size_t i, uint32_t own, const float* distances, const uint32_t* rows, size_t count);
  /// Leaves the `k` nearest ones of point `i`, and makes the last of them its limit.
  void Cut(size_t i, size_t k);
  /// Makes room for the next offer.
  void CutToWanted(size_t i) {
    if (counts_[i] > 2 * wanted_) Cut(i, wanted_);
  }
  /// Of point `i`, maybe more than are wanted.
  size_t count(size_t i) const { return counts_[i]; }
  /// All of them, nearest first; for the caller to change.
  NearKey* Sort(size_t i);

 private:
  NearKey* Keys(size_t i) { return &keys_[i * capacity_]; }

  size_t wanted_, capacity_;
  std::vector<NearKey> keys_;  // capacity_ of each point
  std::vector<NearKey> spare_;
  std::vector<size_t> counts_;
  std::vector<float> limits_;
};

}  // namespace tensorpane
