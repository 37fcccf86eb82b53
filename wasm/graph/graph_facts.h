#pragma once

#include <string>

#include "graph/graph.h"

namespace tensorpane {

/// GraphFacts of web/src/engine/graphs/graphs.ts, but for `graph`.
std::string GraphFactsJson(const Graph& graph);

/// OpCount[]: ops of all bodies, most frequent first.
std::string OpCountsJson(const Graph& graph);

}  // namespace tensorpane
