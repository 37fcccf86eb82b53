#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "graph/tree.h"

namespace tensorpane {

/// Index of a class of groups that are alike.
using BlockClass = uint32_t;
constexpr BlockClass kNoClass = UINT32_MAX;

/// Groups of one body of which all are alike: their children in order, the ops, and how these are wired, to
/// each other and to the same or to different sources outside. Names, shapes and other attributes may differ.
/// A hash finds candidates, a comparison of all of it decides. Calls are alike that run the same functions.
class Blocks {
 public:
  struct Member {
    uint32_t body;
    TreeIndex node;
  };

  /// @param trees of all bodies
  Blocks(const Graph& graph, std::span<const Tree* const> trees);

  /// kNoClass: it is neither a group nor a call. Of an op, ops are of the same kind if they are of the same
  /// type.
  BlockClass of(uint32_t body, TreeIndex node) const { return classes_[body][node]; }
  std::span<const Member> members(BlockClass block) const {
    return {members_.data() + member_begin_[block], member_begin_[block + 1] - member_begin_[block]};
  }
  /// Place of a class in a legend: those of several members come first, by all the ops that they have.
  uint32_t rank(BlockClass block) const { return ranks_[block]; }
  BlockClass at_rank(uint32_t rank) const { return by_rank_[rank]; }
  size_t size() const { return ranks_.size(); }

 private:
  std::vector<std::vector<BlockClass>> classes_;  // of each node of each body
  std::vector<uint32_t> member_begin_;
  std::vector<Member> members_;
  std::vector<uint32_t> ranks_;
  std::vector<BlockClass> by_rank_;
};

/// TensorBoard folds ops from this many on.
constexpr size_t kLeastOpsInStack = 5;
constexpr size_t kLeastGroupsInStack = 2;

/// Siblings with consecutive numbers in their names that are drawn as one.
struct StackRun {
  std::vector<TreeIndex> members;    ///< by number
  std::string prefix;                ///< "block_"
  std::vector<std::string> numbers;  ///< as in the names: "0"; of "dense", which comes before "dense_1", ""
  bool of_ops = false;               ///< ops of one type, not groups that are alike

  size_t least() const { return of_ops ? kLeastOpsInStack : kLeastGroupsInStack; }

  /// "block_[0-11]"
  std::string Name() const;
  /// "block_0 … block_11"
  std::string Label() const;
  /// Members from `begin` to before `end`.
  StackRun Part(size_t begin, size_t end) const;
};

/// One of the nodes that `FindRuns` looks through.
struct Sibling {
  TreeIndex node;
  uint64_t kind;  ///< those of one kind may be in one stack
  bool is_op;     ///< kLeastOpsInStack holds
};

/// Runs among siblings, in the order of their first members.
std::vector<StackRun> FindRuns(const Tree& tree, std::span<const Sibling> siblings);

}  // namespace tensorpane
