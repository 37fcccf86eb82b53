#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/graph.h"
#include "graph/graph_builder.h"

namespace tensorpane {

/// Reads serialized GraphDefs (tensorflow/core/framework/graph.proto) of any size into a Graph, in one walk
/// over their bytes. What cannot be read is a fault, and the rest stays.
///
/// Several are merged as TensorBoard does (tensorboard/plugins/graph/graph_util.py, merge_graph_defs): names
/// get the prefix of their graph. Unlike there control inputs stay so, all calls find the functions of their
/// graph, and versions may differ.
///
/// A function of the library becomes a body. What goes in and out of it are nodes as TensorFlow makes them
/// when it runs one (common_runtime/function.cc, inline_function_utils.cc): `_Arg` for each argument,
/// `_Retval` for each result, and one `NoOp`, "output_control_node", for what must have run.
class GraphDefReader {
 public:
  /// `graph->source` holds all bytes that are added and does not change until Finish.
  explicit GraphDefReader(Graph* graph);

  /// Begins a graph. `prefix` is "" or ends with a slash.
  void BeginGraph(std::string_view prefix);
  /// Takes in its GraphDef, a part of the source; where that stands in several fields, each of them.
  void Add(Bytes graph_def);
  /// Reads the libraries and ends the Graph. `unread` = bytes around the GraphDefs that could not be read.
  void Finish(uint64_t unread = 0);

 private:
  struct NodeFields;
  struct Part {
    std::string prefix;
    std::string function_prefix;  // "graph_1_"
    NodeIndex first_node;
    std::vector<Bytes> libraries;
  };
  /// A function that an attribute names.
  struct NamedCall {
    uint32_t body;
    NodeIndex node;
    TextId function;  // with the prefix of its graph
    TextId role;
  };

  void AddNode(Bytes node, bool in_function);
  void AddInput(std::string_view input, bool in_function);
  void AddAttribute(Bytes entry, NodeFields* fields);
  void AddCalls(std::string_view key, Bytes value, NodeFields* fields) const;
  void AddOutputs(const NodeFields& fields);
  void AddShape(Bytes shape, TextId dtype, bool from_onnx = false);
  void AddParameters(const NodeFields& fields);
  TextId OutputType(const NodeFields& fields, size_t output, size_t outputs);
  void AddLibrary(Bytes library);
  void AddFunction(Bytes function);
  void AddResults(Bytes function, const std::vector<std::string_view>& outputs);
  void ResolveCalls();
  void ResolveOps(uint32_t body, NodeIndex begin, NodeIndex end, const Part& part);
  std::string_view Prefixed(std::string_view prefix, std::string_view name);
  TextId TypeText(uint64_t type);
  void Malformed(uint64_t bytes);

  Graph& graph_;
  GraphBuilder builder_;
  std::vector<Part> parts_;
  const Part* part_ = nullptr;  // whose nodes are read
  std::vector<NamedCall> named_calls_;
  std::unordered_map<TextId, uint32_t> functions_;  // body of a name
  std::vector<uint32_t> part_of_body_;
  std::vector<TextId> type_texts_;
  int32_t producer_ = 0;  // the largest
  std::string prefixed_;
};

/// Reads one.
Graph ReadGraphDef(std::vector<uint8_t> graph_def);

}  // namespace tensorpane
