#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/graph.h"

namespace tensorpane {

/// The shapes of a graph, each once.
class ShapeTable {
 public:
  /// Of a graph that may have some already.
  explicit ShapeTable(Graph* graph);
  /// `sizes` of the dimensions, below 0 = unknown; without rank nothing but the type is known.
  ShapeId Id(std::span<const int64_t> sizes, bool has_rank, TextId dtype);
  ShapeId Id(const TensorShape& shape);

 private:
  static uint64_t KeyOf(const TensorShape& shape) {
    return static_cast<uint64_t>(shape.text) << 32 | shape.dtype;
  }

  Graph& graph_;
  std::unordered_map<uint64_t, ShapeId> ids_;  // by text and type
};

/// Fills a Graph node by node: each name once, each shape once, inputs by name. A body is begun, filled and
/// ended before the next one is begun.
class GraphBuilder {
 public:
  /// More nodes, of all bodies, are only counted. TensorFlow's graphs have at most some hundred thousand.
  static constexpr size_t kMaxNodes = size_t{4} << 20;
  /// More functions are left out.
  static constexpr size_t kMaxBodies = size_t{1} << 16;

  explicit GraphBuilder(Graph* graph);

  Graph& graph() { return graph_; }
  GraphBody& body() { return graph_.bodies.back(); }
  TextId Text(std::string_view text) { return graph_.texts.Add(text); }

  /// The first body is the top level. False: there are too many.
  bool BeginBody(TextId function = kNoText);
  /// Begins a node, which gets `name` or, if another node has it, one like it. What is added from now on is
  /// of it. False: there are too many.
  bool BeginNode(std::string_view name, TextId op);
  /// An input by the name of its node. `output`: name of the outputs that the port counts in, as functions
  /// have it.
  void AddInput(std::string_view node, uint32_t port, EdgeKind kind, std::string_view output = {});
  void AddInput(NodeIndex from, uint32_t port);
  void AddOutput(ShapeId shape) { body().outputs.push_back(shape); }
  void SetParameters(double parameters);
  /// Finds the nodes that inputs name.
  void EndBody();

  /// As ShapeTable.
  ShapeId Shape(std::span<const int64_t> sizes, bool has_rank, TextId dtype) {
    return shapes_.Id(sizes, has_rank, dtype);
  }

  void Count(GraphFault::Kind kind, double count, TextId example = kNoText);
  /// The last call: says what is wrong with the whole.
  void Finish();

 private:
  TextId UniqueName(std::string_view name);
  /// Finds the node that an input names.
  void Resolve(TextId output_name, GraphInput* input) const;
  void MarkReferences();

  Graph& graph_;
  ShapeTable shapes_;
  size_t nodes_ = 0;
  bool too_many_ = false;
  std::vector<NodeIndex> node_of_name_;              // by TextId, of the body; kNoNode
  std::vector<TextId> output_names_;                 // of the body's inputs
  std::unordered_map<TextId, uint32_t> duplicates_;  // how many nodes wanted a name, of the body
};

}  // namespace tensorpane
