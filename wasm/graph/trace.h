#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/forest.h"
#include "graph/scene.h"

namespace tensorpane {

/// Follows edges between the ops of one body, of which a call is one, and says what of a scene is on the way.
class Tracer {
 public:
  /// @param stop asked now and then; true = stop, and the method returns false
  Tracer(Forest& forest, const std::function<bool()>& stop) : forest_(forest), stop_(stop) {}

  /// From what a path holds along at most `depth` edges to its inputs, its outputs, or both.
  bool Follow(std::string_view path, bool inputs, bool outputs, double depth);

  /// Along as few edges as there can be, forwards, or if there is no such way, backwards. Ends that are not
  /// in one body are the calls that hold them.
  bool Shortest(std::string_view from, std::string_view to);

  /// Marks of the boxes, then of the pieces of `scene`, which may be null; and what GraphSession::Trace says.
  bool Mark(const Scene* scene, std::vector<double>* numbers, std::string* text);

 private:
  void Begin(uint32_t body, std::string_view prefix);
  bool FollowOneWay(bool inputs, double depth);
  bool Find(const std::vector<NodeIndex>& from, const std::vector<NodeIndex>& to);
  void MarkLevel(const SceneLevel& level, const Scene& scene, std::vector<double>* numbers);
  void MarkAround(const SceneLevel& level, const Scene& scene, std::vector<double>* numbers);

  Forest& forest_;
  const std::function<bool()>& stop_;
  uint32_t body_ = 0;
  std::string prefix_;  // of paths in it
  std::vector<NodeIndex> starts_;
  std::vector<bool> on_way_;       // ops
  std::vector<bool> edge_on_way_;  // inputs of the body
  std::vector<NodeIndex> path_;
  bool is_path_ = false;
};

}  // namespace tensorpane
