#pragma once

#include <cstdint>
#include <vector>

#include "projection/budget.h"
#include "projection/random.h"
#include "projection/weighted_graph.h"

namespace tensorpane {

struct UmapOptions {
  uint32_t dimensions = 2;  ///< 2 or 3
  double min_distance = 0.1;
  double spread = 1;
  uint32_t steps = 0;  ///< epochs; 0 = 500 up to 10,000 points, 200 beyond
  uint64_t seed = 42;
};

/// How near points are in the picture by their distance there: 1 / (1 + a d^2b).
struct UmapCurve {
  double a = 1, b = 1;
};

/// The curve nearest to 1 up to `min_distance` and exp(−(d − min_distance) / spread) beyond (find_ab_params
/// of umap-learn).
UmapCurve FitCurve(double min_distance, double spread);

/// The layout of UMAP (McInnes, Healy, Melville 2018, algorithm 5): stochastic gradient descent over the
/// weights of a fuzzy graph, each in its turn as often as it is heavy, with five random points that push for
/// each that pulls.
class Umap {
 public:
  /// @param start points × dimensions; scaled to 0 … 10 in each dimension
  Umap(const WeightedGraph& graph, const std::vector<float>& start, const UmapOptions& options);

  /// True = all epochs are done.
  bool Step(const Budget& budget);
  uint32_t step() const { return step_; }
  uint32_t of() const { return steps_; }
  /// So many more, as if they had been the last ones from the beginning on.
  void More(uint32_t steps) { steps_ = step_ + steps; }
  /// Points × dimensions.
  std::vector<float> Positions() const;

 private:
  /// A function of a squared distance, in even steps within each power of two.
  struct Table {
    std::vector<float> values;
    float At(float square) const;
  };
  struct Edge {
    uint32_t from, to;
    float period;  // epochs from one turn to the next
    float next;    // its next turn
  };

  void Unit();
  template <uint32_t kStride>
  void Pull(size_t end, float alpha);

  uint32_t count_, dimensions_;
  uint32_t stride_;  // numbers of a point: 2, or 4 of which one is 0
  uint32_t step_ = 0, steps_;
  size_t at_ = 0;  // edges of the epoch that are done
  Random random_;
  Table pull_, push_;
  std::vector<Edge> edges_;
  std::vector<float> positions_;
};

}  // namespace tensorpane
