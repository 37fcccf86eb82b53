#include "graph/blocks.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

namespace tensorpane {
namespace {

/// Candidates of one hash that are compared with a group: more are only in graphs made to have them.
constexpr size_t kMostCandidates = 16;
/// Inputs compared in all; a group that is met later is of a class of its own.
constexpr size_t kMostComparisons = 100'000'000;

uint64_t Mix(uint64_t hash, uint64_t value) {
  hash ^= value + 0x9E3779B97F4A7C15 + (hash << 6) + (hash >> 2);
  hash *= 0xFF51AFD7ED558CCD;
  return hash ^ hash >> 33;
}

struct Group {
  const GraphBody& body;
  const Tree& tree;
  const std::vector<BlockClass>& classes;  // of its descendants
  TreeIndex node;
};

/// Children in order, and the edges between ops that are children.
uint64_t HashOf(const Group& group) {
  const TreeIndex first = group.tree.first_child(group.node);
  uint64_t hash = group.tree.child_count(group.node);
  for (TreeIndex child = first; child < first + group.tree.child_count(group.node); ++child) {
    const NodeIndex op = group.tree.op(child);
    if (op == kNoNode) {
      hash = Mix(hash, uint64_t{group.classes[child]} << 1);
      continue;
    }
    hash = Mix(hash, uint64_t{group.body.ops[op]} << 1 | 1);
    for (uint32_t i = group.body.input_begin[op]; i < group.body.input_begin[op + 1]; ++i) {
      const GraphInput& input = group.body.inputs[i];
      const bool is_beside =
          input.from != kNoNode && group.tree.parent(group.tree.of(input.from)) == group.node;
      hash = Mix(hash, is_beside ? group.tree.of(input.from) - first + uint64_t{1} : 0);
    }
  }
  return hash;
}

/// Whether two groups with the same hash are alike indeed.
bool AreAlike(const Group& a, const Group& b, size_t* comparisons) {
  const uint32_t children = a.tree.child_count(a.node);
  const std::span<const NodeIndex> ops_a = a.tree.leaves(a.node), ops_b = b.tree.leaves(b.node);
  if (children != b.tree.child_count(b.node) || ops_a.size() != ops_b.size()) return false;
  for (uint32_t i = 0; i < children; ++i) {
    const TreeIndex child_a = a.tree.first_child(a.node) + i, child_b = b.tree.first_child(b.node) + i;
    if (a.tree.is_group(child_a) != b.tree.is_group(child_b)) return false;
    if (a.tree.is_group(child_a) && a.classes[child_a] != b.classes[child_b]) return false;
  }
  const uint32_t begin_a = ops_a.empty() ? 0 : a.tree.leaf_place(ops_a[0]);
  const uint32_t begin_b = ops_b.empty() ? 0 : b.tree.leaf_place(ops_b[0]);
  std::unordered_map<uint64_t, size_t> outside_a, outside_b;  // sources by their first use
  const auto number = [](std::unordered_map<uint64_t, size_t>* sources, const GraphInput& input) {
    const uint64_t source =
        input.from == kNoNode ? uint64_t{input.name} << 32 | kNoNode : uint64_t{input.from};
    return sources->emplace(source, sources->size()).first->second;
  };
  for (size_t i = 0; i < ops_a.size(); ++i) {
    const NodeIndex op_a = ops_a[i], op_b = ops_b[i];
    const uint32_t inputs = a.body.input_begin[op_a + 1] - a.body.input_begin[op_a];
    if (a.body.ops[op_a] != b.body.ops[op_b]) return false;
    if (inputs != b.body.input_begin[op_b + 1] - b.body.input_begin[op_b]) return false;
    *comparisons += inputs + 1;
    for (uint32_t j = 0; j < inputs; ++j) {
      const GraphInput& input_a = a.body.inputs[a.body.input_begin[op_a] + j];
      const GraphInput& input_b = b.body.inputs[b.body.input_begin[op_b] + j];
      if (input_a.kind != input_b.kind || input_a.port != input_b.port) return false;
      const bool inside_a = input_a.from != kNoNode && a.tree.Holds(a.node, input_a.from);
      const bool inside_b = input_b.from != kNoNode && b.tree.Holds(b.node, input_b.from);
      if (inside_a != inside_b) return false;
      if (inside_a) {
        if (a.tree.leaf_place(input_a.from) - begin_a != b.tree.leaf_place(input_b.from) - begin_b) {
          return false;
        }
      } else if (number(&outside_a, input_a) != number(&outside_b, input_b)) {
        return false;
      }
    }
  }
  return true;
}

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Numbers of more digits are no numbers of a series.
constexpr size_t kMostDigits = 18;

}  // namespace

Blocks::Blocks(const Graph& graph, std::span<const Tree* const> trees) : classes_(trees.size()) {
  std::unordered_map<uint64_t, std::vector<BlockClass>> by_hash;
  std::vector<Member> first;  // of each class
  std::vector<uint32_t> counts;
  std::vector<double> ops;  // of one member
  size_t comparisons = 0;
  const auto add_class = [&](uint32_t body, TreeIndex node, double of_ops) {
    first.push_back({body, node});
    counts.push_back(0);
    ops.push_back(of_ops);
    return static_cast<BlockClass>(first.size() - 1);
  };
  const auto group_of = [&](uint32_t body, TreeIndex node) {
    return Group{graph.bodies[body], *trees[body], classes_[body], node};
  };
  for (uint32_t body = 0; body < trees.size(); ++body) {
    const Tree& tree = *trees[body];
    classes_[body].assign(tree.size(), kNoClass);
    // Children have higher numbers than their parents.
    for (TreeIndex node = static_cast<TreeIndex>(tree.size()); node-- > 1;) {
      if (!tree.is_group(node)) continue;
      const Group group = group_of(body, node);
      std::vector<BlockClass>& candidates = by_hash[HashOf(group)];
      BlockClass found = kNoClass;
      for (size_t i = 0; i < candidates.size() && i < kMostCandidates && found == kNoClass; ++i) {
        const Member& other = first[candidates[i]];
        if (comparisons < kMostComparisons &&
            AreAlike(group, group_of(other.body, other.node), &comparisons)) {
          found = candidates[i];
        }
      }
      if (found == kNoClass) {
        found = add_class(body, node, double(tree.leaves(node).size()));
        candidates.push_back(found);
      }
      ++counts[found];
      classes_[body][node] = found;
    }
  }
  // Calls, by what they run: roles and bodies.
  std::map<std::vector<std::pair<TextId, uint32_t>>, BlockClass> by_calls;
  std::vector<std::pair<TextId, uint32_t>> runs;
  for (uint32_t body = 0; body < trees.size(); ++body) {
    const std::vector<GraphCall>& calls = graph.bodies[body].calls;
    for (size_t begin = 0, end; begin < calls.size(); begin = end) {
      const TreeIndex node = trees[body]->of(calls[begin].node);
      runs.clear();
      double of_ops = 0;
      for (end = begin; end < calls.size() && calls[end].node == calls[begin].node; ++end) {
        runs.push_back({calls[end].role, calls[end].body});
        of_ops += double(graph.bodies[calls[end].body].size());
      }
      const auto [found, is_new] = by_calls.try_emplace(runs, kNoClass);
      if (is_new) found->second = add_class(body, node, of_ops);
      ++counts[found->second];
      classes_[body][node] = found->second;
    }
  }

  member_begin_.assign(counts.size() + 1, 0);
  for (size_t i = 0; i < counts.size(); ++i) member_begin_[i + 1] = member_begin_[i] + counts[i];
  members_.resize(member_begin_.back());
  std::vector<uint32_t> next(member_begin_.begin(), member_begin_.end() - 1);
  for (uint32_t body = 0; body < trees.size(); ++body) {
    for (TreeIndex node = 1; node < trees[body]->size(); ++node) {
      const BlockClass block = classes_[body][node];
      if (block != kNoClass) members_[next[block]++] = {body, node};
    }
  }

  by_rank_.resize(counts.size());
  for (size_t i = 0; i < counts.size(); ++i) by_rank_[i] = static_cast<BlockClass>(i);
  std::sort(by_rank_.begin(), by_rank_.end(), [&](BlockClass a, BlockClass b) {
    if ((counts[a] > 1) != (counts[b] > 1)) return counts[a] > 1;
    const double size_a = ops[a] * counts[a], size_b = ops[b] * counts[b];
    if (size_a != size_b) return size_a > size_b;
    const Member &of_a = members_[member_begin_[a]], &of_b = members_[member_begin_[b]];
    return of_a.body != of_b.body ? of_a.body < of_b.body : of_a.node < of_b.node;
  });
  ranks_.resize(counts.size());
  for (size_t i = 0; i < by_rank_.size(); ++i) ranks_[by_rank_[i]] = static_cast<uint32_t>(i);
}

std::string StackRun::Name() const { return prefix + '[' + numbers.front() + '-' + numbers.back() + ']'; }

std::string StackRun::Label() const {
  const std::string first =
      numbers.front().empty() ? prefix.substr(0, prefix.size() - 1) : prefix + numbers.front();
  return first + " … " + prefix + numbers.back();
}

StackRun StackRun::Part(size_t begin, size_t end) const {
  return {{members.begin() + begin, members.begin() + end},
          prefix,
          {numbers.begin() + begin, numbers.begin() + end},
          of_ops};
}

std::vector<StackRun> FindRuns(const Tree& tree, std::span<const Sibling> siblings) {
  struct Numbered {
    const Sibling* sibling;
    uint64_t number;
    std::string text;
  };
  const auto digits_of = [](const std::string& label) {
    size_t digits = 0;
    while (digits < label.size() && IsDigit(label[label.size() - 1 - digits])) ++digits;
    return digits;
  };
  std::unordered_map<std::string, std::vector<Numbered>> by_prefix;
  for (const Sibling& sibling : siblings) {
    std::string label = tree.Label(sibling.node);
    const size_t digits = digits_of(label);
    if (digits == 0 || digits > kMostDigits) continue;
    const std::string number = label.substr(label.size() - digits);
    label.resize(label.size() - digits);
    by_prefix[label].push_back({&sibling, std::stoull(number), number});
  }
  // TensorFlow numbers what has a name that is taken: "dense", "dense_1", "dense_2".
  for (const Sibling& sibling : siblings) {
    std::string label = tree.Label(sibling.node);
    if (digits_of(label) > 0 || by_prefix.empty()) continue;
    const auto numbered = by_prefix.find(label + '_');
    if (numbered != by_prefix.end()) numbered->second.push_back({&sibling, 0, {}});
  }

  std::vector<StackRun> runs;
  for (auto& [prefix, numbered] : by_prefix) {
    if (numbered.size() < kLeastGroupsInStack) continue;
    std::stable_sort(numbered.begin(), numbered.end(), [](const Numbered& a, const Numbered& b) {
      return a.number != b.number ? a.number < b.number : a.text.size() < b.text.size();
    });
    for (size_t begin = 0, end; begin < numbered.size(); begin = end) {
      StackRun run;
      run.prefix = prefix;
      run.of_ops = numbered[begin].sibling->is_op;
      for (end = begin; end < numbered.size(); ++end) {
        const bool goes_on = end == begin || (numbered[end].number == numbered[end - 1].number + 1 &&
                                              numbered[end].sibling->kind == numbered[begin].sibling->kind);
        if (!goes_on) break;
        run.members.push_back(numbered[end].sibling->node);
        run.numbers.push_back(std::move(numbered[end].text));
      }
      if (run.members.size() >= run.least()) runs.push_back(std::move(run));
    }
  }
  std::sort(runs.begin(), runs.end(),
            [](const StackRun& a, const StackRun& b) { return a.members.front() < b.members.front(); });
  return runs;
}

}  // namespace tensorpane
