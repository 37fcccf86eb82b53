#pragma once

#include <cstdint>
#include <vector>

#include "projection/knn.h"

namespace tensorpane {

/// Weights between points, row by row: those of point i are at begins[i] … begins[i + 1].
struct WeightedGraph {
  std::vector<uint32_t> begins;
  std::vector<uint32_t> targets;  ///< ascending within a row
  std::vector<float> weights;

  uint32_t count() const { return static_cast<uint32_t>(begins.size() - 1); }
};

/// The same, seen from the other end.
WeightedGraph Transposed(const WeightedGraph& graph);

/// `weights` of the neighbours of `table`, those of 0 left out; rows are in the order of the table.
/// Transposed twice, they are ascending.
WeightedGraph UnorderedGraphOf(const NeighbourTable& table, const std::vector<float>& weights);
/// The same, rows ascending.
WeightedGraph GraphOf(const NeighbourTable& table, const std::vector<float>& weights);

/// Of both directions one weight: unite(i → j, j → i), 0 where there is none.
/// @param back the graph, transposed
template <class Unite>
WeightedGraph United(const WeightedGraph& graph, const WeightedGraph& back, Unite unite) {
  WeightedGraph both;
  both.begins.push_back(0);
  both.targets.reserve(graph.targets.size() * 3 / 2);
  both.weights.reserve(graph.targets.size() * 3 / 2);
  for (size_t i = 0; i < graph.count(); ++i) {
    size_t a = graph.begins[i], b = back.begins[i];
    const size_t a_end = graph.begins[i + 1], b_end = back.begins[i + 1];
    while (a < a_end || b < b_end) {
      const uint32_t to_a = a < a_end ? graph.targets[a] : UINT32_MAX;
      const uint32_t to_b = b < b_end ? back.targets[b] : UINT32_MAX;
      both.targets.push_back(to_a < to_b ? to_a : to_b);
      both.weights.push_back(
          unite(to_a <= to_b ? graph.weights[a] : 0.0f, to_b <= to_a ? back.weights[b] : 0.0f));
      if (to_a <= to_b) ++a;
      if (to_b <= to_a) ++b;
    }
    both.begins.push_back(static_cast<uint32_t>(both.targets.size()));
  }
  return both;
}

/// The same at once.
template <class Unite>
WeightedGraph Symmetrised(const WeightedGraph& graph, Unite unite) {
  return United(graph, Transposed(graph), unite);
}

/// How many parts it falls into, that no weight joins. Of a symmetric one.
uint32_t Components(const WeightedGraph& graph);

}  // namespace tensorpane
