#pragma once

#include <string>
#include <string_view>

#include "graph/all_names.h"

namespace tensorpane {

/// NodeFacts of web/src/engine/graphs/graphs.ts; "null": nothing has this path.
std::string NodeFactsJson(AllNames& names, std::string_view path);

/// The whole text of an attribute; empty: there is none.
std::string AttributeOf(Forest& forest, std::string_view path, std::string_view name);

}  // namespace tensorpane
