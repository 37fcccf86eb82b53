#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "events/event.h"
#include "graph/graph.h"

namespace tensorpane {

/// What the bytes of a graph are.
enum class GraphContent : uint8_t {
  kGraphDef,
  kMetaGraphDef,
  kSavedModel,
  kRunMetadata,
  kKerasModel,
};

/// What the values of a series hold, by its plugin and storage; nothing if that is no graph. These are the
/// plugins of tensorboard/plugins/graph/metadata.py.
std::optional<GraphContent> GraphContentOf(std::string_view plugin, Storage storage);

/// The bytes of a graph or a RunMetadata out of a payload as it is in the file (BlobRef): the payload itself,
/// or the text that its tensor holds. `split` = it is the whole Summary.Value, with the payload in parts.
/// Nothing if the payload holds none.
std::optional<std::vector<uint8_t>> GraphBytes(Storage storage, bool split, Bytes payload);

/// Reads a graph. Of a RunMetadata that is what ran: `function_graphs[].pre_optimization_graph`, of several
/// merged as TensorBoard does, or where there are none `partition_graphs`, the parts of one graph by device;
/// its times and memory are joined to it. A SavedModel usually holds one graph; several are merged too.
Graph ReadGraph(GraphContent content, std::vector<uint8_t> bytes);

/// Reads a file that somebody has: GraphDef, MetaGraphDef, SavedModel, RunMetadata (.pb or .pbtxt, the last
/// one only .pb) or a Keras model (.json). What it is its bytes say, not its name. Nothing if it is none of
/// these.
std::optional<Graph> ReadGraphFile(std::vector<uint8_t> bytes);

}  // namespace tensorpane
