#include "graph/graph_source.h"

#include <algorithm>
#include <string>

#include "base/json_tree.h"
#include "base/utf8.h"
#include "events/event_walker.h"
#include "events/tensor.h"
#include "graph/graph_def_reader.h"
#include "graph/graph_fields.h"
#include "graph/graph_text.h"
#include "graph/keras_reader.h"
#include "graph/message_fields.h"
#include "graph/profile.h"

namespace tensorpane {
namespace {

// tensorflow/core/protobuf/{saved_model,meta_graph,config}.proto
constexpr uint32_t kSavedModelMetaGraphs = 2;
constexpr uint32_t kMetaGraphInfo = 1, kMetaGraphGraph = 2, kMetaInfoVersion = 5;
constexpr uint32_t kRunPartitionGraphs = 3, kRunFunctionGraphs = 4, kPreOptimizationGraph = 2;

/// Where what stands behind a varint begins; `at` itself, if the bytes end in it.
size_t SkipVarint(Bytes bytes, size_t at) {
  for (size_t end = at; end < bytes.size(); ++end) {
    if (bytes[end] < 0x80) return end + 1;
  }
  return at;
}

/// The contents of all fields `number`, those that can be read. Bytes that cannot are added to `unread`.
std::vector<Bytes> AllBytes(Bytes message, uint32_t number, uint64_t* unread = nullptr) {
  std::vector<Bytes> contents;
  const uint64_t left = ReadBytesFields(message, [&](uint32_t field, Bytes content) {
    if (field == number) contents.push_back(content);
  });
  // What is cut off in its last field still has what comes before, as a SavedModel, which is one field. What
  // is missing there, whoever reads the field counts.
  const Bytes tail = message.last(left);
  const size_t tag = SkipVarint(tail, 0), begin = SkipVarint(tail, tag);
  const bool is_cut =
      begin > tag && tag == 1 && tail[0] == (number << 3 | static_cast<uint32_t>(WireType::kBytes));
  if (is_cut) contents.push_back(tail.subspan(begin));
  if (unread != nullptr && !is_cut) *unread += left;
  return contents;
}

/// One graph as it is, several under graph_1/, graph_2/ … A graph may stand in several parts.
void ReadGraphs(const std::vector<std::vector<Bytes>>& graphs, GraphDefReader* reader) {
  for (size_t i = 0; i < graphs.size(); ++i) {
    reader->BeginGraph(graphs.size() == 1 ? "" : "graph_" + std::to_string(i + 1) + "/");
    for (const Bytes part : graphs[i]) reader->Add(part);
  }
}

void ReadMetaGraphs(const std::vector<Bytes>& meta_graphs, uint64_t unread, GraphDefReader* reader,
                    Graph* graph) {
  std::vector<std::vector<Bytes>> graphs;
  for (const Bytes meta_graph : meta_graphs) graphs.push_back(AllBytes(meta_graph, kMetaGraphGraph, &unread));
  ReadGraphs(graphs, reader);
  reader->Finish(unread);
  for (const Bytes meta_graph : meta_graphs) {
    const Bytes version = LastBytes(LastBytes(meta_graph, kMetaGraphInfo), kMetaInfoVersion);
    if (!version.empty()) graph->producer = "TensorFlow " + ToValidUtf8(version);
  }
}

void ReadRunMetadata(Bytes run_metadata, GraphDefReader* reader) {
  uint64_t unread = 0;
  const std::vector<Bytes> functions = AllBytes(run_metadata, kRunFunctionGraphs, &unread);
  if (functions.empty()) {
    reader->BeginGraph("");
    for (const Bytes partition : AllBytes(run_metadata, kRunPartitionGraphs)) reader->Add(partition);
  } else {
    std::vector<std::vector<Bytes>> graphs;
    for (const Bytes function : functions)
      graphs.push_back(AllBytes(function, kPreOptimizationGraph, &unread));
    ReadGraphs(graphs, reader);
  }
  reader->Finish(unread);
}

bool IsText(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](uint8_t c) { return c >= 0x20 || (c >= '\t' && c <= '\r'); });
}

/// Whether `content` reads as a NodeDef: a name and an op, both texts.
bool LooksLikeNode(Bytes content) {
  bool name = false, op = false;
  const bool whole = ForEachBytesField(content, [&](uint32_t number, Bytes text) {
    if (number == fields::kNodeName) name = !text.empty() && IsText(text);
    if (number == fields::kNodeOp) op = !text.empty() && IsText(text);
    return true;
  });
  return whole && name && op;
}

bool LooksLikeGraphDef(Bytes bytes) {
  bool first = true, node = false;
  ReadBytesFields(bytes, [&](uint32_t number, Bytes content) {
    if (number != fields::kGraphNode || !first) return;
    first = false;
    node = LooksLikeNode(content);
  });
  return node;
}

/// Whether it is a graph of no nodes: TensorFlow writes its versions, and a library that may be empty.
bool IsEmptyGraphDef(Bytes bytes) {
  bool has_versions = false;
  const bool is_whole = ForEachField(bytes, [&](const Field& field, Bytes content) {
    if (field.number == fields::kGraphVersions) {
      has_versions = LastNumber(content, fields::kVersionsProducer).has_value();
    }
    return field.number == fields::kGraphLibrary || field.number == fields::kGraphVersions;
  });
  return is_whole && has_versions;
}

/// What a file of serialized messages is. A SavedModel, a MetaGraphDef and a RunMetadata have their graphs
/// one field further in than a GraphDef has its nodes.
std::optional<GraphContent> ContentOfBytes(Bytes bytes) {
  if (LooksLikeGraphDef(bytes)) return GraphContent::kGraphDef;
  for (const Bytes inner : AllBytes(bytes, kMetaGraphGraph)) {
    if (LooksLikeGraphDef(inner)) return GraphContent::kMetaGraphDef;
    for (const Bytes graph : AllBytes(inner, kMetaGraphGraph)) {
      if (LooksLikeGraphDef(graph)) return GraphContent::kSavedModel;
    }
  }
  for (const Bytes inner : AllBytes(bytes, kRunPartitionGraphs)) {
    if (LooksLikeGraphDef(inner)) return GraphContent::kRunMetadata;
  }
  for (const Bytes inner : AllBytes(bytes, kRunFunctionGraphs)) {
    for (const Bytes graph : AllBytes(inner, kPreOptimizationGraph)) {
      if (LooksLikeGraphDef(graph)) return GraphContent::kRunMetadata;
    }
  }
  if (IsEmptyGraphDef(bytes)) return GraphContent::kGraphDef;
  return std::nullopt;
}

GraphContent ContentOf(GraphMessage message) {
  switch (message) {
    case GraphMessage::kGraphDef:
      return GraphContent::kGraphDef;
    case GraphMessage::kMetaGraphDef:
      return GraphContent::kMetaGraphDef;
    case GraphMessage::kSavedModel:
      return GraphContent::kSavedModel;
    case GraphMessage::kRunMetadata:
      return GraphContent::kRunMetadata;
  }
  return GraphContent::kGraphDef;
}

/// The first byte that is no space and no byte order mark.
char FirstCharacter(Bytes bytes) {
  std::string_view text = AsText(bytes);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? '\0' : text[first];
}

}  // namespace

std::optional<GraphContent> GraphContentOf(std::string_view plugin, Storage storage) {
  if (storage == Storage::kMetaGraphDef) return GraphContent::kMetaGraphDef;
  if (plugin == "graphs") return GraphContent::kGraphDef;
  if (plugin == "graph_keras_model") return GraphContent::kKerasModel;
  if (plugin == "graph_run_metadata" || plugin == "graph_run_metadata_graph" ||
      plugin == "graph_tagged_run_metadata") {
    return GraphContent::kRunMetadata;
  }
  return std::nullopt;
}

std::optional<std::vector<uint8_t>> GraphBytes(Storage storage, bool split, Bytes payload) {
  const std::string joined = split ? JoinParts(payload, PayloadField(storage)) : std::string();
  if (split) payload = AsBytes(joined);
  switch (storage) {
    case Storage::kGraphDef:
    case Storage::kMetaGraphDef:
    case Storage::kTaggedRunMetadata:
      return std::vector<uint8_t>(payload.begin(), payload.end());
    case Storage::kTensor: {
      const Tensor tensor = DecodeTensor(payload);
      if (tensor.strings.empty()) return std::nullopt;
      return std::vector<uint8_t>(tensor.strings[0].begin(), tensor.strings[0].end());
    }
    default:
      return std::nullopt;
  }
}

Graph ReadGraph(GraphContent content, std::vector<uint8_t> bytes) {
  if (content == GraphContent::kKerasModel) return ReadKerasModel(std::move(bytes));
  if (content == GraphContent::kGraphDef) return ReadGraphDef(std::move(bytes));
  Graph graph;
  graph.source = std::move(bytes);
  GraphDefReader reader(&graph);
  if (content == GraphContent::kMetaGraphDef) {
    ReadMetaGraphs({graph.source}, 0, &reader, &graph);
  } else if (content == GraphContent::kSavedModel) {
    uint64_t unread = 0;
    const std::vector<Bytes> meta_graphs = AllBytes(graph.source, kSavedModelMetaGraphs, &unread);
    ReadMetaGraphs(meta_graphs, unread, &reader, &graph);
  } else {
    ReadRunMetadata(graph.source, &reader);
    const bool has_times = JoinProfile(graph.source, &graph).entries > 0;
    // It need not have any: what traces graphs alone writes one, too.
    if (!has_times && graph.bodies[0].size() == 0) {
      // In place of the graph being empty; what of it could not be read is said beside.
      std::erase_if(graph.faults,
                    [](const GraphFault& fault) { return fault.kind == GraphFault::Kind::kEmpty; });
      graph.faults.push_back({GraphFault::Kind::kEmptyProfile, 1, kNoText});
    }
  }
  return graph;
}

std::optional<Graph> ReadGraphFile(std::vector<uint8_t> bytes) {
  constexpr size_t kLookedAt = 1 << 10;
  if (FirstCharacter(bytes) == '{') {
    const JsonTree json(bytes, JsonTree::Damaged::kBeginning);
    if (!json.root()["class_name"].is_text()) return std::nullopt;
    return ReadKerasModel(std::move(bytes));
  }
  if (const auto content = ContentOfBytes(bytes)) return ReadGraph(*content, std::move(bytes));
  if (!IsText(Bytes(bytes).first(std::min(bytes.size(), kLookedAt)))) return std::nullopt;
  GraphText text = SerializeGraphText(AsText(bytes));
  if (text.bytes.empty()) return std::nullopt;
  Graph graph = ReadGraph(ContentOf(text.message), std::move(text.bytes));
  if (text.unread) {
    // What was serialized of it is sound.
    graph.faults.insert(graph.faults.begin(),
                        {GraphFault::Kind::kMalformed, static_cast<double>(*text.unread), kNoText});
  }
  return graph;
}

}  // namespace tensorpane
