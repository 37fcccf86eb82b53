#pragma once

#include <cstdint>
#include <vector>

#include "projection/budget.h"
#include "projection/weighted_graph.h"

namespace tensorpane {

/// The fuzzy simplicial set of UMAP (McInnes, Healy, Melville 2018, algorithms 2 and 3): how much each point
/// takes its neighbours for such, 1 for the nearest, made symmetric by the fuzzy union a + b − ab.
class FuzzyGraph {
 public:
  /// @param table neighbours without the point itself, which UMAP counts as one
  explicit FuzzyGraph(NeighbourTable table);

  /// True = Take() has it.
  bool Step(const Budget& budget);
  uint32_t step() const { return at_; }
  WeightedGraph Take();

 private:
  void Row(uint32_t i);

  NeighbourTable table_;
  double mean_ = 0;  // of all distances
  uint32_t at_ = 0;
  std::vector<float> weights_;
};

}  // namespace tensorpane
