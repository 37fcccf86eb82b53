#pragma once

#include <optional>
#include <vector>

#include "series/values.h"

namespace tensorpane {

/// Finds the least and the greatest finite value among points [begin, end) without looking at all of them:
/// extremes of blocks of 64 points, of 8 such blocks, and so on. A quarter byte a point and a seventh of
/// that.
class Pyramid {
 public:
  struct Extremes {
    uint32_t min;  ///< index of the first point with the least value
    uint32_t max;  ///< index of the first point with the greatest value
  };

  /// Takes in points that came since the last call.
  void Extend(const Values& values);
  /// nullopt = no value there is finite.
  std::optional<Extremes> Find(const Values& values, uint32_t begin, uint32_t end) const;

  size_t bytes() const;

 private:
  static constexpr uint32_t kLeaf = 64;
  static constexpr uint32_t kFan = 8;

  /// Least and greatest finite value of a block; min > max if there is none.
  struct Block {
    double min;
    double max;
  };

  struct Best;
  void Descend(const Values& values, size_t level, uint32_t block, Best* best) const;

  // levels_[k][i] covers points [i, i + 1) × kLeaf × kFan^k; only complete blocks are there.
  std::vector<std::vector<Block>> levels_;
};

}  // namespace tensorpane
