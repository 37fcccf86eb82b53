#include "graph/profile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/data_type.h"
#include "graph/graph_builder.h"
#include "graph/graph_fields.h"
#include "graph/message_fields.h"

namespace tensorpane {
namespace {

// tensorflow/core/protobuf/config.proto; framework/step_stats.proto, tensor_description.proto.
constexpr uint32_t kStepStats = 1, kDevStats = 1, kDevice = 1, kNodeStats = 2;
constexpr uint32_t kNodeName = 1, kAllStart = 2, kAllEnd = 5, kMemory = 6, kOutput = 7;
constexpr uint32_t kTotalBytes = 2;
constexpr uint32_t kSlot = 1, kDescription = 3, kDescriptionDtype = 1, kDescriptionShape = 2;

struct Place {
  uint32_t body;
  NodeIndex node;
};

struct OutputStats {
  uint64_t slot;
  Bytes description;
};

struct NodeStats {
  std::string_view name;
  double start = 0, micros = 0, bytes = 0;
  std::vector<OutputStats> outputs;
};

double Signed(const Field& field) { return static_cast<double>(static_cast<int64_t>(field.value)); }

NodeStats ReadStats(Bytes message) {
  NodeStats stats;
  ForEachField(message, [&stats](const Field& field, Bytes content) {
    const bool is_number = field.type == WireType::kVarint;
    if (field.number == kNodeName) stats.name = AsText(content);
    if (field.number == kAllStart && is_number) stats.start = Signed(field);
    if (field.number == kAllEnd && is_number) stats.micros = Signed(field);
    if (field.number == kMemory) {
      const auto bytes = static_cast<int64_t>(LastNumber(content, kTotalBytes).value_or(0));
      stats.bytes += static_cast<double>(std::max<int64_t>(bytes, 0));
    }
    if (field.number == kOutput) {
      stats.outputs.push_back({LastNumber(content, kSlot).value_or(0), LastBytes(content, kDescription)});
    }
    return true;
  });
  return stats;
}

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "x" of "_arg_x_0_0", which runs in place of what is fed; empty of others.
std::string_view NameOfFed(std::string_view name) {
  if (!name.starts_with("_arg_")) return {};
  name.remove_prefix(5);
  for (int i = 0; i < 2; ++i) {
    const size_t last = name.rfind('_');
    if (last == std::string_view::npos || !IsNumber(name.substr(last + 1))) return {};
    name = name.substr(0, last);
  }
  return name;
}

/// What TensorFlow puts around every graph that it runs (core/graph/graph.cc; subgraph.cc).
bool IsAround(std::string_view name) {
  return name == "_SOURCE" || name == "_SINK" || name.starts_with("_retval_");
}

class ProfileJoiner {
 public:
  explicit ProfileJoiner(Graph* graph) : graph_(*graph), shapes_(graph) {
    for (uint32_t body = 0; body < graph_.bodies.size(); ++body) {
      const auto& names = graph_.bodies[body].names;
      for (NodeIndex node = 0; node < names.size(); ++node) {
        const auto [at, is_new] = places_.try_emplace(names[node], Place{body, node});
        // In two functions it could be either.
        if (!is_new && at->second.body != 0) at->second.node = kNoNode;
      }
    }
  }

  ProfileJoin Join(Bytes run_metadata) {
    ForEach(run_metadata, kStepStats, [this](Bytes step_stats) {
      ForEach(step_stats, kDevStats, [this](Bytes device_stats) {
        const TextId device = graph_.texts.Add(AsText(LastBytes(device_stats, kDevice)));
        ForEach(device_stats, kNodeStats, [&](Bytes stats) { Add(ReadStats(stats), device); });
      });
    });
    for (uint32_t body = 0; body < graph_.bodies.size(); ++body) WriteBody(body);
    constexpr auto kind = GraphFault::Kind::kNotInGraph;
    std::erase_if(graph_.faults, [](const GraphFault& fault) { return fault.kind == kind; });
    // Of a graph without nodes that is all there is to say.
    const bool any = graph_.bodies[0].size() > 0;
    if (any && join_.unknown > 0)
      graph_.faults.push_back({kind, static_cast<double>(join_.unknown), example_});
    return join_;
  }

 private:
  struct Joined {
    double start = std::numeric_limits<double>::infinity();
    double end = -std::numeric_limits<double>::infinity();
    double bytes = 0;
    TextId device = kNoText;
    std::vector<ShapeId> outputs = {};
  };

  template <class F>
  static void ForEach(Bytes message, uint32_t number, F f) {
    ReadBytesFields(message, [&](uint32_t field, Bytes content) {
      if (field == number) f(content);
    });
  }

  const Place* Find(std::string_view name) const {
    const TextId id = graph_.texts.Find(name);
    const auto found = id == kNoText ? places_.end() : places_.find(id);
    return found == places_.end() || found->second.node == kNoNode ? nullptr : &found->second;
  }

  void Add(const NodeStats& stats, TextId device) {
    ++join_.entries;
    const Place* place = Find(stats.name);
    if (place == nullptr) place = Find(stats.name.substr(0, stats.name.find(':')));
    if (place == nullptr) place = Find(NameOfFed(stats.name));
    if (place == nullptr) {
      if (!IsAround(stats.name) && join_.unknown++ == 0) example_ = graph_.texts.Add(stats.name);
      return;
    }
    Joined& joined = joined_[static_cast<uint64_t>(place->body) << 32 | place->node];
    joined.device = device;
    joined.bytes = std::max(joined.bytes, stats.bytes);
    if (stats.micros >= 0) {
      joined.start = std::min(joined.start, stats.start);
      joined.end = std::max(joined.end, stats.start + stats.micros);
    }
    for (const OutputStats& output : stats.outputs) {
      constexpr uint64_t kMostOutputs = 1000;
      if (output.slot >= kMostOutputs) continue;
      if (joined.outputs.size() <= output.slot) joined.outputs.resize(static_cast<size_t>(output.slot) + 1);
      std::vector<int64_t> sizes;
      const bool has_rank = ReadShape(LastBytes(output.description, kDescriptionShape), &sizes);
      const std::string type = DataTypeName(LastNumber(output.description, kDescriptionDtype).value_or(0));
      joined.outputs[static_cast<size_t>(output.slot)] = shapes_.Id(sizes, has_rank, graph_.texts.Add(type));
    }
  }

  void WriteBody(uint32_t index) {
    GraphBody& body = graph_.bodies[index];
    body.compute_micros.clear();
    body.memory_bytes.clear();
    const auto joined_of = [&](NodeIndex node) {
      const auto found = joined_.find(static_cast<uint64_t>(index) << 32 | node);
      return found == joined_.end() ? nullptr : &found->second;
    };
    std::vector<uint32_t> output_begin = {0};
    std::vector<ShapeId> outputs;
    bool any = false;
    for (NodeIndex node = 0; node < body.size(); ++node) {
      const Joined* const joined = joined_of(node);
      const auto begin = body.outputs.begin() + body.output_begin[node];
      const auto end = body.outputs.begin() + body.output_begin[node + 1];
      if (joined != nullptr) {
        if (!any) {
          any = true;
          body.compute_micros.assign(body.size(), NAN);
          body.memory_bytes.assign(body.size(), NAN);
        }
        if (joined->start <= joined->end) body.compute_micros[node] = joined->end - joined->start;
        body.memory_bytes[node] = joined->bytes;
        if (body.devices[node] == kNoText) body.devices[node] = joined->device;
      }
      if (begin == end && joined != nullptr) {
        outputs.insert(outputs.end(), joined->outputs.begin(), joined->outputs.end());
      } else {
        outputs.insert(outputs.end(), begin, end);
      }
      output_begin.push_back(static_cast<uint32_t>(outputs.size()));
    }
    body.outputs = std::move(outputs);
    body.output_begin = std::move(output_begin);
  }

  Graph& graph_;
  ShapeTable shapes_;
  std::unordered_map<TextId, Place> places_;
  std::unordered_map<uint64_t, Joined> joined_;  // by body and node
  ProfileJoin join_;
  TextId example_ = kNoText;  // of a node that is not there
};

}  // namespace

ProfileJoin JoinProfile(Bytes run_metadata, Graph* graph) { return ProfileJoiner(graph).Join(run_metadata); }

}  // namespace tensorpane
