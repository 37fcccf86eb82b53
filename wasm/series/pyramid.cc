#include "series/pyramid.h"

#include <cmath>
#include <limits>

namespace tensorpane {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

/// What was found so far. Values are finite, so the infinities stand for "none".
struct Pyramid::Best {
  double min = kInfinity;
  double max = -kInfinity;
  Extremes at{};

  void Take(uint32_t i, double value) {
    if (!std::isfinite(value)) return;
    if (value < min) min = value, at.min = i;
    if (value > max) max = value, at.max = i;
  }
  bool Beats(const Block& block) const { return block.min >= min && block.max <= max; }
};

void Pyramid::Extend(const Values& values) {
  if (levels_.empty()) levels_.emplace_back();
  while ((levels_[0].size() + 1) * kLeaf <= values.size()) {
    Block block{kInfinity, -kInfinity};
    const uint32_t begin = static_cast<uint32_t>(levels_[0].size()) * kLeaf;
    values.ForEach(begin, begin + kLeaf, [&block](uint32_t, double value) {
      if (!std::isfinite(value)) return;
      block.min = std::min(block.min, value);
      block.max = std::max(block.max, value);
    });
    levels_[0].push_back(block);
    for (size_t level = 0; levels_[level].size() % kFan == 0; ++level) {
      if (level + 1 == levels_.size()) levels_.emplace_back();
      Block parent{kInfinity, -kInfinity};
      for (auto child = levels_[level].end() - kFan; child != levels_[level].end(); ++child) {
        parent.min = std::min(parent.min, child->min);
        parent.max = std::max(parent.max, child->max);
      }
      levels_[level + 1].push_back(parent);
    }
  }
}

void Pyramid::Descend(const Values& values, size_t level, uint32_t block, Best* best) const {
  if (best->Beats(levels_[level][block])) return;
  if (level == 0) {
    values.ForEach(block * kLeaf, (block + 1) * kLeaf,
                   [best](uint32_t i, double value) { best->Take(i, value); });
    return;
  }
  for (uint32_t child = block * kFan; child < (block + 1) * kFan; ++child)
    Descend(values, level - 1, child, best);
}

std::optional<Pyramid::Extremes> Pyramid::Find(const Values& values, uint32_t begin, uint32_t end) const {
  Best best;
  const auto scan = [&](uint32_t from, uint32_t to) {
    values.ForEach(from, to, [&best](uint32_t i, double value) { best.Take(i, value); });
  };
  const uint32_t leaves = levels_.empty() ? 0 : static_cast<uint32_t>(levels_[0].size());
  uint32_t block = (begin + kLeaf - 1) / kLeaf;
  const uint32_t last = std::min(end / kLeaf, leaves);
  if (block >= last) {
    scan(begin, end);
  } else {
    scan(begin, block * kLeaf);
    while (block < last) {
      // The largest complete block that begins here and ends in time.
      size_t level = 0;
      uint32_t size = 1;
      while (level + 1 < levels_.size() && block % (size * kFan) == 0 && block + size * kFan <= last &&
             block / (size * kFan) < levels_[level + 1].size()) {
        ++level;
        size *= kFan;
      }
      Descend(values, level, block / size, &best);
      block += size;
    }
    scan(last * kLeaf, end);
  }
  if (best.min > best.max) return std::nullopt;
  return best.at;
}

size_t Pyramid::bytes() const {
  size_t bytes = 0;
  for (const auto& level : levels_) bytes += level.capacity() * sizeof(Block);
  return bytes;
}

}  // namespace tensorpane
