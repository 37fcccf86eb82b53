#include "graph/level.h"

#include <algorithm>

#include "graph/take_out.h"

namespace tensorpane {
namespace {

constexpr uint32_t kNoOwner = UINT32_MAX;

/// Ops by ranges of the leaf order.
class LeafRanges {
 public:
  LeafRanges(const Tree& tree, std::span<const TreeIndex> nodes) : tree_(tree) {
    for (const TreeIndex node : nodes) {
      const std::span<const NodeIndex> leaves = tree.leaves(node);
      if (leaves.empty()) continue;
      const uint32_t begin = tree.leaf_place(leaves.front());
      ranges_.push_back({begin, begin + static_cast<uint32_t>(leaves.size())});
    }
    std::sort(ranges_.begin(), ranges_.end());
  }
  bool Hold(NodeIndex op) const {
    const uint32_t place = tree_.leaf_place(op);
    const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), std::pair(place, UINT32_MAX));
    return after != ranges_.begin() && place < std::prev(after)->second;
  }

 private:
  const Tree& tree_;
  std::vector<std::pair<uint32_t, uint32_t>> ranges_;
};

std::vector<TreeIndex> MembersOf(const Contents& contents) {
  if (contents.kind == Contents::Kind::kStack) return contents.members;
  return {contents.group};
}

}  // namespace

struct LevelBuilder::Draft {
  const Contents& contents;
  const OpenInside& open;
  const Overrides& overrides;
  const bool can_call;
  std::vector<std::pair<uint32_t, uint32_t>>* op_edges;
  Level level;
  uint32_t rule_vertices = 0;
};

Level LevelBuilder::Build(const Contents& contents, const OpenInside& open, const Overrides& overrides,
                          bool can_call, std::vector<std::pair<uint32_t, uint32_t>>* op_edges) {
  Draft draft{contents, open, overrides, can_call, op_edges, {}, 0};
  if (contents.kind == Contents::Kind::kNothing) return {};
  if (contents.kind == Contents::Kind::kRoles) {
    const NodeIndex op = forest_.tree(contents.body).op(contents.group);
    for (const GraphCall& call : forest_.calls(contents.body, op)) {
      LevelItem item;
      item.kind = BoxKind::kGroup;
      item.node = contents.group;
      item.role = static_cast<uint32_t>(&call - forest_.body(contents.body).calls.data());
      if (can_call) item.contents = ContentsOf(forest_, contents.body, contents.group, item.role);
      const auto found = open.roles.find(forest_.text(call.role));
      item.is_open = can_call && found != open.roles.end() && found->second.is_open;
      draft.level.items.push_back(std::move(item));
    }
    return std::move(draft.level);
  }
  AddItems(&draft);
  AddEdges(&draft);
  TakeOut(forest_, contents, overrides, draft.rule_vertices, &draft.level, op_edges);
  return std::move(draft.level);
}

bool LevelBuilder::IsDrawn(const Draft& draft, NodeIndex op) {
  const uint32_t body = draft.contents.body;
  return forest_.annotation(body, op) == Annotation::kNone ||
         draft.overrides.put_back.contains(forest_.tree(body).of(op));
}

void LevelBuilder::AddItem(LevelItem item, Draft* draft) {
  const uint32_t body = draft->contents.body;
  if (item.stack) {
    item.contents = {Contents::Kind::kStack, body, forest_.tree(body).parent(item.node), item.stack->members};
  } else {
    const bool is_call = !forest_.calls_at(body, item.node).empty();
    if (is_call || forest_.tree(body).is_group(item.node)) item.kind = BoxKind::kGroup;
    if (!is_call || draft->can_call) item.contents = ContentsOf(forest_, body, item.node);
    const auto open = draft->open.children.find(item.node);
    item.is_open = open != draft->open.children.end() && open->second.is_open &&
                   item.contents.kind != Contents::Kind::kNothing;
  }
  draft->level.items.push_back(std::move(item));
}

/// A run whole, if it is open, or in parts around what is open in it.
void LevelBuilder::AddRun(const StackRun& run, Draft* draft) {
  const uint32_t rule_vertex = draft->rule_vertices++;
  const auto add_part = [&](size_t begin, size_t end) {
    if (end - begin >= run.least()) {
      LevelItem item;
      item.kind = BoxKind::kStack;
      item.stack = run.Part(begin, end);
      item.node = item.stack->members.front();
      item.is_open = draft->open.stacks.contains(item.stack->Name());
      item.rule_vertex = rule_vertex;
      AddItem(std::move(item), draft);
      return;
    }
    for (size_t i = begin; i < end; ++i) {
      LevelItem item;
      item.node = run.members[i];
      item.rule_vertex = rule_vertex;
      AddItem(std::move(item), draft);
    }
  };
  if (draft->open.stacks.contains(run.Name())) return add_part(0, run.members.size());
  size_t begin = 0;
  for (size_t i = 0; i < run.members.size(); ++i) {
    if (!draft->open.children.contains(run.members[i]) &&
        !draft->overrides.taken_out.contains(run.members[i])) {
      continue;
    }
    add_part(begin, i);
    LevelItem item;
    item.node = run.members[i];
    item.rule_vertex = rule_vertex;
    AddItem(std::move(item), draft);
    begin = i + 1;
  }
  add_part(begin, run.members.size());
}

void LevelBuilder::AddItems(Draft* draft) {
  const Contents& contents = draft->contents;
  const Tree& tree = forest_.tree(contents.body);
  std::vector<LevelItem>& items = draft->level.items;
  std::vector<TreeIndex> rest;
  const auto add_child = [&](TreeIndex child) {
    const NodeIndex op = tree.op(child);
    if (op != kNoNode && !IsDrawn(*draft, op)) return;
    if (items.size() >= kMostItems) {
      rest.push_back(child);
      return;
    }
    LevelItem item;
    item.node = child;
    item.rule_vertex = draft->rule_vertices++;
    AddItem(std::move(item), draft);
  };
  if (contents.kind == Contents::Kind::kStack) {
    for (const TreeIndex member : contents.members) add_child(member);
  } else {
    ForEachSibling(forest_, contents.body, contents.group, add_child, [&](const StackRun& run) {
      if (items.size() < kMostItems) {
        AddRun(run, draft);
      } else {
        rest.insert(rest.end(), run.members.begin(), run.members.end());
      }
    });
  }
  if (rest.empty()) return;
  LevelItem item;
  item.kind = BoxKind::kStack;
  item.is_rest = true;
  item.node = rest.front();
  item.rule_vertex = draft->rule_vertices++;
  item.stack.emplace().members = std::move(rest);
  items.push_back(std::move(item));
}

Ports LevelBuilder::PortsOf(const Draft& draft, const Contents& contents) {
  Ports ports;
  const GraphBody& body = forest_.body(contents.body);
  const Tree& tree = forest_.tree(contents.body);
  const Consumers& consumers = forest_.consumers(contents.body);
  if (contents.kind == Contents::Kind::kGroup && contents.group == kTreeRoot) return ports;
  const std::vector<TreeIndex> members = MembersOf(contents);
  const LeafRanges inside(tree, members);
  const auto add = [](NodeIndex op, std::unordered_map<NodeIndex, uint32_t>* port_of,
                      std::vector<std::vector<NodeIndex>>* sources) {
    const uint32_t port = static_cast<uint32_t>(std::min(port_of->size(), kMostPorts - 1));
    if (!port_of->emplace(op, port).second) return;
    if (port == sources->size()) sources->emplace_back();
    (*sources)[port].push_back(op);
  };
  for (const TreeIndex member : members) {
    for (const NodeIndex op : tree.leaves(member)) {
      if (!IsDrawn(draft, op)) continue;
      for (uint32_t i = body.input_begin[op]; i < body.input_begin[op + 1]; ++i) {
        const NodeIndex from = body.inputs[i].from;
        if (from != kNoNode && !inside.Hold(from) && IsDrawn(draft, from)) add(from, &ports.in_of, &ports.in);
      }
      for (const Consumer& use : consumers.of(op)) {
        if (inside.Hold(use.node) || !IsDrawn(draft, use.node)) continue;
        add(op, &ports.out_of, &ports.out);
        break;
      }
    }
  }
  return ports;
}

void LevelBuilder::AddEdges(Draft* draft) {
  const uint32_t body_index = draft->contents.body;
  const GraphBody& body = forest_.body(body_index);
  const Tree& tree = forest_.tree(body_index);
  const Consumers& consumers = forest_.consumers(body_index);
  const std::vector<TensorShape>& shapes = forest_.graph().shapes;
  Level& level = draft->level;
  const auto members = [&](const LevelItem& item) {
    return item.stack ? std::span<const TreeIndex>(item.stack->members) : std::span(&item.node, 1);
  };

  if (owners_.size() < body.size()) owners_.resize(body.size(), kNoOwner);
  for (uint32_t i = 0; i < level.items.size(); ++i) {
    for (const TreeIndex member : members(level.items[i])) {
      for (const NodeIndex op : tree.leaves(member)) owners_[op] = i;
    }
  }

  // Ends of edges have numbers: first those of closed items, then the ports of open ones, then our own.
  level.ports = PortsOf(*draft, draft->contents);
  std::vector<LevelEnd> ends;
  for (uint32_t i = 0; i < level.items.size(); ++i) ends.push_back({LevelEnd::Kind::kItem, i, Place::kNone});
  std::vector<Ports> item_ports(level.items.size());
  std::vector<uint32_t> in_begin(level.items.size()), out_begin(level.items.size());
  const auto add_ends = [&ends](LevelEnd end, size_t count, bool of_item) {
    const uint32_t begin = static_cast<uint32_t>(ends.size());
    for (uint32_t port = 0; port < count; ++port) {
      (of_item ? end.port : end.index) = port;
      ends.push_back(end);
    }
    return begin;
  };
  const auto has_ports = [&](const LevelItem& item) {
    return item.is_open && (item.stack || tree.is_group(item.node));
  };
  for (uint32_t i = 0; i < level.items.size(); ++i) {
    if (!has_ports(level.items[i])) continue;
    item_ports[i] = PortsOf(*draft, level.items[i].contents);
    in_begin[i] = add_ends({LevelEnd::Kind::kItem, i, 0}, item_ports[i].in.size(), true);
    out_begin[i] = add_ends({LevelEnd::Kind::kItem, i, 0}, item_ports[i].out.size(), true);
  }
  const uint32_t own_in = add_ends({LevelEnd::Kind::kInPort, 0, Place::kNone}, level.ports.in.size(), false);
  const uint32_t own_out =
      add_ends({LevelEnd::Kind::kOutPort, 0, Place::kNone}, level.ports.out.size(), false);

  /// The edge that goes from the end at hand to each other one, by kind.
  struct Last {
    uint32_t from = UINT32_MAX, edge = 0;
  };
  constexpr size_t kKinds = 3;
  std::vector<Last> last(ends.size() * kKinds);
  std::vector<std::pair<NodeIndex, uint32_t>> last_tensor;  // of each edge
  const auto add = [&](uint32_t from, uint32_t to, NodeIndex source, const GraphInput& input,
                       uint32_t input_index) {
    Last& known = last[to * kKinds + static_cast<size_t>(input.kind)];
    if (known.from != from) {
      known = {from, static_cast<uint32_t>(level.edges.size())};
      LevelEdge& edge = level.edges.emplace_back();
      edge.from = ends[from];
      edge.to = ends[to];
      edge.kind = input.kind;
      edge.difference = input.difference;
      last_tensor.push_back({kNoNode, 0});
    }
    LevelEdge& edge = level.edges[known.edge];
    ++edge.edges;
    if (edge.difference != input.difference) edge.difference = Difference::kChanged;
    if (draft->op_edges != nullptr) draft->op_edges->push_back({input_index, known.edge});
    if (input.kind == EdgeKind::kControl || last_tensor[known.edge] == std::pair(source, input.port)) return;
    last_tensor[known.edge] = {source, input.port};
    const ShapeId shape = body.ShapeOfInput(input_index);
    if (edge.tensors == 0) {
      edge.shape = shape;
    } else if (shapes[edge.shape].text != shapes[shape].text) {
      edge.shape = 0;
    }
    ++edge.tensors;
    edge.elements += shapes[shape].elements;
  };

  const auto follow = [&](uint32_t from, uint32_t from_item, NodeIndex source) {
    const bool source_is_drawn = IsDrawn(*draft, source);
    for (const Consumer& use : consumers.of(source)) {
      const uint32_t to_item = owners_[use.node];
      if (to_item == from_item) continue;
      const bool target_is_drawn = IsDrawn(*draft, use.node);
      if (!source_is_drawn || !target_is_drawn) {
        const bool is_summary =
            source_is_drawn && forest_.annotation(body_index, use.node) == Annotation::kSummary;
        if (is_summary && from_item != kNoOwner) ++level.items[from_item].summaries;
        continue;
      }
      uint32_t to = to_item;
      if (to_item == kNoOwner) {
        if (from_item == kNoOwner) continue;
        to = own_out + level.ports.out_of.find(source)->second;
      } else if (!item_ports[to_item].in.empty()) {
        to = in_begin[to_item] + item_ports[to_item].in_of.find(source)->second;
      }
      add(from, to, source, body.inputs[use.input], use.input);
    }
  };
  for (uint32_t port = 0; port < level.ports.in.size(); ++port) {
    for (const NodeIndex source : level.ports.in[port]) follow(own_in + port, kNoOwner, source);
  }
  for (uint32_t i = 0; i < level.items.size(); ++i) {
    const LevelItem& item = level.items[i];
    if (has_ports(item)) {
      for (uint32_t port = 0; port < item_ports[i].out.size(); ++port) {
        for (const NodeIndex source : item_ports[i].out[port]) follow(out_begin[i] + port, i, source);
      }
      continue;
    }
    for (const TreeIndex member : members(item)) {
      for (const NodeIndex source : tree.leaves(member)) follow(i, i, source);
    }
  }

  AddConstants(draft);
  AddStubs(draft);
  for (const LevelItem& item : level.items) {
    if (item.kind == BoxKind::kStub) continue;
    for (const TreeIndex member : members(item)) {
      for (const NodeIndex op : tree.leaves(member)) owners_[op] = kNoOwner;
    }
  }
}

/// Constants are beside what consumes them: they go into ops that are items, or members of one.
void LevelBuilder::AddConstants(Draft* draft) {
  const uint32_t body_index = draft->contents.body;
  const GraphBody& body = forest_.body(body_index);
  const Tree& tree = forest_.tree(body_index);
  for (LevelItem& item : draft->level.items) {
    for (const TreeIndex member :
         item.stack ? std::span<const TreeIndex>(item.stack->members) : std::span(&item.node, 1)) {
      const NodeIndex op = tree.op(member);
      if (op == kNoNode) continue;
      for (uint32_t i = body.input_begin[op]; i < body.input_begin[op + 1]; ++i) {
        const NodeIndex from = body.inputs[i].from;
        if (from == kNoNode || IsDrawn(*draft, from)) continue;
        item.constants += forest_.annotation(body_index, from) == Annotation::kConstant;
      }
    }
  }
}

void LevelBuilder::AddStubs(Draft* draft) {
  const GraphBody& body = forest_.body(draft->contents.body);
  const Tree& tree = forest_.tree(draft->contents.body);
  Level& level = draft->level;
  std::unordered_map<TextId, uint32_t> stubs;
  const size_t item_count = level.items.size();
  for (uint32_t i = 0; i < item_count; ++i) {
    const std::vector<TreeIndex> members =
        level.items[i].stack ? level.items[i].stack->members : std::vector{level.items[i].node};
    if (level.items[i].is_open && level.items[i].stack) continue;  // they are drawn in it
    std::unordered_map<uint64_t, size_t> edges;                    // by stub and kind
    for (const TreeIndex member : members) {
      const NodeIndex op = tree.op(member);
      if (op == kNoNode) continue;
      for (uint32_t j = body.input_begin[op]; j < body.input_begin[op + 1]; ++j) {
        const GraphInput& input = body.inputs[j];
        if (input.from != kNoNode) continue;
        const auto [stub, is_new] = stubs.emplace(input.name, static_cast<uint32_t>(level.items.size()));
        if (is_new) {
          LevelItem item;
          item.kind = BoxKind::kStub;
          item.node = member;
          item.stub = input.name;
          item.rule_vertex = draft->rule_vertices++;
          level.items.push_back(std::move(item));
        }
        const auto [found, is_new_edge] =
            edges.emplace(uint64_t{input.name} << 2 | static_cast<uint64_t>(input.kind), level.edges.size());
        if (is_new_edge) {
          LevelEdge edge;
          edge.from.index = stub->second;
          edge.to.index = i;
          edge.kind = input.kind;
          edge.difference = input.difference;
          level.edges.push_back(edge);
        }
        LevelEdge& edge = level.edges[found->second];
        ++edge.edges;
        if (input.kind != EdgeKind::kControl) ++edge.tensors;
        if (edge.difference != input.difference) edge.difference = Difference::kChanged;
        if (draft->op_edges != nullptr) draft->op_edges->push_back({j, static_cast<uint32_t>(found->second)});
      }
    }
  }
}

}  // namespace tensorpane
