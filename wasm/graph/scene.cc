#include "graph/scene.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "base/json_reader.h"
#include "graph/labels.h"

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
/// How far from an open box an edge goes around it: there is a gap of three times that.
constexpr double kAround = 8;

/// TensorBoard's range is of another form: pow(0.3) of 1 to 5e6 elements to 0.75 to 12 px.
constexpr double kLeastEdge = 1, kMostEdge = 6, kUnknownEdge = 1.2, kEdgePerDecade = 0.45;

double EdgeWidth(const LevelEdge& edge) {
  if (edge.kind == EdgeKind::kControl || edge.elements <= 0) return kUnknownEdge;
  return std::clamp(kLeastEdge + kEdgePerDecade * std::log10(std::max(edge.elements, 1.0)), kLeastEdge,
                    kMostEdge);
}

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

std::string Join(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string(name) : folder + '/' + std::string(name);
}

std::string PathOf(Forest& forest, const SceneLevel& level, const LevelItem& item) {
  const Tree& tree = forest.tree(level.contents.body);
  if (item.role != Place::kNone) {
    return Join(level.path, forest.text(forest.body(level.contents.body).calls[item.role].role));
  }
  const TreeIndex parent = tree.parent(item.node);
  std::string folder = level.prefix + tree.Path(parent);
  // At the top of what a call runs, the prefix ends with its "/".
  if (parent == kTreeRoot && !folder.empty()) folder.pop_back();
  if (item.is_rest) return Join(folder, "…");
  if (item.stack) return Join(folder, item.stack->Name());
  if (item.kind == BoxKind::kStub) return Join(folder, "?" + std::string(forest.text(item.stub)));
  return level.prefix + tree.Path(item.node);
}

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

/// All that a level depends on, as a key.
std::string KeyOf(const SceneLevel& level, const Overrides& overrides, bool can_call) {
  std::vector<uint64_t> words{static_cast<uint64_t>(level.contents.kind), level.contents.body,
                              level.contents.group, can_call};
  const auto add_all = [&words](std::vector<uint64_t> more) {
    std::sort(more.begin(), more.end());
    words.push_back(more.size());
    words.insert(words.end(), more.begin(), more.end());
  };
  std::vector<uint64_t> open;
  for (const auto& [node, child] : level.open.children) open.push_back(uint64_t{node} << 1 | child.is_open);
  add_all(std::move(open));
  add_all({level.contents.members.begin(), level.contents.members.end()});
  add_all({overrides.put_back.begin(), overrides.put_back.end()});
  add_all({overrides.taken_out.begin(), overrides.taken_out.end()});
  std::vector<std::string_view> names(level.open.stacks.begin(), level.open.stacks.end());
  for (const auto& [role, child] : level.open.roles) {
    if (child.is_open) names.push_back(role);
  }
  std::sort(names.begin(), names.end());
  std::string key(reinterpret_cast<const char*>(words.data()), words.size() * sizeof(uint64_t));
  for (const std::string_view name : names) key.append(name).push_back('/');
  return key;
}

bool ReadTexts(JsonReader* reader, std::vector<std::string>* texts) {
  if (reader->Next() != JsonReader::Token::kBeginArray) return false;
  for (JsonReader::Token token; (token = reader->Next()) != JsonReader::Token::kEndArray;) {
    if (token != JsonReader::Token::kText) return false;
    texts->push_back(reader->text());
  }
  return true;
}

}  // namespace

std::optional<SceneQuery> ReadSceneQuery(std::string_view json) {
  using Token = JsonReader::Token;
  SceneQuery query;
  JsonReader reader(AsBytes(json));
  if (reader.Next() != Token::kBeginObject) return {};
  for (Token token; (token = reader.Next()) != Token::kEndObject;) {
    if (token != Token::kKey) return {};
    const std::string key = reader.text();
    if (key == "open" || key == "putBack" || key == "takenOut") {
      if (!ReadTexts(&reader, key == "open"      ? &query.open
                              : key == "putBack" ? &query.put_back
                                                 : &query.taken_out)) {
        return {};
      }
    } else if (key == "colour") {
      if (reader.Next() != Token::kText) return {};
      for (size_t i = 0; i < kColourCount; ++i) {
        if (Name(static_cast<ColourBy>(i)) == reader.text()) query.colour = static_cast<ColourBy>(i);
      }
    } else if (!reader.Skip(reader.Next())) {
      return {};
    }
  }
  return query;
}

/// Sorts what is open in a level by the child that it is in.
void SceneMaker::Resolve(const std::vector<std::string_view>& paths, SceneLevel* level) {
  const Contents& contents = level->contents;
  for (const std::string_view path : paths) {
    const std::string_view segment = path.substr(0, SegmentEnd(path));
    OpenInside::Child* child = nullptr;
    if (contents.kind == Contents::Kind::kRoles) {
      child = &level->open.roles[segment];
    } else {
      const TreeIndex found = forest_.tree(contents.body).FindChild(contents.group, segment);
      if (found != kNoTreeNode) child = &level->open.children[found];
    }
    if (child == nullptr) {
      if (segment.size() == path.size()) level->open.stacks.insert(segment);
    } else if (segment.size() == path.size()) {
      child->is_open = true;
    } else {
      child->inside.push_back(path.substr(segment.size() + 1));
    }
  }
}

const Overrides& OverridesOf(const Scene& scene, const SceneLevel& level) {
  static const Overrides kNone;
  const auto found = scene.overrides.find(level.prefix);
  return found == scene.overrides.end() ? kNone : found->second;
}

std::shared_ptr<const Level> SceneMaker::LevelOf(const Scene& scene, const SceneLevel& level) {
  const Overrides& overrides = OverridesOf(scene, level);
  const bool can_call = level.calls < kMostCalls;
  const std::string key = KeyOf(level, overrides, can_call);
  std::shared_ptr<const Level>& made = levels_[key];
  if (!made) {
    if (const auto old = old_levels_.find(key); old != old_levels_.end()) made = old->second;
  }
  if (!made) made = std::make_shared<Level>(builder_.Build(level.contents, level.open, overrides, can_call));
  return made;
}

/// Levels from the outermost to the innermost.
void SceneMaker::AddLevels(Scene* scene, const Stop& stop) {
  SceneLevel& whole = scene->levels.emplace_back();
  whole.contents = {Contents::Kind::kGroup, 0, kTreeRoot, {}};
  Resolve({scene->query.open.begin(), scene->query.open.end()}, &whole);
  for (size_t i = 0; i < scene->levels.size() && !stop(); ++i) {
    SceneLevel& level = scene->levels[i];
    level.level = LevelOf(*scene, level);
    level.inner.assign(level.level->items.size(), UINT32_MAX);
    std::vector<SceneLevel> inner;
    for (uint32_t item_index = 0; item_index < level.level->items.size(); ++item_index) {
      const LevelItem& item = level.level->items[item_index];
      level.texts.push_back(TextOf(forest_, level.contents.body, item));
      if (!item.is_open) continue;
      SceneLevel& next = inner.emplace_back();
      next.path = PathOf(forest_, level, item);
      next.contents = item.contents;
      next.around = static_cast<uint32_t>(i);
      next.item = item_index;
      const bool is_call = item.role != Place::kNone ||
                           (!item.stack && !forest_.calls_at(level.contents.body, item.node).empty());
      const bool enters = is_call && item.contents.kind == Contents::Kind::kGroup;
      next.prefix = enters ? next.path + '/' : level.prefix;
      next.calls = level.calls + enters;
      if (item.stack) {
        next.open.children = level.open.children;
      } else if (item.role != Place::kNone) {
        const TextId role = forest_.body(level.contents.body).calls[item.role].role;
        Resolve(level.open.roles.at(forest_.text(role)).inside, &next);
      } else {
        Resolve(level.open.children.at(item.node).inside, &next);
      }
      level.inner[item_index] = static_cast<uint32_t>(scene->levels.size() + inner.size() - 1);
    }
    // `level` is no more once more of them are added.
    for (SceneLevel& next : inner) scene->levels.push_back(std::move(next));
  }
}

/// Once all levels in it are.
bool SceneMaker::LayOutLevel(Scene* scene, uint32_t index, const Stop& stop) {
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

void SceneMaker::AddBoxes(Scene* scene, uint32_t index, LayoutPoint corner, int64_t parent,
                          Colouring* colouring) {
  SceneLevel& level = scene->levels[index];
  level.first_box = scene->boxes.size();
  for (uint32_t i = 0; i < level.level->items.size(); ++i) {
    const LevelItem& item = level.level->items[i];
    const uint32_t vertex = level.first_vertex + i;
    SceneBox& box = scene->boxes.emplace_back();
    box.kind = item.kind;
    box.path = PathOf(forest_, level, item);
    box.text = level.texts[i];
    box.x = corner.x + level.origin.x + level.layout->corners[vertex].x;
    box.y = corner.y + level.origin.y + level.layout->corners[vertex].y;
    if (level.inner[i] != UINT32_MAX) {
      const SceneLevel& inner = scene->levels[level.inner[i]];
      box.width = inner.width;
      box.height = inner.height;
      box.header = inner.header;
    } else {
      const BoxSize size = SizeOf(forest_.graph().form, item.kind, box.text);
      box.width = size.width;
      box.height = size.height;
    }
    box.parent = parent;
    box.is_open = item.is_open;
    box.is_expandable = item.contents.kind != Contents::Kind::kNothing;
    box.ops = OpsOf(forest_, level.contents.body, item);
    box.colour = colouring->Of(level.contents.body, item);
    if (colouring->is_scale() && item.is_open) box.colour.index = NAN;
    box.difference = DifferenceOf(forest_, level.contents.body, item);
    box.constants = item.constants;
    box.summaries = item.summaries;
    box.members = item.stack ? double(item.stack->members.size()) : 0;
  }
}

void SceneMaker::AddPieces(Scene* scene, uint32_t index, LayoutPoint corner) {
  SceneLevel& level = scene->levels[index];
  level.first_piece = scene->pieces.size();
  const LevelLayout& layout = *level.layout;
  const Graph& graph = forest_.graph();
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

void SceneMaker::PlaceAll(Scene* scene) {
  Colouring colouring(forest_, scene->query.colour);
  size_t ports = 0;
  for (SceneLevel& level : scene->levels) {
    level.in_begin = ports;
    level.out_begin = ports + level.level->ports.in.size();
    ports = level.out_begin + level.level->ports.out.size();
  }
  for (uint32_t i = 0; i < scene->levels.size(); ++i) {
    SceneLevel& level = scene->levels[i];
    LayoutPoint corner;
    int64_t parent = -1;
    if (level.around != UINT32_MAX) {
      parent = int64_t(scene->levels[level.around].first_box + level.item);
      corner = {scene->boxes[parent].x, scene->boxes[parent].y};
    }
    AddBoxes(scene, i, corner, parent, &colouring);
    AddPieces(scene, i, corner);
    for (const TakenOutItem& taken : level.level->taken_out) {
      scene->taken_out.push_back({level.prefix + forest_.tree(level.contents.body).Path(taken.node),
                                  double(taken.edges), taken.by_hand});
    }
  }
  scene->width = scene->levels[0].width;
  scene->height = scene->levels[0].height;
  scene->legend = colouring.Legend();
  if (!colouring.is_scale()) return;
  for (const SceneBox& box : scene->boxes) {
    if (!std::isnan(box.colour.index)) scene->most = std::max(scene->most, box.colour.index);
  }
  if (scene->most <= 0) return;
  for (SceneBox& box : scene->boxes) box.colour.index /= scene->most;
}

std::unique_ptr<Scene> SceneMaker::Make(SceneQuery query, const Stop& stop) {
  const Clock::time_point start = Clock::now();
  auto scene = std::make_unique<Scene>();
  scene->query = std::move(query);
  const auto add = [&](const std::vector<std::string>& paths,
                       std::unordered_set<TreeIndex> Overrides::*nodes) {
    for (const std::string& path : paths) {
      const std::optional<Place> place = FindPlace(forest_, path);
      if (place && !place->stack && place->role == Place::kNone) {
        (scene->overrides[path.substr(0, place->prefix)].*nodes).insert(place->node);
      }
    }
  };
  add(scene->query.put_back, &Overrides::put_back);
  add(scene->query.taken_out, &Overrides::taken_out);

  AddLevels(scene.get(), stop);
  if (stop()) return nullptr;
  for (uint32_t i = static_cast<uint32_t>(scene->levels.size()); i-- > 0;) {
    if (stop() || !LayOutLevel(scene.get(), i, stop)) return nullptr;
  }
  PlaceAll(scene.get());
  PlaceLabels(scene.get());
  old_layouts_ = std::exchange(layouts_, {});
  old_levels_ = std::exchange(levels_, {});
  scene->took = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  return scene;
}

}  // namespace tensorpane
