#pragma once

// Writes GraphDefs for tests, field by field, and prints Graphs. Knows nothing of the code under test but
// graph.h.

#include <string>
#include <utility>
#include <vector>

#include "event_bytes.h"
#include "graph/graph.h"

namespace tensorpane::testing {

using Attributes = std::vector<std::pair<std::string, std::string>>;

/// An entry of a map<string, message or string>.
inline std::string Entry(uint32_t number, const std::string& key, const std::string& value) {
  return BytesField(number, BytesField(1, key) + BytesField(2, value));
}

/// The content of a NodeDef; attribute values are serialized AttrValues.
inline std::string NodeDef(const std::string& name, const std::string& op,
                           const std::vector<std::string>& inputs = {}, const Attributes& attributes = {},
                           const std::string& device = "") {
  std::string node = BytesField(1, name) + BytesField(2, op);
  for (const std::string& input : inputs) node += BytesField(3, input);
  if (!device.empty()) node += BytesField(4, device);
  for (const auto& [key, value] : attributes) node += Entry(5, key, value);
  return node;
}
/// A node of a GraphDef.
inline std::string GraphNode(const std::string& name, const std::string& op,
                             const std::vector<std::string>& inputs = {}, const Attributes& attributes = {},
                             const std::string& device = "") {
  return BytesField(1, NodeDef(name, op, inputs, attributes, device));
}

inline std::string Shape(const std::vector<int64_t>& sizes) {
  std::string shape;
  for (const int64_t size : sizes) shape += BytesField(2, VarintField(1, static_cast<uint64_t>(size)));
  return shape;
}
inline const std::string kUnknownRank = VarintField(3, 1);

inline std::string TextAttr(const std::string& text) { return BytesField(2, text); }
inline std::string IntAttr(int64_t value) { return VarintField(3, static_cast<uint64_t>(value)); }
inline std::string TypeAttr(uint64_t type) { return VarintField(6, type); }
inline std::string ShapeAttr(const std::string& shape) { return BytesField(7, shape); }
inline std::string FuncAttr(const std::string& function) { return BytesField(10, BytesField(1, function)); }
inline std::string IntsAttr(const std::vector<int64_t>& values) {
  std::string packed;
  for (const int64_t value : values) packed += Varint(static_cast<uint64_t>(value));
  return BytesField(1, BytesField(3, packed));
}
inline std::string ShapesAttr(const std::vector<std::string>& shapes) {
  std::string list;
  for (const std::string& shape : shapes) list += BytesField(7, shape);
  return BytesField(1, list);
}
inline std::string FuncsAttr(const std::vector<std::string>& functions) {
  std::string list;
  for (const std::string& function : functions) list += BytesField(9, BytesField(1, function));
  return BytesField(1, list);
}

/// A function of a FunctionDefLibrary; `nodes` are NodeDefs, `more` further fields.
inline std::string Function(const std::string& name, const std::vector<std::string>& arguments,
                            const std::vector<std::string>& results, const std::vector<std::string>& nodes,
                            const std::string& more = "") {
  std::string signature = BytesField(1, name);
  for (const std::string& argument : arguments)
    signature += BytesField(2, BytesField(1, argument) + VarintField(3, 1));
  for (const std::string& result : results) signature += BytesField(3, BytesField(1, result));
  std::string function = BytesField(1, signature);
  for (const std::string& node : nodes) function += BytesField(3, node);
  return BytesField(1, function + more);
}
inline std::string Library(const std::string& functions) { return BytesField(2, functions); }
inline std::string Producer(uint64_t producer) { return BytesField(4, VarintField(1, producer)); }

/// A body, a line for each node: "name = op(inputs) : shapes". An input is "node:port", "^node", "&node:port"
/// of a reference; what names nothing is in "?".
inline std::string Printed(const Graph& graph, size_t index = 0) {
  const GraphBody& body = graph.bodies.at(index);
  const auto text = [&graph](TextId id) { return std::string(graph.texts[id]); };
  std::string printed;
  for (NodeIndex node = 0; node < body.size(); ++node) {
    printed += text(body.names[node]) + " = " + text(body.ops[node]) + "(";
    for (uint32_t i = body.input_begin[node]; i < body.input_begin[node + 1]; ++i) {
      const GraphInput& input = body.inputs[i];
      if (i > body.input_begin[node]) printed += ", ";
      if (input.difference != Difference::kSame)
        printed += input.difference == Difference::kAdded ? "+" : "-";
      printed += input.kind == EdgeKind::kControl ? "^" : input.kind == EdgeKind::kReference ? "&" : "";
      printed += input.from == kNoNode ? "?" + text(input.name) + "?" : text(body.names[input.from]);
      if (input.port > 0) printed += ":" + std::to_string(input.port);
    }
    printed += ")";
    for (uint32_t i = body.output_begin[node]; i < body.output_begin[node + 1]; ++i) {
      const TensorShape& shape = graph.shapes.at(body.outputs[i]);
      printed += (i == body.output_begin[node] ? " : " : ", ") + text(shape.text);
      if (shape.dtype != kNoText) printed += " " + text(shape.dtype);
    }
    printed += "\n";
  }
  return printed;
}

/// "duplicate 1 y, dangling 2 x"
inline std::string PrintedFaults(const Graph& graph) {
  constexpr const char* kNames[] = {"malformed", "dangling", "duplicate",    "no such function",
                                    "empty",     "too many", "not in graph", "empty profile"};
  std::string printed;
  for (const GraphFault& fault : graph.faults) {
    if (!printed.empty()) printed += ", ";
    printed += kNames[static_cast<size_t>(fault.kind)];
    printed += " " + std::to_string(static_cast<int64_t>(fault.count));
    if (fault.example != kNoText) printed += " " + std::string(graph.texts[fault.example]);
  }
  return printed;
}

}  // namespace tensorpane::testing
