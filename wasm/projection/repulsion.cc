#include "projection/repulsion.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

#include "projection/simd.h"

namespace tensorpane {
namespace {

constexpr uint32_t kLeaf = 8;    // points that are not parted further
constexpr uint32_t kGroup = 32;  // points that share a list
constexpr uint32_t kLump = 64;   // points in a cell of the least size that count as one

/// Bits with one zero between each, or two.
uint32_t Spread2(uint32_t x) {
  x = (x | x << 8) & 0x00FF00FF;
  x = (x | x << 4) & 0x0F0F0F0F;
  x = (x | x << 2) & 0x33333333;
  return (x | x << 1) & 0x55555555;
}
uint32_t Spread3(uint32_t x) {
  x = (x | x << 16) & 0x030000FF;
  x = (x | x << 8) & 0x0300F00F;
  x = (x | x << 4) & 0x030C30C3;
  return (x | x << 2) & 0x09249249;
}

}  // namespace

void Repulsion::Sort(const float* positions, uint32_t count, uint32_t stride) {
  float low[3] = {FLT_MAX, FLT_MAX, FLT_MAX}, high[3] = {-FLT_MAX, -FLT_MAX, -FLT_MAX};
  for (size_t i = 0; i < count; ++i) {
    for (size_t d = 0; d < dimensions_; ++d) {
      low[d] = std::min(low[d], positions[i * stride + d]);
      high[d] = std::max(high[d], positions[i * stride + d]);
    }
  }
  float width = 0;
  for (size_t d = 0; d < dimensions_; ++d) width = std::max(width, high[d] - low[d]);
  const uint32_t bits = dimensions_ == 2 ? 16 : 10;
  const float most = static_cast<float>((1u << bits) - 1);
  const float scale = width > 0 ? most / width : 0;
  keys_.resize(count);
  spare_.resize(count);
  const auto cell = [&](size_t i, size_t d) {
    return static_cast<uint32_t>(std::min(most, (positions[i * stride + d] - low[d]) * scale));
  };
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t key = dimensions_ == 2
                             ? Spread2(cell(i, 0)) << 1 | Spread2(cell(i, 1))
                             : Spread3(cell(i, 0)) << 2 | Spread3(cell(i, 1)) << 1 | Spread3(cell(i, 2));
    keys_[i] = uint64_t{key} << 32 | i;
  }
  for (uint32_t shift = 32; shift < 64; shift += 11) {
    uint32_t begins[2049] = {};
    for (const uint64_t key : keys_) ++begins[(key >> shift & 2047) + 1];
    for (size_t i = 1; i < 2048; ++i) begins[i] += begins[i - 1];
    for (const uint64_t key : keys_) spare_[begins[key >> shift & 2047]++] = key;
    keys_.swap(spare_);
  }
  for (size_t d = 0; d < dimensions_; ++d) {
    sorted_[d].resize(count);
    for (size_t i = 0; i < count; ++i) {
      sorted_[d][i] = positions[static_cast<uint32_t>(keys_[i]) * size_t{stride} + d];
    }
  }
  MakeNodes(width);
}

void Repulsion::MakeNodes(float width) {
  struct Cell {
    uint32_t begin, end, level, parent;
  };
  constexpr uint32_t kNone = UINT32_MAX;
  const uint32_t levels = dimensions_ == 2 ? 16 : 10, count = static_cast<uint32_t>(keys_.size());
  nodes_.clear();
  groups_.clear();
  std::vector<uint32_t> parents;
  std::vector<Cell> open;
  if (count > 0) open.push_back({0, count, 0, kNone});
  uint32_t grouped = 0;  // points that are in a group
  while (!open.empty()) {
    const Cell cell = open.back();
    open.pop_back();
    const uint32_t points = cell.end - cell.begin;
    const float side = width / static_cast<float>(1u << cell.level);
    Node node{{}, static_cast<float>(points), side * side, 1, cell.begin, cell.end, false};
    const bool ends = points <= kLeaf || cell.level == levels;
    node.leaf = ends && points <= kLump;
    if (ends) {
      for (size_t d = 0; d < dimensions_; ++d) {
        float sum = 0;
        for (uint32_t i = cell.begin; i < cell.end; ++i) sum += sorted_[d][i];
        node.centre[d] = sum;
      }
    }
    const uint32_t at = static_cast<uint32_t>(nodes_.size());
    nodes_.push_back(node);
    parents.push_back(cell.parent);
    if ((points <= kGroup || ends) && cell.begin >= grouped) {
      for (uint32_t begin = cell.begin; begin < cell.end; begin += kGroup) {
        groups_.push_back({begin, std::min(cell.end, begin + kGroup)});
      }
      grouped = cell.end;
    }
    if (ends) continue;
    // Its parts, the last one first.
    const uint32_t shift = 32 + dimensions_ * (levels - 1 - cell.level);
    uint32_t end = cell.end;
    while (end > cell.begin) {
      const uint64_t part = keys_[end - 1] >> shift;
      const auto first = std::lower_bound(keys_.begin() + cell.begin, keys_.begin() + end, part << shift);
      const uint32_t begin = static_cast<uint32_t>(first - keys_.begin());
      open.push_back({begin, end, cell.level + 1, at});
      end = begin;
    }
  }
  for (size_t i = nodes_.size(); i-- > 0;) {
    Node& node = nodes_[i];
    if (parents[i] != kNone) {
      Node& parent = nodes_[parents[i]];
      parent.skip += node.skip;
      for (size_t d = 0; d < dimensions_; ++d) parent.centre[d] += node.centre[d];
    }
    for (size_t d = 0; d < dimensions_; ++d) node.centre[d] /= node.mass;
    node.skip += static_cast<uint32_t>(i);
  }
}

void Repulsion::Build(const float* positions, uint32_t count, uint32_t stride) {
  Sort(positions, count, stride);
  const size_t room = count + nodes_.size() + 8;
  for (auto& list : list_) {
    if (list.size() < room) list.resize(room);
  }
}

double Repulsion::Repel(uint32_t begin, uint32_t end, float* forces, uint32_t stride) {
  double sum = 0;
  for (uint32_t i = begin; i < end; ++i) {
    sum += dimensions_ == 2 ? RepelGroup<2>(groups_[i], forces, stride)
                            : RepelGroup<3>(groups_[i], forces, stride);
  }
  return sum;
}

template <int kDimensions>
double Repulsion::RepelGroup(const Group& group, float* forces, uint32_t stride) {
  float low[kDimensions], high[kDimensions];
  for (int d = 0; d < kDimensions; ++d) {
    const auto [least, most] =
        std::minmax_element(sorted_[d].begin() + group.begin, sorted_[d].begin() + group.end);
    low[d] = *least;
    high[d] = *most;
  }
  float* const list[4] = {list_[0].data(), list_[1].data(), list_[2].data(), list_[3].data()};
  size_t size = 0;
  const float theta2 = theta_ * theta_;
  const size_t nodes = nodes_.size();
  for (size_t i = 0; i < nodes;) {
    const Node& node = nodes_[i];
    float distance2 = 0;
    for (int d = 0; d < kDimensions; ++d) {
      const float out = std::max(0.0f, std::max(low[d] - node.centre[d], node.centre[d] - high[d]));
      distance2 += out * out;
    }
    if (node.width2 < theta2 * distance2 || (node.skip == i + 1 && !node.leaf)) {
      for (int d = 0; d < kDimensions; ++d) list[d][size] = node.centre[d];
      list[3][size++] = node.mass;
      i = node.skip;
    } else if (node.leaf) {
      for (uint32_t p = node.begin; p < node.end; ++p, ++size) {
        for (int d = 0; d < kDimensions; ++d) list[d][size] = sorted_[d][p];
        list[3][size] = 1;
      }
      i = node.skip;
    } else {
      ++i;
    }
  }
  for (; size % 4 != 0; ++size) {
    for (int d = 0; d < kDimensions; ++d) list[d][size] = 0;
    list[3][size] = 0;
  }
  double total = 0;
  const F4 one = Splat(1.0f);
  for (uint32_t p = group.begin; p < group.end; ++p) {
    F4 at[kDimensions], force[kDimensions] = {}, sum{};
    for (int d = 0; d < kDimensions; ++d) at[d] = Splat(sorted_[d][p]);
    for (size_t j = 0; j < size; j += 4) {
      F4 apart[kDimensions], square = one;
      for (int d = 0; d < kDimensions; ++d) {
        apart[d] = at[d] - Load4(list[d] + j);
        square += apart[d] * apart[d];
      }
      const F4 q = one / square, weighted = q * Load4(list[3] + j), push = weighted * q;
      sum += weighted;
      for (int d = 0; d < kDimensions; ++d) force[d] += push * apart[d];
    }
    // Itself was among them, with q = 1.
    total += double{Sum(sum)} - 1;
    float* to = forces + size_t{static_cast<uint32_t>(keys_[p])} * stride;
    for (int d = 0; d < kDimensions; ++d) to[d] = Sum(force[d]);
  }
  return total;
}

}  // namespace tensorpane
