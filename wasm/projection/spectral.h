#pragma once

#include <cstdint>
#include <vector>

#include "projection/budget.h"
#include "projection/random.h"
#include "projection/weighted_graph.h"

namespace tensorpane {

/// Where points of a connected graph lie by the first eigenvectors of its normalised Laplacian, but for the
/// constant one (Belkin and Niyogi 2003): by Lanczos' method, of so many steps, so only nearly. Good to start
/// from.
class Spectral {
 public:
  static constexpr uint32_t kSteps = 100;

  /// @param graph symmetric and connected; must outlive it
  Spectral(const WeightedGraph& graph, uint32_t dimensions, uint64_t seed);

  /// True = Take() has them.
  bool Step(const Budget& budget);
  uint32_t step() const { return static_cast<uint32_t>(diagonal_.size()); }
  uint32_t of() const { return steps_; }
  /// Points × dimensions.
  std::vector<float> Take() { return std::move(positions_); }

 private:
  void Extend();
  void Finish();
  void Orthogonalise(std::vector<double>* vector) const;

  const WeightedGraph& graph_;
  uint32_t dimensions_, steps_;
  std::vector<double> roots_;           // of the degrees, inverse
  std::vector<float> constant_;         // the eigenvector that tells nothing
  std::vector<float> basis_;            // a row for each step
  std::vector<double> diagonal_, off_;  // of the tridiagonal matrix
  std::vector<float> positions_;
};

}  // namespace tensorpane
