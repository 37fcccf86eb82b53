#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

class JsonWriter;

/// What a GraphDef holds (tensorflow/core/framework/graph.proto). Names are valid UTF-8.
struct GraphSummary {
  static constexpr size_t kListed = 20;

  /// The GraphDef, which the caller owns and keeps as long as he writes; absent for a merge of several.
  std::optional<Bytes> source;
  uint64_t nodes = 0;          ///< of the top level, as the next two
  uint64_t edges = 0;          ///< inputs of all nodes, control edges included
  uint64_t control_edges = 0;  ///< inputs "^node"
  uint64_t functions = 0;      ///< of the library
  uint64_t function_nodes = 0;
  /// The kListed most frequent ops of the top level and how often they stand there, ties by name. Of ops with
  /// more than GraphDescriber::kMaxOps names those that come last in the graph are missing.
  std::vector<std::pair<std::string, uint64_t>> ops;
  std::vector<std::string> first_nodes;  ///< names of the first kListed nodes
  int32_t producer = 0;                  ///< versions.producer; 0 = not set
  /// Why the rest could not be read, empty if all was; what was read before stays in the numbers.
  std::string_view error;

  /// {bytes, sha256, nodes, edges, control_edges, functions, function_nodes, ops, first_nodes, producer}, or
  /// {bytes, sha256, error}; without the first two if there is no source.
  void WriteJson(JsonWriter* json) const;
};

/// Describes a serialized GraphDef of any size in one walk over its bytes. Attributes are not looked into.
GraphSummary DescribeGraph(Bytes graph_def);

/// Describes the graph of a serialized MetaGraphDef (tensorflow/core/protobuf/meta_graph.proto, graph_def =
/// 2; the last one counts). One without a graph gives an empty graph.
GraphSummary DescribeMetaGraph(Bytes meta_graph_def);

/// Describes one GraphDef, or several merged as TensorBoard does (tensorboard/plugins/graph/graph_util.py,
/// merge_graph_defs): names and inputs get the prefix of their graph, and all graphs must have one producer.
/// Holds views into what is added until Finish.
class GraphDescriber {
 public:
  /// Ops that are told apart; TensorFlow has 1,500.
  static constexpr size_t kMaxOps = 1 << 16;

  /// Begins a graph. `prefix` is "" or ends with a slash, and is copied.
  void BeginGraph(std::string_view prefix);
  /// Takes in its GraphDef; where that stands in several fields, each of them (protobuf merges messages so).
  void Add(Bytes graph_def);
  GraphSummary Finish();

 private:
  bool AddNode(Bytes node);
  bool AddLibrary(Bytes library);
  bool AddFunction(Bytes function);
  bool AddVersions(Bytes versions);
  void EndGraph();

  GraphSummary summary_;
  std::unordered_map<std::string_view, uint64_t> ops_;
  std::string prefix_;
  int32_t producer_ = 0;  // of the graph that was begun last
  uint64_t graphs_ = 0;
};

}  // namespace tensorpane
