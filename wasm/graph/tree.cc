#include "graph/tree.h"

#include <algorithm>
#include <functional>

namespace tensorpane {
namespace {

uint64_t HashOf(TreeIndex parent, std::string_view label) {
  uint64_t hash = std::hash<std::string_view>()(label) ^ (uint64_t{parent} * 0x9E3779B97F4A7C15);
  hash ^= hash >> 32;
  return hash * 0xD6E8FEB86659FD93;
}

size_t SlotsFor(size_t entries) {
  size_t slots = 16;
  while (slots < entries * 2) slots *= 2;
  return slots;
}

/// Length of what two texts begin with alike.
size_t CommonLength(std::string_view a, std::string_view b) {
  return std::mismatch(a.begin(), a.begin() + std::min(a.size(), b.size()), b.begin()).first - a.begin();
}

}  // namespace

/// The tree in the order in which names are met, in which children are not side by side.
struct Tree::Build {
  struct Node {
    TreeIndex parent;
    NodeIndex op, named_by;
    uint32_t begin, end;
  };

  const TextTable& texts;
  const GraphBody& body;
  std::vector<Node> nodes{{0, kNoNode, kNoNode, 0, 0}};
  std::vector<TreeIndex> slots = std::vector<TreeIndex>(16, kNoTreeNode);

  std::string_view Label(const Node& node) const {
    return texts[body.names[node.named_by]].substr(node.begin, node.end - node.begin);
  }

  void Insert(TreeIndex index) {
    const Node& node = nodes[index];
    size_t at = HashOf(node.parent, Label(node)) & (slots.size() - 1);
    while (slots[at] != kNoTreeNode) at = (at + 1) & (slots.size() - 1);
    slots[at] = index;
  }

  TreeIndex Find(TreeIndex parent, std::string_view label) const {
    size_t at = HashOf(parent, label) & (slots.size() - 1);
    for (; slots[at] != kNoTreeNode; at = (at + 1) & (slots.size() - 1)) {
      const Node& node = nodes[slots[at]];
      if (node.parent == parent && Label(node) == label) return slots[at];
    }
    return kNoTreeNode;
  }

  TreeIndex Add(const Node& node, bool can_be_found) {
    const TreeIndex index = static_cast<TreeIndex>(nodes.size());
    nodes.push_back(node);
    if (!can_be_found) return index;
    if (nodes.size() * 2 > slots.size()) {
      slots.assign(slots.size() * 2, kNoTreeNode);
      for (TreeIndex i = 1; i < index; ++i) {
        if (nodes[i].end != nodes[nodes[i].parent].end) Insert(i);
      }
    }
    Insert(index);
    return index;
  }

  /// `op` as the child "(a)" of the group "a".
  void AddWrapped(TreeIndex group, NodeIndex op) {
    const Node of = nodes[group];
    Add({group, op, op, of.begin, of.end}, false);
  }

  TreeIndex Group(TreeIndex parent, NodeIndex named_by, size_t begin, size_t end) {
    const TreeIndex found = Find(parent, texts[body.names[named_by]].substr(begin, end - begin));
    if (found == kNoTreeNode) {
      return Add({parent, kNoNode, named_by, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}, true);
    }
    const NodeIndex op = nodes[found].op;
    if (op != kNoNode) {
      nodes[found].op = kNoNode;
      AddWrapped(found, op);
    }
    return found;
  }

  void Op(TreeIndex parent, NodeIndex op, size_t begin) {
    const std::string_view name = texts[body.names[op]];
    const TreeIndex found = Find(parent, name.substr(begin));
    if (found != kNoTreeNode && nodes[found].op == kNoNode) return AddWrapped(found, op);
    Add({parent, op, op, static_cast<uint32_t>(begin), static_cast<uint32_t>(name.size())}, true);
  }

  void Run() {
    nodes.reserve(body.size() + 1);
    slots.assign(SlotsFor(body.size()), kNoTreeNode);
    struct Open {
      TreeIndex group;
      size_t end;
    };
    std::vector<Open> open;  // folders of the last name: the next one is often in the same
    std::string_view last;
    for (NodeIndex op = 0; op < body.size(); ++op) {
      const std::string_view name = texts[body.names[op]];
      const size_t common = CommonLength(last, name);
      const auto is_shared = [&](const Open& folder) {
        return folder.end <= common && folder.end + 1 < name.size() && name[folder.end] == '/';
      };
      while (!open.empty() && !is_shared(open.back())) open.pop_back();
      TreeIndex group = open.empty() ? kTreeRoot : open.back().group;
      size_t begin = open.empty() ? 0 : open.back().end + 1;
      for (;;) {
        const size_t end = begin + SegmentEnd(name.substr(begin));
        if (end == name.size()) break;
        group = Group(group, op, begin, end);
        open.push_back({group, end});
        begin = end + 1;
      }
      Op(group, op, begin);
      last = name;
    }
  }
};

Tree::Tree(const TextTable& texts, const GraphBody& body) : texts_(texts), body_(body) {
  Build build{texts, body};
  build.Run();
  build.slots = {};
  const std::vector<Build::Node>& nodes = build.nodes;
  const size_t count = nodes.size();

  // Children of each in the order in which they came: a parent always comes before them.
  std::vector<uint32_t> begin(count + 1, 0);
  for (size_t i = 1; i < count; ++i) ++begin[nodes[i].parent + 1];
  for (size_t i = 0; i < count; ++i) begin[i + 1] += begin[i];
  std::vector<TreeIndex> children(count - 1), next(begin.begin(), begin.end() - 1);
  for (size_t i = 1; i < count; ++i) children[next[nodes[i].parent]++] = static_cast<TreeIndex>(i);

  // Breadth first, so that they are side by side.
  std::vector<TreeIndex> order{0};
  order.reserve(count);
  parents_.assign(count, 0);
  first_children_.resize(count);
  child_counts_.resize(count);
  for (size_t i = 0; i < count; ++i) {
    const TreeIndex of = order[i];
    first_children_[i] = static_cast<TreeIndex>(order.size());
    child_counts_[i] = begin[of + 1] - begin[of];
    for (uint32_t c = begin[of]; c < begin[of + 1]; ++c) {
      parents_[order.size()] = static_cast<TreeIndex>(i);
      order.push_back(children[c]);
    }
  }

  ops_.resize(count);
  named_by_.resize(count);
  begins_.resize(count);
  ends_.resize(count);
  of_op_.resize(body.size());
  leaf_counts_.assign(count, 0);
  first_leaf_.assign(count, 0);
  for (size_t i = 0; i < count; ++i) {
    const Build::Node& node = nodes[order[i]];
    ops_[i] = node.op;
    named_by_[i] = node.named_by;
    begins_[i] = node.begin;
    ends_[i] = node.end;
    if (node.op != kNoNode) of_op_[node.op] = static_cast<TreeIndex>(i);
  }
  for (size_t i = count; i-- > 0;) {
    if (ops_[i] != kNoNode) leaf_counts_[i] = 1;
    if (i > 0) leaf_counts_[parents_[i]] += leaf_counts_[i];
  }
  leaf_order_.resize(body.size());
  for (size_t i = 0; i < count; ++i) {
    uint32_t place = first_leaf_[i];
    for (uint32_t c = 0; c < child_counts_[i]; ++c) {
      first_leaf_[first_children_[i] + c] = place;
      place += leaf_counts_[first_children_[i] + c];
    }
    if (ops_[i] != kNoNode) leaf_order_[first_leaf_[i]] = ops_[i];
  }

  slots_.assign(SlotsFor(count), kNoTreeNode);
  const auto insert = [this](TreeIndex node) { slots_[Slot(parents_[node], Label(node))] = node; };
  for (TreeIndex i = 1; i < count; ++i) {
    if (!IsWrapped(i)) insert(i);
  }
  for (TreeIndex i = 1; i < count; ++i) {
    if (!IsWrapped(i)) continue;
    if (FindChild(parents_[i], Label(i)) != kNoTreeNode) twice_wrapped_.push_back(i);
    insert(i);
  }
}

/// Where in slots_ a child is, or would be.
size_t Tree::Slot(TreeIndex parent, std::string_view label) const {
  size_t at = HashOf(parent, label) & (slots_.size() - 1);
  for (; slots_[at] != kNoTreeNode; at = (at + 1) & (slots_.size() - 1)) {
    if (parents_[slots_[at]] == parent && HasLabel(slots_[at], label)) break;
  }
  return at;
}

bool Tree::HasLabel(TreeIndex node, std::string_view label) const {
  const std::string_view segment = Text(node).substr(begins_[node], ends_[node] - begins_[node]);
  return IsWrapped(node) || segment.empty() ? Label(node) == label : segment == label;
}

TreeIndex Tree::FindChild(TreeIndex parent, std::string_view label) const {
  return slots_[Slot(parent, label)];
}

std::string Tree::Label(TreeIndex node) const {
  if (node == kTreeRoot) return {};
  const std::string label(Text(node).substr(begins_[node], ends_[node] - begins_[node]));
  if (!IsWrapped(node)) return label.empty() ? "(unnamed)" : label;
  const bool twice = std::binary_search(twice_wrapped_.begin(), twice_wrapped_.end(), node);
  return twice ? "((" + label + "))" : "(" + label + ")";
}

void Tree::AppendPath(TreeIndex node, std::string* text) const {
  if (node == kTreeRoot) return;
  const std::string_view path = Text(node).substr(0, ends_[node]);
  if (path.empty()) {
    *text += "(unnamed)";
  } else {
    *text += path;
  }
  if (IsWrapped(node)) *text += '/' + Label(node);
}

std::string Tree::Path(TreeIndex node) const {
  std::string path;
  AppendPath(node, &path);
  return path;
}

Consumers::Consumers(const GraphBody& body) : begin_(body.size() + 1, 0) {
  for (const GraphInput& input : body.inputs) {
    if (input.from != kNoNode) ++begin_[input.from + 1];
  }
  for (size_t i = 0; i < body.size(); ++i) begin_[i + 1] += begin_[i];
  consumers_.resize(begin_.back());
  std::vector<uint32_t> next(begin_.begin(), begin_.end() - 1);
  for (NodeIndex node = 0; node < body.size(); ++node) {
    for (uint32_t input = body.input_begin[node]; input < body.input_begin[node + 1]; ++input) {
      const NodeIndex from = body.inputs[input].from;
      if (from != kNoNode) consumers_[next[from]++] = {node, input};
    }
  }
  // Nearly all ops have one output: there is nothing to do then.
  const auto by_port = [&body](const Consumer& a, const Consumer& b) {
    return body.inputs[a.input].port < body.inputs[b.input].port;
  };
  for (size_t op = 0; op < body.size(); ++op) {
    const auto first = consumers_.begin() + begin_[op], end = consumers_.begin() + begin_[op + 1];
    if (!std::is_sorted(first, end, by_port)) std::stable_sort(first, end, by_port);
  }
}

}  // namespace tensorpane
