#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "graph/all_names.h"

namespace tensorpane {

/// GraphHits of web/src/engine/graphs/graphs.ts, in the order of the outline. False = stopped.
bool SearchJson(AllNames& names, std::string_view query, const std::function<bool()>& stop,
                std::string* text);

}  // namespace tensorpane
