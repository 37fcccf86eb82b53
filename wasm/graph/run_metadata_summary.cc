#include "graph/run_metadata_summary.h"

#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "graph/message_fields.h"

namespace tensorpane {
namespace {

// tensorflow/core/protobuf/config.proto, framework/step_stats.proto, framework/cost_graph.proto.
constexpr uint32_t kStepStats = 1, kCostGraph = 2, kPartitionGraphs = 3, kFunctionGraphs = 4;
constexpr uint32_t kDevStats = 1, kDevice = 1, kNodeStats = 2;
constexpr uint32_t kCostNode = 1;
constexpr uint32_t kPreOptimizationGraph = 2;

bool AddDevice(Bytes device_stats, RunMetadataSummary* summary) {
  Bytes name;
  const bool whole = ForEachBytesField(device_stats, [&](uint32_t number, Bytes content) {
    if (number == kDevice) name = content;
    if (number == kNodeStats) ++summary->node_stats;
    return true;
  });
  if (whole && summary->devices.size() < RunMetadataSummary::kMaxDevices) {
    summary->devices.push_back(ToValidUtf8(name));
  }
  return whole;
}

bool AddStepStats(Bytes step_stats, RunMetadataSummary* summary) {
  return ForEachBytesField(step_stats, [summary](uint32_t number, Bytes content) {
    return number != kDevStats || AddDevice(content, summary);
  });
}

bool AddCostGraph(Bytes cost_graph, RunMetadataSummary* summary) {
  return ForEachBytesField(cost_graph, [summary](uint32_t number, Bytes) {
    if (number == kCostNode) ++summary->cost_nodes;
    return true;
  });
}

bool AddFunctionGraph(Bytes function_graphs, GraphDescriber* describer) {
  return ForEachBytesField(function_graphs, [describer](uint32_t number, Bytes content) {
    if (number == kPreOptimizationGraph) describer->Add(content);
    return true;
  });
}

/// `graphs` = how many function_graphs are there: it decides whether names get prefixes.
GraphSummary DescribeFunctionGraphs(Bytes run_metadata, uint64_t graphs) {
  GraphDescriber describer;
  uint64_t index = 0;
  bool whole = ForEachBytesField(run_metadata, [&](uint32_t number, Bytes content) {
    if (number != kFunctionGraphs) return true;
    ++index;
    describer.BeginGraph(graphs == 1 ? "" : "graph_" + std::to_string(index) + "/");
    return AddFunctionGraph(content, &describer);
  });
  GraphSummary summary = describer.Finish();
  if (!whole) summary.error = "malformed RunMetadata";
  return summary;
}

}  // namespace

RunMetadataSummary DescribeRunMetadata(Bytes run_metadata) {
  RunMetadataSummary summary;
  summary.source = run_metadata;
  const bool whole = ForEachBytesField(run_metadata, [&summary](uint32_t number, Bytes content) {
    switch (number) {
      case kStepStats:
        return AddStepStats(content, &summary);
      case kCostGraph:
        return AddCostGraph(content, &summary);
      case kPartitionGraphs:
        ++summary.partition_graphs;
        return true;
      case kFunctionGraphs:
        ++summary.function_graphs;
        return true;
      default:
        return true;
    }
  });
  if (!whole) summary.error = "malformed RunMetadata";
  if (summary.function_graphs > 0) {
    summary.graph = DescribeFunctionGraphs(run_metadata, summary.function_graphs);
  }
  return summary;
}

void RunMetadataSummary::WriteJson(JsonWriter* json) const {
  const auto number = [json](std::string_view key, uint64_t value) {
    json->Key(key);
    json->Unsigned(value);
  };
  json->BeginObject();
  number("bytes", source.size());
  json->Key("sha256");
  json->Text(Sha256Hex(source));
  if (error.empty()) {
    json->Key("devices");
    json->BeginArray();
    for (const std::string& device : devices) json->Text(device);
    json->EndArray();
    number("node_stats", node_stats);
    number("partition_graphs", partition_graphs);
    number("function_graphs", function_graphs);
    number("cost_nodes", cost_nodes);
    if (graph) {
      json->Key("graph");
      graph->WriteJson(json);
    }
  } else {
    json->Key("error");
    json->Text(error);
  }
  json->EndObject();
}

}  // namespace tensorpane
