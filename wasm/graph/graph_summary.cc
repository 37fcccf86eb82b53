#include "graph/graph_summary.h"

#include <algorithm>
#include <map>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "graph/message_fields.h"

namespace tensorpane {
namespace {

// tensorflow/core/framework/graph.proto, node_def.proto, function.proto, versions.proto.
constexpr uint32_t kGraphNode = 1, kGraphLibrary = 2, kGraphVersions = 4;
constexpr uint32_t kNodeName = 1, kNodeOp = 2, kNodeInput = 3;
constexpr uint32_t kLibraryFunction = 1, kFunctionNode = 3;
constexpr uint32_t kVersionsProducer = 1;
// tensorflow/core/protobuf/meta_graph.proto
constexpr uint32_t kMetaGraphGraph = 2;

constexpr std::string_view kMalformed = "malformed GraphDef";

}  // namespace

void GraphDescriber::BeginGraph(std::string_view prefix) {
  EndGraph();
  ++graphs_;
  prefix_ = prefix;
  producer_ = 0;
}

void GraphDescriber::EndGraph() {
  if (graphs_ == 1) summary_.producer = producer_;
  if (graphs_ > 1 && producer_ != summary_.producer && summary_.error.empty()) {
    summary_.error = "graphs of different producers cannot be merged";
  }
}

void GraphDescriber::Add(Bytes graph_def) {
  const bool whole = ForEachBytesField(graph_def, [this](uint32_t number, Bytes content) {
    switch (number) {
      case kGraphNode:
        return AddNode(content);
      case kGraphLibrary:
        return AddLibrary(content);
      case kGraphVersions:
        return AddVersions(content);
      default:
        return true;
    }
  });
  if (!whole && summary_.error.empty()) summary_.error = kMalformed;
}

bool GraphDescriber::AddNode(Bytes node) {
  std::string_view name, op;
  const bool whole = ForEachBytesField(node, [&](uint32_t number, Bytes content) {
    const std::string_view text = AsText(content);
    if (number == kNodeName) {
      name = text;
    } else if (number == kNodeOp) {
      op = text;
    } else if (number == kNodeInput) {
      ++summary_.edges;
      // The merge writes its prefix before the ^, so that no control edge is left there.
      if (prefix_.empty() && text.starts_with('^')) ++summary_.control_edges;
    }
    return true;
  });
  if (!whole) return false;
  ++summary_.nodes;
  if (summary_.first_nodes.size() < GraphSummary::kListed) {
    summary_.first_nodes.push_back(prefix_ + ToValidUtf8(AsBytes(name)));
  }
  const auto known = ops_.find(op);
  if (known != ops_.end()) {
    ++known->second;
  } else if (ops_.size() < kMaxOps) {
    ops_.emplace(op, 1);
  }
  return true;
}

bool GraphDescriber::AddLibrary(Bytes library) {
  return ForEachBytesField(library, [this](uint32_t number, Bytes content) {
    return number != kLibraryFunction || AddFunction(content);
  });
}

bool GraphDescriber::AddFunction(Bytes function) {
  ++summary_.functions;
  return ForEachBytesField(function, [this](uint32_t number, Bytes) {
    if (number == kFunctionNode) ++summary_.function_nodes;
    return true;
  });
}

bool GraphDescriber::AddVersions(Bytes versions) {
  return ForEachField(versions, [this](const Field& field, Bytes) {
    if (field.number == kVersionsProducer && field.type == WireType::kVarint) {
      producer_ = static_cast<int32_t>(field.value);  // int32: the low bits count
    }
    return true;
  });
}

GraphSummary GraphDescriber::Finish() {
  EndGraph();
  // By name; names that differ only in what is no UTF-8 fall together.
  std::map<std::string, uint64_t> counts;
  for (const auto& [op, count] : ops_) counts[ToValidUtf8(AsBytes(op))] += count;
  ops_.clear();
  auto& ops = summary_.ops;
  ops.assign(counts.begin(), counts.end());
  std::stable_sort(ops.begin(), ops.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  ops.resize(std::min(ops.size(), GraphSummary::kListed));
  return std::move(summary_);
}

void GraphSummary::WriteJson(JsonWriter* json) const {
  const auto number = [json](std::string_view key, uint64_t value) {
    json->Key(key);
    json->Unsigned(value);
  };
  json->BeginObject();
  if (source) {
    number("bytes", source->size());
    json->Key("sha256");
    json->Text(Sha256Hex(*source));
  }
  if (error.empty()) {
    number("nodes", nodes);
    number("edges", edges);
    number("control_edges", control_edges);
    number("functions", functions);
    number("function_nodes", function_nodes);
    json->Key("ops");
    json->BeginObject();
    for (const auto& [op, count] : ops) number(op, count);
    json->EndObject();
    json->Key("first_nodes");
    json->BeginArray();
    for (const std::string& name : first_nodes) json->Text(name);
    json->EndArray();
    json->Key("producer");
    json->Integer(producer);
  } else {
    json->Key("error");
    json->Text(error);
  }
  json->EndObject();
}

GraphSummary DescribeGraph(Bytes graph_def) {
  GraphDescriber describer;
  describer.BeginGraph("");
  describer.Add(graph_def);
  GraphSummary summary = describer.Finish();
  summary.source = graph_def;
  return summary;
}

GraphSummary DescribeMetaGraph(Bytes meta_graph_def) {
  Bytes graph_def;
  const bool whole = ForEachBytesField(meta_graph_def, [&graph_def](uint32_t number, Bytes content) {
    if (number == kMetaGraphGraph) graph_def = content;
    return true;
  });
  GraphSummary summary = DescribeGraph(graph_def);
  if (!whole) summary.error = "malformed MetaGraphDef";
  return summary;
}

}  // namespace tensorpane
