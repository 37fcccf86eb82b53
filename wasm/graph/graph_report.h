#pragma once

#include "graph/graph.h"

namespace tensorpane {

class JsonWriter;

/// What a graph is like, as a JSON object: counts of the top level by the names that
/// tests/data/*/expected.json has for them, of functions, edges by kind, what is known of shapes, parameters
/// and a profile, and faults.
void WriteGraphReport(const Graph& graph, JsonWriter* json);

}  // namespace tensorpane
