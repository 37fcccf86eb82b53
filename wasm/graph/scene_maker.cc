#include "graph/scene_maker.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "graph/labels.h"
#include "graph/scene_edges.h"

namespace tensorpane {
namespace {

using Clock = std::chrono::steady_clock;

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

}  // namespace

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
      BoxText& text = level.texts.emplace_back(TextOf(forest_, level.contents.body, item));
      text.has_sign = DifferenceOf(forest_, level.contents.body, item) != Difference::kSame;
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
    AddPieces(forest_.graph(), i, corner, scene);
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
    if (stop() || !layout_.LayOutLevel(scene.get(), i, stop)) return nullptr;
  }
  PlaceAll(scene.get());
  PlaceLabels(scene.get());
  layout_.EndScene();
  old_levels_ = std::exchange(levels_, {});
  scene->took = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  return scene;
}

}  // namespace tensorpane
