#include "graph/take_out.h"

#include <algorithm>

namespace tensorpane {
namespace {

// TensorBoard's rule (tf_graph_common/render.ts): only in levels of so many vertices, only of so many edges,
// and only beyond the upper quartile by so many times the distance of the quartiles. Its own bounds, 5 edges
// and once the distance for inputs, take what a small model passes on out of its drawing: add, concat, split.
constexpr size_t kLeastVertices = 15;
constexpr uint32_t kLeastDegree = 12;
constexpr double kInSpread = 4, kOutSpread = 4;

/// The degree beyond which a vertex is taken out.
double Bound(std::vector<uint32_t> degrees, double spread) {
  std::sort(degrees.begin(), degrees.end());
  const double lower = degrees[degrees.size() / 4], upper = degrees[degrees.size() * 3 / 4];
  return upper + spread * (upper - lower);
}

/// Of each vertex how many others lead to it, and it leads to; ports count, too.
struct Degrees {
  std::vector<uint32_t> in, out;
};

Degrees DegreesOf(const Level& level, uint32_t rule_vertices) {
  Degrees degrees{std::vector<uint32_t>(rule_vertices, 0), std::vector<uint32_t>(rule_vertices, 0)};
  auto& [in, out] = degrees;
  const auto vertex = [&](const LevelEnd& end) -> uint64_t {
    if (end.kind == LevelEnd::Kind::kItem) return level.items[end.index].rule_vertex;
    return rule_vertices + end.index * 2 + (end.kind == LevelEnd::Kind::kOutPort);
  };
  std::vector<uint32_t> control_in(rule_vertices, 0), control_out(rule_vertices, 0);
  std::vector<std::pair<uint64_t, bool>> pairs;  // from << 32 | to, only control
  for (const LevelEdge& edge : level.edges) {
    pairs.push_back({vertex(edge.from) << 32 | vertex(edge.to), edge.kind == EdgeKind::kControl});
  }
  std::sort(pairs.begin(), pairs.end());
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (i > 0 && pairs[i].first == pairs[i - 1].first) continue;
    const uint64_t from = pairs[i].first >> 32, to = pairs[i].first & UINT32_MAX;
    if (from == to) continue;
    if (to < in.size()) ++(pairs[i].second ? control_in : in)[to];
    if (from < out.size()) ++(pairs[i].second ? control_out : out)[from];
  }
  // What has only control edges is judged by those.
  for (size_t i = 0; i < in.size(); ++i) {
    if (in[i] == 0) in[i] = control_in[i];
    if (out[i] == 0) out[i] = control_out[i];
  }
  return degrees;
}

/// Removes items, and the edges that they are ends of.
void Remove(const std::vector<bool>& is_out, Level* level,
            std::vector<std::pair<uint32_t, uint32_t>>* op_edges) {
  std::vector<uint32_t> new_item(level->items.size());
  size_t kept = 0;
  for (size_t i = 0; i < level->items.size(); ++i) {
    new_item[i] = static_cast<uint32_t>(kept);
    if (is_out[i]) continue;
    if (kept != i) level->items[kept] = std::move(level->items[i]);
    ++kept;
  }
  level->items.resize(kept);
  const auto keep_end = [&](LevelEnd* end) {
    if (end->kind != LevelEnd::Kind::kItem) return true;
    if (is_out[end->index]) return false;
    end->index = new_item[end->index];
    return true;
  };
  std::vector<uint32_t> new_edge(level->edges.size(), UINT32_MAX);
  size_t kept_edges = 0;
  for (size_t i = 0; i < level->edges.size(); ++i) {
    LevelEdge edge = level->edges[i];
    if (!keep_end(&edge.from) || !keep_end(&edge.to)) continue;
    new_edge[i] = static_cast<uint32_t>(kept_edges);
    level->edges[kept_edges++] = edge;
  }
  level->edges.resize(kept_edges);
  if (op_edges == nullptr) return;
  size_t kept_ops = 0;
  for (auto [input, edge] : *op_edges) {
    if (new_edge[edge] != UINT32_MAX) (*op_edges)[kept_ops++] = {input, new_edge[edge]};
  }
  op_edges->resize(kept_ops);
}

}  // namespace

void TakeOut(Forest& forest, const Contents& contents, const Overrides& overrides, uint32_t rule_vertices,
             Level* level, std::vector<std::pair<uint32_t, uint32_t>>* op_edges) {
  const GraphBody& body = forest.body(contents.body);
  const Tree& tree = forest.tree(contents.body);
  const Consumers& consumers = forest.consumers(contents.body);
  std::vector<bool> is_out(level->items.size(), false);
  const auto take = [&](uint32_t i, bool by_hand) {
    is_out[i] = true;
    uint64_t edges = 0;
    for (const NodeIndex op : tree.leaves(level->items[i].node)) {
      edges += body.input_begin[op + 1] - body.input_begin[op] + consumers.of(op).size();
    }
    level->taken_out.push_back({level->items[i].node, edges, by_hand});
  };
  const auto [in, out] = DegreesOf(*level, rule_vertices);
  const bool is_large = rule_vertices >= kLeastVertices;
  const double in_bound = is_large ? Bound(in, kInSpread) : 0,
               out_bound = is_large ? Bound(out, kOutSpread) : 0;
  for (uint32_t i = 0; i < level->items.size(); ++i) {
    const LevelItem& item = level->items[i];
    if (item.kind == BoxKind::kStub || item.stack) continue;
    if (overrides.taken_out.contains(item.node)) {
      take(i, true);
      continue;
    }
    if (!is_large || item.kind != BoxKind::kOp || overrides.put_back.contains(item.node)) continue;
    const uint32_t ins = in[item.rule_vertex], outs = out[item.rule_vertex];
    const bool is_barrier = forest.text(body.ops[tree.op(item.node)]) == "NoOp" && outs > 0;
    if (is_barrier || (ins >= kLeastDegree && ins > in_bound) || (outs >= kLeastDegree && outs > out_bound)) {
      take(i, false);
    }
  }
  if (!level->taken_out.empty()) Remove(is_out, level, op_edges);
}

}  // namespace tensorpane
