#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "graph/graph.h"

namespace tensorpane {

/// What came of joining a profile to a graph.
struct ProfileJoin {
  uint64_t entries = 0;  ///< NodeExecStats of all devices
  /// Of these: of nodes that the graph has not got, but for the ends of a run. They are a fault of the graph.
  uint64_t unknown = 0;
};

/// Joins the step_stats of a serialized RunMetadata (tensorflow/core/framework/step_stats.proto) to the nodes
/// of a graph, by name: `compute_micros` and `memory_bytes` become columns of the bodies, of which
/// TensorBoard's rule says what they hold (tf_graph_common/graph.ts, joinStatsInfoWithGraph). Of a node with
/// several entries the time is from the first start to the last end, the memory the largest: what all
/// allocators gave it. Where the graph does not say them, the device and the shapes of the outputs are those
/// of the profile. An earlier profile is replaced.
///
/// Names are found as they are written; without what follows a colon, the kernel of an entry of a GPU stream;
/// and "_arg_x_0_0", what runs in place of an x that is fed, as x (core/graph/subgraph.cc). The top level
/// comes first; of functions a name counts where only one has it.
ProfileJoin JoinProfile(Bytes run_metadata, Graph* graph);

}  // namespace tensorpane
