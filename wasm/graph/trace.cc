#include "graph/trace.h"

#include <algorithm>
#include <cmath>

#include "base/json_writer.h"

namespace tensorpane {
namespace {

constexpr size_t kBetweenStops = 4096;

/// Where a path is, seen from a body: the ops there that hold it.
struct Ends {
  uint32_t body = 0;
  size_t prefix = 0;
  std::vector<NodeIndex> ops;
};

std::vector<NodeIndex> OpsOf(Forest& forest, const Place& place) {
  const Tree& tree = forest.tree(place.body);
  std::vector<NodeIndex> ops;
  const std::vector<TreeIndex> nodes = place.stack ? place.stack->members : std::vector{place.node};
  for (const TreeIndex node : nodes) {
    const std::span<const NodeIndex> leaves = tree.leaves(node);
    ops.insert(ops.end(), leaves.begin(), leaves.end());
  }
  return ops;
}

/// `place` after `calls` calls of those that lead to it.
Ends After(Forest& forest, const Place& place, size_t calls) {
  if (calls == place.calls.size()) return {place.body, place.prefix, OpsOf(forest, place)};
  const Place::Call& call = place.calls[calls];
  return {call.body, call.prefix, {call.op}};
}

}  // namespace

void Tracer::Begin(uint32_t body, std::string_view prefix) {
  body_ = body;
  prefix_ = prefix;
  on_way_.assign(forest_.body(body).size(), false);
  edge_on_way_.assign(forest_.body(body).inputs.size(), false);
}

bool Tracer::Follow(std::string_view path, bool inputs, bool outputs, double depth) {
  Begin(0, {});
  const std::optional<Place> place = FindPlace(forest_, path);
  if (!place) return true;
  Begin(place->body, path.substr(0, place->prefix));
  starts_ = OpsOf(forest_, *place);
  return (!inputs || FollowOneWay(true, depth)) && (!outputs || FollowOneWay(false, depth));
}

/// Breadth first.
bool Tracer::FollowOneWay(bool inputs, double depth) {
  const GraphBody& body = forest_.body(body_);
  const Consumers& consumers = forest_.consumers(body_);
  std::vector<bool> is_met(body.size(), false);
  std::vector<NodeIndex> level = starts_, next;
  for (const NodeIndex op : level) is_met[op] = on_way_[op] = true;
  size_t seen = 0;
  for (double distance = 0; distance < depth && !level.empty(); ++distance) {
    next.clear();
    const auto meet = [&](NodeIndex op, uint32_t input) {
      edge_on_way_[input] = true;
      if (is_met[op]) return;
      is_met[op] = on_way_[op] = true;
      next.push_back(op);
    };
    for (const NodeIndex op : level) {
      if (++seen % kBetweenStops == 0 && stop_()) return false;
      if (inputs) {
        for (uint32_t i = body.input_begin[op]; i < body.input_begin[op + 1]; ++i) {
          if (body.inputs[i].from == kNoNode) {
            edge_on_way_[i] = true;
          } else {
            meet(body.inputs[i].from, i);
          }
        }
      } else {
        for (const Consumer& use : consumers.of(op)) meet(use.node, use.input);
      }
    }
    level.swap(next);
  }
  return true;
}

bool Tracer::Shortest(std::string_view from, std::string_view to) {
  is_path_ = true;
  Begin(0, {});
  const std::optional<Place> a = FindPlace(forest_, from), b = FindPlace(forest_, to);
  if (!a || !b) return true;
  // As far in as both are in the same body, called by the same.
  size_t calls = 0;
  while (calls < a->calls.size() && calls < b->calls.size() && a->calls[calls] == b->calls[calls]) {
    if (After(forest_, *a, calls + 1).body != After(forest_, *b, calls + 1).body) break;
    ++calls;
  }
  const Ends end_a = After(forest_, *a, calls), end_b = After(forest_, *b, calls);
  Begin(end_a.body, from.substr(0, end_a.prefix));
  if (!Find(end_a.ops, end_b.ops)) return false;
  return !path_.empty() || Find(end_b.ops, end_a.ops);
}

/// False = stopped; path_ is empty if there is no way.
bool Tracer::Find(const std::vector<NodeIndex>& from, const std::vector<NodeIndex>& to) {
  const GraphBody& body = forest_.body(body_);
  const Consumers& consumers = forest_.consumers(body_);
  constexpr uint32_t kNew = UINT32_MAX, kStart = UINT32_MAX - 1;
  std::vector<uint32_t> by_input(body.size(), kNew);  // the edge by which it was met
  std::vector<NodeIndex> came_from(body.size(), kNoNode);
  std::vector<bool> is_target(body.size(), false);
  for (const NodeIndex op : to) is_target[op] = true;
  std::vector<NodeIndex> queue;
  NodeIndex end = kNoNode;
  for (const NodeIndex op : from) {
    by_input[op] = kStart;
    queue.push_back(op);
    if (is_target[op] && end == kNoNode) end = op;
  }
  for (size_t i = 0; i < queue.size() && end == kNoNode; ++i) {
    if (i % kBetweenStops == kBetweenStops - 1 && stop_()) return false;
    for (const Consumer& use : consumers.of(queue[i])) {
      if (by_input[use.node] != kNew) continue;
      by_input[use.node] = use.input;
      came_from[use.node] = queue[i];
      queue.push_back(use.node);
      if (is_target[use.node] && end == kNoNode) end = use.node;
    }
  }
  for (NodeIndex op = end; op != kNoNode; op = came_from[op]) {
    path_.push_back(op);
    on_way_[op] = true;
    if (by_input[op] != kStart) edge_on_way_[by_input[op]] = true;
  }
  std::reverse(path_.begin(), path_.end());
  return true;
}

/// What of a level of this body is on the way.
void Tracer::MarkLevel(const SceneLevel& level, const Scene& scene, std::vector<double>* numbers) {
  const Tree& tree = forest_.tree(body_);
  for (size_t i = 0; i < level.level->items.size(); ++i) {
    const LevelItem& item = level.level->items[i];
    if (item.kind == BoxKind::kStub) continue;
    const std::vector<TreeIndex> nodes = item.stack ? item.stack->members : std::vector{item.node};
    const bool is_on_way = std::any_of(nodes.begin(), nodes.end(), [&](TreeIndex node) {
      const std::span<const NodeIndex> ops = tree.leaves(node);
      return std::any_of(ops.begin(), ops.end(), [&](NodeIndex op) { return on_way_[op]; });
    });
    if (is_on_way) (*numbers)[level.first_box + i] = 1;
  }
  std::vector<std::pair<uint32_t, uint32_t>> op_edges;
  LevelBuilder(forest_).Build(level.contents, level.open, OverridesOf(scene, level), level.calls < kMostCalls,
                              &op_edges);
  for (const auto& [input, edge] : op_edges) {
    if (!edge_on_way_[input]) continue;
    (*numbers)[scene.boxes.size() + level.first_piece + edge] = 1;
    const LevelEnd& from = level.level->edges[edge].from;
    if (from.kind == LevelEnd::Kind::kItem && level.level->items[from.index].kind == BoxKind::kStub) {
      (*numbers)[level.first_box + from.index] = 1;
    }
  }
}

/// What is open around the body: the calls that lead to it.
void Tracer::MarkAround(const SceneLevel& level, const Scene& scene, std::vector<double>* numbers) {
  for (size_t i = 0; i < level.level->items.size(); ++i) {
    const std::string& path = scene.boxes[level.first_box + i].path;
    const bool is_around =
        prefix_.size() > path.size() && prefix_.starts_with(path) && prefix_[path.size()] == '/';
    if (is_around) (*numbers)[level.first_box + i] = 1;
  }
}

bool Tracer::Mark(const Scene* scene, std::vector<double>* numbers, std::string* text) {
  numbers->assign(scene == nullptr ? 0 : scene->boxes.size() + scene->pieces.size(), 0);
  const size_t ops = static_cast<size_t>(std::count(on_way_.begin(), on_way_.end(), true));
  for (size_t i = 0; scene != nullptr && ops > 0 && i < scene->levels.size(); ++i) {
    if (stop_()) return false;
    const SceneLevel& level = scene->levels[i];
    const bool is_of_body = level.prefix == prefix_ && level.contents.body == body_ &&
                            level.contents.kind != Contents::Kind::kRoles;
    if (is_of_body) {
      MarkLevel(level, *scene, numbers);
    } else {
      MarkAround(level, *scene, numbers);
    }
  }
  JsonWriter json;
  json.BeginObject();
  json.Key("boxes");
  json.Unsigned(scene == nullptr ? 0 : scene->boxes.size());
  json.Key("ops");
  json.Unsigned(ops);
  if (is_path_) {
    json.Key("path");
    json.BeginArray();
    for (const NodeIndex op : path_) {
      std::string path = prefix_;
      forest_.tree(body_).AppendPath(forest_.tree(body_).of(op), &path);
      json.Text(path);
    }
    json.EndArray();
  }
  json.EndObject();
  *text = json.Take();
  return true;
}

}  // namespace tensorpane
