#include "graph/scene_layout.h"

#include <algorithm>
#include <cmath>

#include "graph/scene_edges.h"

namespace tensorpane {
namespace {

using Clock = std::chrono::steady_clock;

// Pixels. An open box has its text in a line at the top; its ports lie in its borders.
constexpr double kHeader = 26, kPadding = 16, kMargin = 16;
/// From the border to the layout where that does not begin with ports.
constexpr double kAboveBoxes = kHeader + 8;
/// Where it does, the text has a place among them, at their left, which no edge crosses: so high, and as wide
/// as the text but for the gaps at both sides of it, in steps, so that blocks that are alike stay alike.
constexpr double kTextHeight = 22, kTextWidthStep = 24, kTextSpare = 60;
/// From the text of an open box to the first edge that comes in, at least.
constexpr double kBesideText = 6;

LevelGraph::Vertex::Rank RankOf(Forest& forest, uint32_t body, const LevelItem& item) {
  using Rank = LevelGraph::Vertex::Rank;
  if (item.kind != BoxKind::kOp) return Rank::kAny;
  // What functions get and give back.
  const std::string_view op = forest.text(forest.body(body).ops[forest.tree(body).op(item.node)]);
  return op == "_Arg" ? Rank::kTop : op == "_Retval" ? Rank::kBottom : Rank::kAny;
}

/// All that the layout depends on, as a key.
std::string BytesOf(const LevelGraph& graph) {
  std::string bytes;
  const auto add = [&bytes](double value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  add(double(graph.vertices.size()));
  for (const LevelGraph::Vertex& vertex : graph.vertices) {
    add(vertex.width);
    add(vertex.height);
    add(static_cast<double>(vertex.rank));
  }
  for (const LevelGraph::Edge& edge : graph.edges) {
    add(edge.from);
    add(edge.to);
    add(edge.width);
    add(std::isnan(edge.from_x) ? -1 : edge.from_x);
    add(std::isnan(edge.to_x) ? -1 : edge.to_x);
  }
  return bytes;
}

}  // namespace

bool SceneLayout::LayOutLevel(Scene* scene, uint32_t index, const Stop& stop) {
  SceneLevel& level = scene->levels[index];
  const std::vector<LevelItem>& items = level.level->items;

  // Vertices: the ports at the top, the items, the ports at the bottom; those without edges are none.
  std::vector<uint32_t> in_vertex(level.level->ports.in.size(), UINT32_MAX);
  std::vector<uint32_t> out_vertex(level.level->ports.out.size(), UINT32_MAX);
  for (const LevelEdge& edge : level.level->edges) {
    if (edge.from.kind == LevelEnd::Kind::kInPort) in_vertex[edge.from.index] = 0;
    if (edge.to.kind == LevelEnd::Kind::kOutPort) out_vertex[edge.to.index] = 0;
  }
  LevelGraph graph;
  const auto add_ports = [&graph](std::vector<uint32_t>* vertices, LevelGraph::Vertex::Rank rank) {
    for (uint32_t& vertex : *vertices) {
      if (vertex == UINT32_MAX) continue;
      vertex = static_cast<uint32_t>(graph.vertices.size());
      graph.vertices.push_back({0, 0, rank});
    }
  };
  const bool has_in = std::count(in_vertex.begin(), in_vertex.end(), 0) > 0;
  if (has_in) {
    // What has no edges stays where it comes in its row: at the left.
    const double width = HeaderWidth(scene->levels[level.around].texts[level.item]) - kTextSpare;
    graph.vertices.push_back({std::ceil(std::max(width, 0.0) / kTextWidthStep) * kTextWidthStep, kTextHeight,
                              LevelGraph::Vertex::Rank::kTop});
  }
  add_ports(&in_vertex, LevelGraph::Vertex::Rank::kTop);
  const uint32_t first_item = static_cast<uint32_t>(graph.vertices.size());
  for (uint32_t i = 0; i < items.size(); ++i) {
    if (level.inner[i] != UINT32_MAX) {
      const SceneLevel& inner = scene->levels[level.inner[i]];
      graph.vertices.push_back({inner.width, inner.height, LevelGraph::Vertex::Rank::kAny});
    } else {
      const BoxSize size = SizeOf(forest_.graph().form, items[i].kind, level.texts[i]);
      graph.vertices.push_back({size.width, size.height, RankOf(forest_, level.contents.body, items[i])});
    }
  }
  add_ports(&out_vertex, LevelGraph::Vertex::Rank::kBottom);
  const bool has_out = graph.vertices.size() > first_item + items.size();

  const auto vertex_of = [&](const LevelEnd& end) {
    if (end.kind == LevelEnd::Kind::kItem) return first_item + end.index;
    return (end.kind == LevelEnd::Kind::kInPort ? in_vertex : out_vertex)[end.index];
  };
  for (const LevelEdge& edge : level.level->edges) {
    const auto x_of = [&](const LevelEnd& end, bool is_target) {
      if (end.kind != LevelEnd::Kind::kItem || end.port == Place::kNone) return double{NAN};
      const SceneLevel& inner = scene->levels[level.inner[end.index]];
      return (is_target ? inner.in_x : inner.out_x)[end.port];
    };
    graph.edges.push_back({vertex_of(edge.from), vertex_of(edge.to), EdgeWidth(edge), x_of(edge.from, false),
                           x_of(edge.to, true)});
  }

  std::string key = BytesOf(graph);
  std::shared_ptr<const LevelLayout>& layout = layouts_[key];
  if (!layout) {
    if (const auto old = old_layouts_.find(key); old != old_layouts_.end()) layout = old->second;
  }
  if (!layout) {
    const Clock::time_point end = Clock::now() + level_time_;
    bool stopped = false;
    LayoutOptions options;
    options.out_of_time = [&] { return (stopped = stopped || stop()) || Clock::now() > end; };
    layout = std::make_shared<LevelLayout>(LayOut(graph, options));
    if (stopped) {
      layouts_.erase(key);
      return false;
    }
  }
  level.layout = layout;
  if (layout->coarse) scene->coarse.push_back(level.path);

  level.width = layout->width + 2 * kPadding;
  if (index == 0) {
    level.origin = {kMargin, kMargin};
    level.width = layout->width + 2 * kMargin;
    level.height = layout->height + 2 * kMargin;
    return true;
  }
  const SceneLevel& around = scene->levels[level.around];
  level.width = std::max(level.width, HeaderWidth(around.texts[level.item]));
  level.origin = {(level.width - layout->width) / 2, has_in ? 0 : kAboveBoxes};
  level.height = std::max(level.origin.y + layout->height, kHeader) + (has_out ? 0 : kPadding);
  const auto place = [&](const std::vector<uint32_t>& vertices, std::vector<double>* xs) {
    for (const uint32_t vertex : vertices) {
      xs->push_back(vertex == UINT32_MAX ? NAN : level.origin.x + layout->corners[vertex].x);
    }
  };
  place(in_vertex, &level.in_x);
  place(out_vertex, &level.out_x);
  level.first_vertex = first_item;
  level.header = level.width;
  for (const double x : level.in_x) {
    if (!std::isnan(x)) level.header = std::min(level.header, x - kBesideText);
  }
  return true;
}

}  // namespace tensorpane
