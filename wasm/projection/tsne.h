#pragma once

#include <cstdint>
#include <vector>

#include "projection/budget.h"
#include "projection/knn.h"
#include "projection/random.h"
#include "projection/repulsion.h"
#include "projection/weighted_graph.h"

namespace tensorpane {

struct TsneOptions {
  uint32_t dimensions = 2;  ///< 2 or 3
  double perplexity = 30;
  double learning_rate =
      0;  ///< 0 = max(N / 12, 200) (Belkina 2019, in the units of van der Maaten's gradient)
  uint32_t steps = 1000;
  uint64_t seed = 42;
};

/// The joint probabilities P of t-SNE, over neighbours alone: of each point a Gaussian with the wanted
/// perplexity, made symmetric, 1 in all (van der Maaten 2014, section 4.1).
/// @param table the neighbours; of the cosine, half of the squared distance on the sphere
class Affinities {
 public:
  Affinities(NeighbourTable table, Metric metric, double perplexity);

  /// True = Take() has them.
  bool Step(const Budget& budget);
  uint32_t step() const { return at_; }
  WeightedGraph Take() { return std::move(graph_); }

 private:
  /// From the weights of rows to those of pairs: each is one pass over all of them, and a unit of work.
  enum class Part : uint8_t { kRows, kGraph, kTurn, kTurnBack, kOther, kUnite, kDone };

  void Unit();
  void Row(uint32_t i);

  NeighbourTable table_;
  uint32_t count_;
  Metric metric_;
  double entropy_;
  uint32_t at_ = 0;
  std::vector<float> weights_, squares_;
  Part part_ = Part::kRows;
  WeightedGraph graph_, other_;
};

/// t-SNE (van der Maaten and Hinton 2008): early exaggeration by 12 for 250 steps, momentum 0.5, then 0.8,
/// gains.
class Tsne {
 public:
  static constexpr uint32_t kExaggerated = 250;

  /// @param affinities symmetric, 1 in all
  /// @param start N × dimensions; it is scaled, and made random if all are the same
  Tsne(WeightedGraph affinities, const std::vector<float>& start, const TsneOptions& options);

  /// True = all steps are done.
  bool Step(const Budget& budget);
  uint32_t step() const { return step_; }
  uint32_t of() const { return steps_; }
  void More(uint32_t steps) { steps_ = step_ + steps; }
  /// Moves each point by some hundredths of the width, and forgets where they were going.
  void Perturb();

  /// The Kullback–Leibler divergence of P from Q before the last step that was measured; NaN = none was.
  double divergence() const { return divergence_; }
  /// N × dimensions.
  std::vector<float> Positions() const;

 private:
  enum class Part : uint8_t { kBuild, kRepel, kAttract, kMove };

  void Unit();
  void Attract(uint32_t end, bool measure);
  void Move();

  WeightedGraph affinities_;
  TsneOptions options_;
  uint32_t count_;
  uint32_t stride_;  // numbers of a point: 2, or 4 of which one is 0
  double learning_rate_;
  Random random_;
  Repulsion repulsion_;
  std::vector<float> positions_, velocities_, gains_, pushes_, pulls_;
  uint32_t step_ = 0, steps_;
  Part part_ = Part::kBuild;
  uint32_t at_ = 0;  // groups or points of the part that are done
  double sum_q_ = 0;
  double sum_p_log_p_ = 0;
  double sum_p_log_d_ = 0;  // of the step: Σ p log(1 + |y − y'|²)
  double divergence_;
};

}  // namespace tensorpane
