#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "graph/forest.h"
#include "graph/level.h"

namespace tensorpane {

/// What a kind is called in JSON.
std::string_view Name(BoxKind kind);
std::string_view Name(Difference difference);

/// PackedOutline of web/src/engine/graphs/graph_protocol.ts: children of a path in the order of the source,
/// those that are drawn as a stack in one row. A path that nothing has, has none. Rows have only the last
/// segments of their paths: the folder may be very deep.
std::string OutlineJson(Forest& forest, std::string_view path, size_t from, size_t count);

}  // namespace tensorpane
