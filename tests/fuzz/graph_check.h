#pragma once

#include "graph/attributes.h"
#include "graph/compare_graphs.h"
#include "graph/graph.h"
#include "input.h"

/// What must be true of any graph: all indices lead somewhere, columns are of one length, names stand once.
/// Attributes of the first nodes can be read.
inline void CheckGraph(const tensorpane::Graph& graph) {
  using namespace tensorpane;
  constexpr size_t kRead = 20;
  FUZZ_CHECK(!graph.bodies.empty() && !graph.shapes.empty());
  for (const GraphBody& body : graph.bodies) {
    const size_t size = body.size();
    FUZZ_CHECK(body.ops.size() == size && body.devices.size() == size && body.clusters.size() == size);
    FUZZ_CHECK(body.source_offset.size() == size && body.source_length.size() == size);
    FUZZ_CHECK(body.input_begin.size() == size + 1 && body.output_begin.size() == size + 1);
    FUZZ_CHECK(body.input_begin.back() == body.inputs.size() &&
               body.output_begin.back() == body.outputs.size());
    for (const auto* column : {&body.parameters, &body.compute_micros, &body.memory_bytes}) {
      FUZZ_CHECK(column->empty() || column->size() == size);
    }
    FUZZ_CHECK(body.differences.empty() || body.differences.size() == size);
    std::vector<bool> seen(graph.texts.size());
    for (NodeIndex node = 0; node < size; ++node) {
      FUZZ_CHECK(body.names[node] != kNoText && !seen[body.names[node]]);
      seen[body.names[node]] = true;
      FUZZ_CHECK(body.input_begin[node] <= body.input_begin[node + 1]);
      FUZZ_CHECK(body.output_begin[node] <= body.output_begin[node + 1]);
      FUZZ_CHECK(body.source_offset[node] + body.source_length[node] <= graph.source.size());
      if (node < kRead) {
        for (const NodeAttribute& attribute : AttributesOf(graph, body, node)) {
          FUZZ_CHECK(attribute.text.size() <= kShownAttribute);
          AttributeText(graph, body, node, attribute.name);
        }
      }
    }
    for (const GraphInput& input : body.inputs) {
      FUZZ_CHECK(input.from == kNoNode ? input.name < graph.texts.size() : input.from < size);
    }
    for (const ShapeId shape : body.outputs) FUZZ_CHECK(shape < graph.shapes.size());
    for (const GraphCall& call : body.calls) FUZZ_CHECK(call.node < size && call.body < graph.bodies.size());
  }
}

/// Of a graph and itself nothing is different.
inline void CheckComparison(const tensorpane::Graph& graph) {
  using namespace tensorpane;
  const std::unique_ptr<Graph> compared = CompareGraphs(graph, graph);
  FUZZ_CHECK(compared != nullptr);
  CheckGraph(*compared);
  for (const GraphBody& body : compared->bodies) {
    for (const Difference difference : body.differences) FUZZ_CHECK(difference == Difference::kSame);
  }
}
