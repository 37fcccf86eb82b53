#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "graph/scene.h"

namespace tensorpane {

/// Asked between levels and in them; true = stop.
using Stop = std::function<bool()>;

/// Lays out the levels of scenes. Levels of equal sizes and edges, such as those of identical blocks, are
/// laid out once; those of the last scene are not laid out again.
class SceneLayout {
 public:
  /// @param level_time what laying out one level may take; beyond that it is drawn coarser
  SceneLayout(Forest& forest, std::chrono::milliseconds level_time)
      : forest_(forest), level_time_(level_time) {}

  /// Once all levels in it are.
  /// @return false = stopped; what was laid out is kept for another time
  bool LayOutLevel(Scene* scene, uint32_t index, const Stop& stop);
  /// All levels of a scene are laid out: what it did not have is forgotten.
  void EndScene() { old_layouts_ = std::exchange(layouts_, {}); }

 private:
  Forest& forest_;
  const std::chrono::milliseconds level_time_;
  // Of this scene, and of the last one: by all that a layout depends on.
  using Layouts = std::unordered_map<std::string, std::shared_ptr<const LevelLayout>>;
  Layouts layouts_, old_layouts_;
};

}  // namespace tensorpane
