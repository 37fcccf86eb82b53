#include "graph/graph_facts.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/json_writer.h"

namespace tensorpane {
namespace {

template <class Column, class IsKnown>
bool Any(const Graph& graph, Column GraphBody::*column, const IsKnown& is_known) {
  return std::any_of(graph.bodies.begin(), graph.bodies.end(), [&](const GraphBody& body) {
    return std::any_of((body.*column).begin(), (body.*column).end(), is_known);
  });
}

}  // namespace

std::string GraphFactsJson(const Graph& graph) {
  size_t nodes = 0, edges = 0;
  for (const GraphBody& body : graph.bodies) {
    nodes += body.size();
    edges += body.inputs.size();
  }
  const auto is_number = [](double value) { return !std::isnan(value); };
  const auto is_text = [](TextId text) { return text != kNoText; };
  const auto is_shape = [&graph](ShapeId shape) { return graph.shapes[shape].text != kNoText; };

  JsonWriter json;
  json.BeginObject();
  json.Key("form");
  json.Text(graph.form == Graph::Form::kLayers ? "layers" : "ops");
  json.Key("nodes");
  json.Unsigned(nodes);
  json.Key("edges");
  json.Unsigned(edges);
  json.Key("functions");
  json.Unsigned(graph.bodies.size() - 1);
  json.Key("producer");
  json.Text(graph.producer);
  json.Key("has");
  json.BeginObject();
  const auto has = [&json](std::string_view key, bool value) {
    json.Key(key);
    json.Bool(value);
  };
  has("time", Any(graph, &GraphBody::compute_micros, is_number));
  has("memory", Any(graph, &GraphBody::memory_bytes, is_number));
  has("devices", Any(graph, &GraphBody::devices, is_text));
  has("clusters", Any(graph, &GraphBody::clusters, is_text));
  has("shapes", Any(graph, &GraphBody::outputs, is_shape));
  has("parameters", Any(graph, &GraphBody::parameters, is_number));
  json.EndObject();
  json.Key("compared");
  json.Bool(std::any_of(graph.bodies.begin(), graph.bodies.end(),
                        [](const GraphBody& body) { return !body.differences.empty(); }));
  json.Key("faults");
  json.BeginArray();
  for (const GraphFault& fault : graph.faults) {
    json.BeginObject();
    json.Key("kind");
    json.Text(NameOf(fault.kind));
    json.Key("count");
    json.Double(fault.count);
    json.Key("example");
    json.Text(graph.texts[fault.example]);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

std::string OpCountsJson(const Graph& graph) {
  struct Count {
    TextId op;
    double count = 0, micros = NAN;
  };
  std::vector<Count> counts(graph.texts.size());
  for (const GraphBody& body : graph.bodies) {
    for (NodeIndex node = 0; node < body.size(); ++node) {
      Count& count = counts[body.ops[node]];
      count.op = body.ops[node];
      ++count.count;
      const double micros = body.compute_micros.empty() ? NAN : body.compute_micros[node];
      if (!std::isnan(micros)) count.micros = std::isnan(count.micros) ? micros : count.micros + micros;
    }
  }
  std::erase_if(counts, [](const Count& count) { return count.count == 0; });
  std::sort(counts.begin(), counts.end(), [&graph](const Count& a, const Count& b) {
    return a.count != b.count ? a.count > b.count : graph.texts[a.op] < graph.texts[b.op];
  });
  JsonWriter json;
  json.BeginArray();
  for (const Count& count : counts) {
    json.BeginObject();
    json.Key("op");
    json.Text(graph.texts[count.op]);
    json.Key("count");
    json.Double(count.count);
    json.Key("micros");
    json.Double(count.micros);
    json.EndObject();
  }
  json.EndArray();
  return json.Take();
}

}  // namespace tensorpane
