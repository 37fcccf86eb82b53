#include "graph/scene_edges.h"

#include <algorithm>
#include <cmath>

namespace tensorpane {
namespace {

/// How far from an open box an edge goes around it: there is a gap of three times that.
constexpr double kAround = 8;

/// TensorBoard's range is of another form: pow(0.3) of 1 to 5e6 elements to 0.75 to 12 px.
constexpr double kLeastEdge = 1, kMostEdge = 6, kUnknownEdge = 1.2, kEdgePerDecade = 0.45;

bool IsOfScalars(const Graph& graph, const LevelEdge& edge) {
  return edge.tensors > 0 && graph.texts[graph.shapes[edge.shape].text] == kScalar;
}

std::string EdgeLabel(const Graph& graph, const LevelEdge& edge, bool names_scalars) {
  if (edge.tensors == 0 || (!names_scalars && IsOfScalars(graph, edge))) return {};
  if (edge.shape != 0) {
    const std::string_view text = graph.texts[graph.shapes[edge.shape].text];
    if (!text.empty()) return std::string(text);
  }
  return edge.tensors == 1 ? std::string() : Grouped(double(edge.tensors)) + " tensors";
}

}  // namespace

double EdgeWidth(const LevelEdge& edge) {
  if (edge.kind == EdgeKind::kControl || edge.elements <= 0) return kUnknownEdge;
  return std::clamp(kLeastEdge + kEdgePerDecade * std::log10(std::max(edge.elements, 1.0)), kLeastEdge,
                    kMostEdge);
}

void AddPieces(const Graph& graph, uint32_t index, LayoutPoint corner, Scene* scene) {
  SceneLevel& level = scene->levels[index];
  level.first_piece = scene->pieces.size();
  const LevelLayout& layout = *level.layout;
  // Where there are several, it is how most small things are joined, and tells nothing of any of them.
  const auto scalars = std::count_if(level.level->edges.begin(), level.level->edges.end(),
                                     [&graph](const LevelEdge& edge) { return IsOfScalars(graph, edge); });
  for (size_t e = 0; e < level.level->edges.size(); ++e) {
    const LevelEdge& edge = level.level->edges[e];
    const auto end_of = [&](const LevelEnd& end, bool is_target) -> int64_t {
      if (end.kind == LevelEnd::Kind::kInPort) return -1 - int64_t(level.in_begin + end.index);
      if (end.kind == LevelEnd::Kind::kOutPort) return -1 - int64_t(level.out_begin + end.index);
      if (end.port != Place::kNone) {
        const SceneLevel& inner = scene->levels[level.inner[end.index]];
        // What it leads to in there may be taken out.
        if (!std::isnan((is_target ? inner.in_x : inner.out_x)[end.port])) {
          return -1 - int64_t((is_target ? inner.in_begin : inner.out_begin) + end.port);
        }
      }
      return int64_t(level.first_box + end.index);
    };
    ScenePiece& piece = scene->pieces.emplace_back();
    piece.from = end_of(edge.from, false);
    piece.to = end_of(edge.to, true);
    piece.kind = edge.kind;
    piece.width = EdgeWidth(edge);
    piece.upward = layout.upward[e];
    piece.difference = edge.difference;
    piece.label = EdgeLabel(graph, edge, scalars == 1);
    const LayoutPoint shift{corner.x + level.origin.x, corner.y + level.origin.y};
    for (uint32_t p = layout.first_point[e]; p < layout.first_point[e + 1]; ++p) {
      piece.points.push_back({layout.points[p].x + shift.x, layout.points[p].y + shift.y});
    }
    // What closes a cycle leaves at the top and comes in at the bottom: it goes around an open box to its
    // port.
    const auto go_around = [&](const LevelEnd& end, bool is_target) {
      const SceneBox& box = scene->boxes[level.first_box + end.index];
      const SceneLevel& inner = scene->levels[level.inner[end.index]];
      const double x = box.x + (is_target ? inner.in_x : inner.out_x)[end.port];
      const double side = box.x + box.width + kAround, top = box.y - kAround,
                   bottom = box.y + box.height + kAround;
      std::vector<LayoutPoint> way;
      if (is_target) {
        const double from_x = piece.points.back().x;
        way = {{from_x, bottom}, {side, bottom}, {side, top}, {x, top}, {x, box.y}};
        piece.points.pop_back();
        piece.points.insert(piece.points.end(), way.begin(), way.end());
      } else {
        const double to_x = piece.points.front().x;
        way = {{x, box.y + box.height}, {x, bottom}, {side, bottom}, {side, top}, {to_x, top}};
        piece.points.erase(piece.points.begin());
        piece.points.insert(piece.points.begin(), way.begin(), way.end());
      }
    };
    if (piece.upward && edge.from.kind == LevelEnd::Kind::kItem && piece.from < 0)
      go_around(edge.from, false);
    if (piece.upward && edge.to.kind == LevelEnd::Kind::kItem && piece.to < 0) go_around(edge.to, true);
    // From the border of the box to where the layout begins, and the other way at the end.
    const auto extend = [&](size_t at, size_t next, double y) {
      LayoutPoint& end = piece.points[at];
      if (end.y == y) return;
      if (piece.points[next].x == end.x) {
        end.y = y;
      } else {
        piece.points.insert(piece.points.begin() + (at == 0 ? 0 : at + 1), {end.x, y});
      }
    };
    if (edge.from.kind == LevelEnd::Kind::kInPort) extend(0, 1, corner.y);
    if (edge.to.kind == LevelEnd::Kind::kOutPort) {
      extend(piece.points.size() - 1, piece.points.size() - 2, corner.y + level.height);
    }
  }
}

}  // namespace tensorpane
