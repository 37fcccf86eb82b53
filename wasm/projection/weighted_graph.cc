#include "projection/weighted_graph.h"

namespace tensorpane {

WeightedGraph Transposed(const WeightedGraph& graph) {
  WeightedGraph back;
  back.begins.assign(graph.begins.size(), 0);
  back.targets.resize(graph.targets.size());
  back.weights.resize(graph.targets.size());
  for (const uint32_t target : graph.targets) ++back.begins[target + 1];
  for (size_t i = 1; i < back.begins.size(); ++i) back.begins[i] += back.begins[i - 1];
  std::vector<uint32_t> next(back.begins.begin(), back.begins.end() - 1);
  for (uint32_t i = 0; i < graph.count(); ++i) {
    for (size_t e = graph.begins[i]; e < graph.begins[i + 1]; ++e) {
      const uint32_t at = next[graph.targets[e]]++;
      back.targets[at] = i;
      back.weights[at] = graph.weights[e];
    }
  }
  return back;
}

WeightedGraph UnorderedGraphOf(const NeighbourTable& table, const std::vector<float>& weights) {
  WeightedGraph graph;
  graph.begins.push_back(0);
  graph.targets.reserve(weights.size());
  graph.weights.reserve(weights.size());
  for (size_t i = 0; i < table.count; ++i) {
    for (size_t e = i * table.k; e < (i + 1) * table.k; ++e) {
      if (weights[e] == 0) continue;
      graph.targets.push_back(table.rows[e]);
      graph.weights.push_back(weights[e]);
    }
    graph.begins.push_back(static_cast<uint32_t>(graph.targets.size()));
  }
  return graph;
}

WeightedGraph GraphOf(const NeighbourTable& table, const std::vector<float>& weights) {
  return Transposed(Transposed(UnorderedGraphOf(table, weights)));
}

uint32_t Components(const WeightedGraph& graph) {
  uint32_t components = 0;
  std::vector<bool> seen(graph.count());
  std::vector<uint32_t> open;
  for (uint32_t i = 0; i < graph.count(); ++i) {
    if (seen[i]) continue;
    ++components;
    seen[i] = true;
    open.push_back(i);
    while (!open.empty()) {
      const uint32_t at = open.back();
      open.pop_back();
      for (size_t e = graph.begins[at]; e < graph.begins[at + 1]; ++e) {
        if (seen[graph.targets[e]]) continue;
        seen[graph.targets[e]] = true;
        open.push_back(graph.targets[e]);
      }
    }
  }
  return components;
}

}  // namespace tensorpane
