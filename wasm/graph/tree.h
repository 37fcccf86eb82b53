#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace tensorpane {

/// Index of a node of a Tree: a group of ops, or one op.
using TreeIndex = uint32_t;
constexpr TreeIndex kTreeRoot = 0;
constexpr TreeIndex kNoTreeNode = UINT32_MAX;

/// Where the first segment of a path or name ends: at its first "/" that has something on both sides, or at
/// its end. "/a", "a/" and "/" are one segment each, and "a//b" is "a" and "/b": no segment is empty, but
/// that of the empty name.
inline size_t SegmentEnd(std::string_view path) {
  const size_t slash = path.find('/', 1);
  return slash == std::string_view::npos || slash + 1 == path.size() ? path.size() : slash;
}

/// The folders that the names of a body make. Parents come before their children; children of a node lie side
/// by side, in the order in which the source first names them. An op whose name is also a folder is the child
/// "(a)" of it, as in TensorBoard ("a/(a)"). Deep names cost what their texts are long.
class Tree {
 public:
  /// Both must outlive the tree.
  Tree(const TextTable& texts, const GraphBody& body);

  size_t size() const { return parents_.size(); }
  /// The root is its own.
  TreeIndex parent(TreeIndex node) const { return parents_[node]; }
  TreeIndex first_child(TreeIndex node) const { return first_children_[node]; }
  uint32_t child_count(TreeIndex node) const { return child_counts_[node]; }
  /// kNoNode: it is a group.
  NodeIndex op(TreeIndex node) const { return ops_[node]; }
  bool is_group(TreeIndex node) const { return ops_[node] == kNoNode; }
  TreeIndex of(NodeIndex op) const { return of_op_[op]; }

  /// All ops below a node, or it itself: a range of the order below.
  std::span<const NodeIndex> leaves(TreeIndex node) const {
    return {leaf_order_.data() + first_leaf_[node], leaf_counts_[node]};
  }
  /// Place of an op among the leaves of the whole tree, in which each group is a range.
  uint32_t leaf_place(NodeIndex op) const { return first_leaf_[of_op_[op]]; }
  bool Holds(TreeIndex group, NodeIndex op) const {
    return leaf_place(op) - first_leaf_[group] < leaf_counts_[group];
  }

  /// The last segment of the path.
  std::string Label(TreeIndex node) const;
  /// In this body: "" for the root.
  std::string Path(TreeIndex node) const;
  void AppendPath(TreeIndex node, std::string* text) const;
  /// The op whose name begins with the path: it or the first of those in it.
  NodeIndex named_by(TreeIndex node) const { return named_by_[node]; }
  /// How long the path of a group is.
  size_t group_end(TreeIndex group) const { return ends_[group]; }
  /// Where in its path the last segment begins.
  size_t label_begin(TreeIndex node) const { return IsWrapped(node) ? ends_[node] + 1 : begins_[node]; }
  /// The child of this name, or kNoTreeNode.
  TreeIndex FindChild(TreeIndex parent, std::string_view label) const;

 private:
  struct Build;

  bool IsWrapped(TreeIndex node) const {
    return parents_[node] != kTreeRoot && ends_[node] == ends_[parents_[node]];
  }
  bool HasLabel(TreeIndex node, std::string_view label) const;
  size_t Slot(TreeIndex parent, std::string_view label) const;
  std::string_view Text(TreeIndex node) const { return texts_[body_.names[named_by_[node]]]; }

  const TextTable& texts_;
  const GraphBody& body_;
  std::vector<TreeIndex> parents_, first_children_;
  std::vector<uint32_t> child_counts_;
  std::vector<NodeIndex> ops_;
  std::vector<TreeIndex> of_op_;
  std::vector<NodeIndex> leaf_order_;
  std::vector<uint32_t> first_leaf_, leaf_counts_;
  // A path is the beginning of the name of an op below; its last segment is [begins_, ends_) of it.
  std::vector<NodeIndex> named_by_;
  std::vector<uint32_t> begins_, ends_;
  std::vector<TreeIndex> twice_wrapped_;  // "((a))": there is an "a/(a)" in the source, which is rare
  std::vector<TreeIndex> slots_;          // hash table of (parent, label), open addressing
};

/// One use of an op's output.
struct Consumer {
  NodeIndex node;
  uint32_t input;  ///< index in GraphBody::inputs
};

/// The edges of a body the other way: who consumes what an op gives, by output port, then in the order of the
/// source.
class Consumers {
 public:
  explicit Consumers(const GraphBody& body);
  std::span<const Consumer> of(NodeIndex op) const {
    return {consumers_.data() + begin_[op], begin_[op + 1] - begin_[op]};
  }

 private:
  std::vector<uint32_t> begin_;
  std::vector<Consumer> consumers_;
};

}  // namespace tensorpane
