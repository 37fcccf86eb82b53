#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

#include "layout/layered.h"

namespace tensorpane {

constexpr uint32_t kNone = UINT32_MAX;

/// Asks now and then whether time is over; once it is, it stays so.
class Deadline {
 public:
  explicit Deadline(const std::function<bool()>& out_of_time) : out_of_time_(out_of_time) {}

  /// `work`: how many simple steps were done since it was last asked.
  bool Over(size_t work) {
    if (over_ || !out_of_time_) return over_;
    work_ += work;
    if (work_ < kStride) return false;
    work_ = 0;
    return over_ = out_of_time_();
  }
  bool over() const { return over_; }

 private:
  static constexpr size_t kStride = 4096;

  const std::function<bool()>& out_of_time_;
  size_t work_ = 0;
  bool over_ = false;
};

/// What is laid out by itself: a connected part of a level, or all parts together that have a kTop or a
/// kBottom. Its vertices are numbered in the order of the source.
struct Part {
  using Rank = LevelGraph::Vertex::Rank;

  struct Box {
    double width, height;
    double loops;  ///< room for its self loops, at its right
    Rank rank;
  };
  /// An edge that is no loop, turned so that it goes down.
  struct Link {
    uint32_t upper, lower;
    double width;
    double upper_x, lower_x;  ///< where it meets the boxes, from their middle; NaN: anywhere
    bool upward;              ///< `upper` is the head
  };
  std::vector<Box> boxes;
  std::vector<Link> links;
};

struct Ranks {
  std::vector<uint32_t> rank;
  std::vector<uint32_t> depth;   ///< edges of the longest way to the vertex
  std::vector<uint32_t> height;  ///< and of the longest from it
  uint32_t count = 0;

  /// Leaves out the ranks that no vertex has.
  void DropEmpty();
};

/// Turns the links of `part` so that they close no cycle, and gives each vertex a rank: links go from lower
/// to higher ones, none is empty, kTop ones have the lowest and kBottom ones the highest.
///
/// Links that go back in a depth-first search in source order are turned: in a loop, the one that closes it.
/// Ranks are those of the longest path (Healy and Nikolov, "Hierarchical Drawing Algorithms", in: Handbook of
/// Graph Drawing and Visualization, 2013, 13.3), from where vertices are moved along their links' slack,
/// which leaves links short: constants stand right above their consumers.
Ranks AssignRanks(Part* part, Deadline* deadline);

/// Breaks ranks that are far wider than the drawing is high into several: the parts that hang together in a
/// run of such ranks go below each other, in bands. So 500 consumers of one tensor, or as many chains, are no
/// line of 500.
void WrapRows(const Part& part, double box_gap, double rank_gap, Ranks* ranks);

/// Sets of numbers, named by their least one.
class Sets {
 public:
  explicit Sets(size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0); }
  uint32_t Find(uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void Join(uint32_t a, uint32_t b) {
    a = Find(a), b = Find(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<uint32_t> parent_;
};

/// Compressed lists: those of `key` are items[begin[key] … begin[key + 1]).
struct Lists {
  std::vector<uint32_t> begin, items;

  const uint32_t* first(uint32_t key) const { return items.data() + begin[key]; }
  const uint32_t* last(uint32_t key) const { return items.data() + begin[key + 1]; }
  uint32_t size(uint32_t key) const { return begin[key + 1] - begin[key]; }
};

/// The items 0 … count by key_of(item), each list in order; kNone: in no list.
template <typename KeyOf>
Lists ListsBy(uint32_t keys, size_t count, KeyOf key_of) {
  Lists lists;
  lists.begin.assign(keys + 1, 0);
  for (uint32_t i = 0; i < count; ++i)
    if (const uint32_t key = key_of(i); key != kNone) ++lists.begin[key + 1];
  for (uint32_t key = 0; key < keys; ++key) lists.begin[key + 1] += lists.begin[key];
  lists.items.resize(lists.begin[keys]);
  std::vector<uint32_t> next(lists.begin.begin(), lists.begin.end() - 1);
  for (uint32_t i = 0; i < count; ++i)
    if (const uint32_t key = key_of(i); key != kNone) lists.items[next[key]++] = i;
  return lists;
}

}  // namespace tensorpane
