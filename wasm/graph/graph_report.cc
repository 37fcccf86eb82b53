#include "graph/graph_report.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_writer.h"

namespace tensorpane {
namespace {

constexpr size_t kListed = 20;

class ReportWriter {
 public:
  ReportWriter(const Graph& graph, JsonWriter* json) : graph_(graph), json_(*json) {}

  void Write() {
    const GraphBody& top = graph_.bodies[0];
    json_.BeginObject();
    Text("form", graph_.form == Graph::Form::kLayers ? "layers" : "ops");
    Text("producer", graph_.producer);
    Number("bytes", graph_.source.size());
    Number("nodes", top.size());
    Number("edges", top.inputs.size());
    Number("control_edges", EdgesOf(EdgeKind::kControl));
    Number("reference_edges", EdgesOf(EdgeKind::kReference));
    Number("functions", graph_.bodies.size() - 1);
    size_t function_nodes = 0, calls = 0;
    for (const GraphBody& body : graph_.bodies) {
      calls += body.calls.size();
      if (&body == &top) continue;
      // Those of the library, without what stands for arguments and results.
      function_nodes += static_cast<size_t>(std::count_if(
          body.source_length.begin(), body.source_length.end(), [](uint32_t length) { return length > 0; }));
    }
    Number("function_nodes", function_nodes);
    Number("calls", calls);
    Number("depth", Depth());
    Number("shapes",
           static_cast<uint64_t>(std::count_if(top.outputs.begin(), top.outputs.end(), [this](ShapeId shape) {
             return graph_.shapes[shape].text != kNoText;
           })));
    Sum("parameters", top.parameters);
    Counts("ops", top.ops);
    Counts("devices", top.devices);
    json_.Key("first_nodes");
    json_.BeginArray();
    for (size_t i = 0; i < std::min(top.size(), kListed); ++i) json_.Text(graph_.texts[top.names[i]]);
    json_.EndArray();
    Profile();
    Faults();
    json_.EndObject();
  }

 private:
  void Text(std::string_view key, std::string_view text) {
    json_.Key(key);
    json_.Text(text);
  }

  void Number(std::string_view key, uint64_t number) {
    json_.Key(key);
    json_.Unsigned(number);
  }

  size_t EdgesOf(EdgeKind kind) const {
    const auto& inputs = graph_.bodies[0].inputs;
    return static_cast<size_t>(std::count_if(inputs.begin(), inputs.end(),
                                             [kind](const GraphInput& input) { return input.kind == kind; }));
  }

  /// Names in the longest path of the top level.
  size_t Depth() const {
    size_t depth = 0;
    for (const TextId name : graph_.bodies[0].names) {
      const std::string_view path = graph_.texts[name];
      depth = std::max(depth, static_cast<size_t>(std::count(path.begin(), path.end(), '/')) + 1);
    }
    return depth;
  }

  /// Of what is known; nothing if nothing is.
  void Sum(std::string_view key, const std::vector<double>& column) {
    double sum = 0;
    uint64_t known = 0;
    for (const double number : column) {
      if (std::isnan(number)) continue;
      sum += number;
      ++known;
    }
    if (known == 0) return;
    json_.Key(key);
    json_.BeginObject();
    json_.Key("sum");
    json_.Double(sum);
    Number("nodes", known);
    json_.EndObject();
  }

  /// How often each text stands there, the most frequent first, then by text.
  void Counts(std::string_view key, const std::vector<TextId>& column) {
    std::map<std::string_view, uint64_t> counts;
    for (const TextId text : column) {
      if (text != kNoText || key == "ops") ++counts[graph_.texts[text]];
    }
    std::vector<std::pair<std::string_view, uint64_t>> sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    json_.Key(key);
    json_.BeginObject();
    for (const auto& [text, count] : sorted) Number(text, count);
    json_.EndObject();
  }

  void Profile() {
    std::vector<double> micros, bytes;
    for (const GraphBody& body : graph_.bodies) {
      micros.insert(micros.end(), body.compute_micros.begin(), body.compute_micros.end());
      bytes.insert(bytes.end(), body.memory_bytes.begin(), body.memory_bytes.end());
    }
    Sum("compute_micros", micros);
    Sum("memory_bytes", bytes);
  }

  void Faults() {
    json_.Key("faults");
    json_.BeginArray();
    for (const GraphFault& fault : graph_.faults) {
      json_.BeginObject();
      Text("kind", NameOf(fault.kind));
      json_.Key("count");
      json_.Double(fault.count);
      if (fault.example != kNoText) Text("example", graph_.texts[fault.example]);
      json_.EndObject();
    }
    json_.EndArray();
  }

  const Graph& graph_;
  JsonWriter& json_;
};

}  // namespace

void WriteGraphReport(const Graph& graph, JsonWriter* json) { ReportWriter(graph, json).Write(); }

}  // namespace tensorpane
