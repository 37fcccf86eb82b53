#include "projection/fuzzy_graph.h"

#include <algorithm>
#include <cmath>

namespace tensorpane {

FuzzyGraph::FuzzyGraph(NeighbourTable table) : table_(std::move(table)), weights_(table_.rows.size()) {
  for (size_t i = 0; i < table_.count && table_.k > 0; ++i) {
    // Products have no zero: what counts is how much further than the nearest.
    float* distances = &table_.distances[i * table_.k];
    const float least = std::min(0.0f, distances[0]);
    for (size_t j = 0; j < table_.k; ++j) {
      distances[j] -= least;
      mean_ += distances[j];
    }
  }
  // Each point itself, at 0, is one more.
  if (table_.count > 0) mean_ /= double{1} * table_.count * (table_.k + 1);
}

bool FuzzyGraph::Step(const Budget& budget) {
  while (at_ < table_.count) {
    const uint32_t end = std::min(table_.count, at_ + 64);
    for (; at_ < end; ++at_) Row(at_);
    if (budget.Over()) break;
  }
  return at_ == table_.count;
}

/// smooth_knn_dist and compute_membership_strengths of umap-learn, with its local connectivity of 1.
void FuzzyGraph::Row(uint32_t i) {
  constexpr double kLeastScale = 1e-3;  // MIN_K_DIST_SCALE
  const size_t k = table_.k;
  const float* distances = table_.distances.data() + i * k;
  float* weights = weights_.data() + i * k;
  const float* nearest = std::find_if(distances, distances + k, [](float d) { return d > 0; });
  const double rho = nearest == distances + k ? 0 : *nearest;
  const double target = std::log2(static_cast<double>(k + 1));
  double low = 0, high = INFINITY, sigma = 1, mean = 0;
  for (int round = 0; round < 64; ++round) {
    double sum = 0;
    for (size_t j = 0; j < k; ++j) {
      const double further = distances[j] - rho;
      sum += further > 0 ? std::exp(-further / sigma) : 1;
    }
    if (std::abs(sum - target) < 1e-5) break;
    (sum > target ? high : low) = sigma;
    sigma = high == INFINITY ? sigma * 2 : (low + high) / 2;
  }
  for (size_t j = 0; j < k; ++j) mean += distances[j];
  sigma = std::max(sigma, kLeastScale * (rho > 0 ? mean / static_cast<double>(k + 1) : mean_));
  for (size_t j = 0; j < k; ++j) {
    const double further = distances[j] - rho;
    weights[j] = further <= 0 || sigma == 0 ? 1.0f : static_cast<float>(std::exp(-further / sigma));
  }
}

WeightedGraph FuzzyGraph::Take() {
  const WeightedGraph graph = GraphOf(table_, weights_);
  table_ = {};
  weights_ = {};
  return Symmetrised(graph, [](float a, float b) { return a + b - a * b; });
}

}  // namespace tensorpane
