#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph_summary.h"

namespace tensorpane {

/// What a RunMetadata holds (tensorflow/core/protobuf/config.proto): a profile of one step, graphs, or
/// nothing: zero bytes are valid, and Keras 2 writes them.
struct RunMetadataSummary {
  /// More devices than a cluster has; later ones are not listed.
  static constexpr size_t kMaxDevices = 1 << 16;

  Bytes source;                      ///< owned and kept by the caller
  std::vector<std::string> devices;  ///< of step_stats.dev_stats, valid UTF-8
  uint64_t node_stats = 0;           ///< of all devices
  uint64_t partition_graphs = 0;
  uint64_t function_graphs = 0;
  uint64_t cost_nodes = 0;
  /// The op graph: TensorBoard's merge of function_graphs[].pre_optimization_graph. One graph is as it is; of
  /// several, all names begin with graph_1/, graph_2/ … Absent if there are none.
  std::optional<GraphSummary> graph;
  /// Why the rest could not be read, empty if all was; what was read before stays in the numbers.
  std::string_view error;

  /// {bytes, sha256, devices, node_stats, partition_graphs, function_graphs, cost_nodes, graph}, `graph` only
  /// if there is one; or {bytes, sha256, error}.
  void WriteJson(JsonWriter* json) const;
};

/// Describes a serialized RunMetadata of any size.
RunMetadataSummary DescribeRunMetadata(Bytes run_metadata);

}  // namespace tensorpane
