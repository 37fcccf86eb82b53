#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/colouring.h"
#include "graph/scene.h"
#include "graph/scene_layout.h"

namespace tensorpane {

/// Draws graphs: levels from the innermost to the outermost, each as large as what is open in it needs.
class SceneMaker {
 public:
  /// @param level_time what laying out one level may take; beyond that it is drawn coarser
  explicit SceneMaker(Forest& forest, std::chrono::milliseconds level_time = std::chrono::milliseconds{1000})
      : forest_(forest), builder_(forest), layout_(forest, level_time) {}

  /// nullptr = stopped; levels that were laid out are kept for another time.
  std::unique_ptr<Scene> Make(SceneQuery query, const Stop& stop);

 private:
  void Resolve(const std::vector<std::string_view>& paths, SceneLevel* level);
  void AddLevels(Scene* scene, const Stop& stop);
  std::shared_ptr<const Level> LevelOf(const Scene& scene, const SceneLevel& level);
  void PlaceAll(Scene* scene);
  void AddBoxes(Scene* scene, uint32_t index, LayoutPoint corner, int64_t parent, Colouring* colouring);

  Forest& forest_;
  LevelBuilder builder_;
  SceneLayout layout_;
  // Of this drawing, and of the last one: what was made of what is written in the key.
  using Levels = std::unordered_map<std::string, std::shared_ptr<const Level>>;
  Levels levels_, old_levels_;
};

}  // namespace tensorpane
