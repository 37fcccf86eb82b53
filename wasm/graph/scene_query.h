#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/colouring.h"

namespace tensorpane {

/// What is drawn: SceneQuery of web/src/engine/graphs/graphs.ts.
struct SceneQuery {
  std::vector<std::string> open, put_back, taken_out;
  ColourBy colour = ColourBy::kStructure;
};
/// From JSON; nothing if it is none.
std::optional<SceneQuery> ReadSceneQuery(std::string_view json);

}  // namespace tensorpane
