#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/blocks.h"
#include "graph/graph.h"
#include "graph/tree.h"

namespace tensorpane {

/// An op that has no box of its own: it is a note on those beside it.
enum class Annotation : uint8_t {
  kNone,
  kConstant,  ///< its consumers are all beside it, in the same group
  kSummary,   ///< it writes what its producers give
};

/// Sums over all that is in a node of a tree, what it calls too. NaN: known of none of it.
struct Totals {
  double ops = 0;  ///< a call counts as what it calls; at most kMostOps
  double micros = NAN, memory = NAN, parameters = NAN;
};
/// Where functions call each other twice at each of many levels, counting ends here.
constexpr double kMostOps = 1e15;

/// A graph with the trees of its bodies and what is known of their nodes. A tree is made when it is first
/// asked for.
class Forest {
 public:
  /// `graph` must outlive it.
  explicit Forest(const Graph& graph);
  ~Forest();

  const Graph& graph() const { return graph_; }
  const GraphBody& body(uint32_t body) const { return graph_.bodies[body]; }
  std::string_view text(TextId id) const { return graph_.texts[id]; }

  const Tree& tree(uint32_t body);
  const Consumers& consumers(uint32_t body);
  Annotation annotation(uint32_t body, NodeIndex op);
  Totals totals(uint32_t body, TreeIndex node);
  Difference difference(uint32_t body, TreeIndex node);
  /// What a node runs: mostly nothing.
  std::span<const GraphCall> calls(uint32_t body, NodeIndex op) const;
  std::span<const GraphCall> calls_at(uint32_t body, TreeIndex node);

  const Blocks& blocks();
  /// Siblings in `group` that are drawn as one.
  const std::vector<StackRun>& runs(uint32_t body, TreeIndex group);

 private:
  struct Of;  // one body

  Of& Get(uint32_t body);
  void CountOps();
  Totals TotalsOfOp(uint32_t body, NodeIndex op) const;

  const Graph& graph_;
  std::vector<std::unique_ptr<Of>> bodies_;
  std::vector<Totals> body_totals_;
  std::unique_ptr<Blocks> blocks_;
};

/// Where a path leads.
struct Place {
  struct Call {
    uint32_t body;
    NodeIndex op;
    size_t prefix;  ///< bytes of the path before that in `body`

    friend bool operator==(const Call&, const Call&) = default;
  };

  static constexpr uint32_t kNone = UINT32_MAX;

  uint32_t body = 0;
  TreeIndex node = kTreeRoot;
  uint32_t role = kNone;          ///< index in GraphBody::calls: it is one of several that `node` runs
  std::optional<StackRun> stack;  ///< it is some of the children of `node`
  std::vector<Call> calls;        ///< that lead here, outermost first
  size_t prefix = 0;              ///< bytes of the path before that in `body`, with its "/"
};

/// The place that has this path: names of folders, ops, calls and what is in them, stacks.
std::optional<Place> FindPlace(Forest& forest, std::string_view path);

/// What can be seen inside of a place: children of a node, members of a stack, or what a call runs.
struct Contents {
  enum class Kind : uint8_t { kNothing, kGroup, kStack, kRoles } kind = Kind::kNothing;
  uint32_t body = 0;
  TreeIndex group = kTreeRoot;     ///< kGroup: whose children; kStack: whose some children; kRoles: the call
  std::vector<TreeIndex> members;  ///< kStack
};

/// Of a node of a tree, or, with `role`, of one of what it runs.
Contents ContentsOf(Forest& forest, uint32_t body, TreeIndex node, uint32_t role = Place::kNone);

/// Children of a group in the order of the source: calls `run(const StackRun&)` where the first member of a
/// run is, and `child(TreeIndex)` for those that are in none.
template <class Child, class Run>
void ForEachSibling(Forest& forest, uint32_t body, TreeIndex group, Child&& child, Run&& run) {
  const Tree& tree = forest.tree(body);
  const TreeIndex first = tree.first_child(group);
  const std::vector<StackRun>& runs = forest.runs(body, group);
  std::vector<bool> in_run(tree.child_count(group), false);
  for (const StackRun& one : runs) {
    for (const TreeIndex member : one.members) in_run[member - first] = true;
  }
  auto next = runs.begin();
  for (uint32_t i = 0; i < in_run.size(); ++i) {
    if (next != runs.end() && next->members.front() == first + i) {
      run(*next++);
    } else if (!in_run[i]) {
      child(first + i);
    }
  }
}

/// How many calls a path may lead through.
constexpr size_t kMostCalls = 64;

}  // namespace tensorpane
