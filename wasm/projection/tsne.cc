#include "projection/tsne.h"

#include <algorithm>
#include <cmath>

#include "projection/exponential.h"
#include "projection/simd.h"

namespace tensorpane {
namespace {

constexpr float kExaggeration = 12;
constexpr uint32_t kMeasureEvery = 50;
constexpr double kLeastSum = 1e-20;  // of q, where points have flown apart
constexpr uint32_t kUnit = 2048;     // points that are pulled at once

}  // namespace

// ---- P
// -------------------------------------------------------------------------------------------------------

Affinities::Affinities(NeighbourTable table, Metric metric, double perplexity)
    : table_(std::move(table)),
      count_(table_.count),
      metric_(metric),
      entropy_(std::log(perplexity)),
      weights_(table_.rows.size()),
      squares_((table_.k + 3) / 4 * 4) {}

bool Affinities::Step(const Budget& budget) {
  while (part_ != Part::kDone) {
    Unit();
    if (budget.Over()) break;
  }
  return part_ == Part::kDone;
}

void Affinities::Unit() {
  switch (part_) {
    case Part::kRows: {
      const uint32_t end = std::min(count_, at_ + 64);
      for (; at_ < end; ++at_) Row(at_);
      if (at_ == count_) part_ = Part::kGraph;
      return;
    }
    case Part::kGraph:
      graph_ = UnorderedGraphOf(table_, weights_);
      table_ = {};
      weights_ = {};
      part_ = Part::kTurn;
      return;
    case Part::kTurn:
      graph_ = Transposed(graph_);
      part_ = Part::kTurnBack;
      return;
    case Part::kTurnBack:
      graph_ = Transposed(graph_);
      part_ = Part::kOther;
      return;
    case Part::kOther:
      other_ = Transposed(graph_);
      part_ = Part::kUnite;
      return;
    case Part::kUnite: {
      const float share = count_ > 0 ? 1 / (2 * static_cast<float>(count_)) : 0;
      graph_ = United(graph_, other_, [share](float a, float b) { return (a + b) * share; });
      other_ = {};
      part_ = Part::kDone;
      return;
    }
    case Part::kDone:
      return;
  }
}

void Affinities::Row(uint32_t i) {
  const size_t k = table_.k;
  if (k == 0) return;
  const float* distances = &table_.distances[i * k];
  float* weights = &weights_[i * k];
  // The least is taken away, which changes nothing but what is too small for a float.
  for (size_t j = 0; j < k; ++j) {
    const float d = distances[j];
    squares_[j] = metric_ == Metric::kEuclidean ? d * d - distances[0] * distances[0] : d - distances[0];
  }
  std::fill(squares_.begin() + static_cast<std::ptrdiff_t>(k), squares_.end(), INFINITY);
  double mean = 0;
  for (size_t j = 0; j < k; ++j) mean += squares_[j];
  mean /= static_cast<double>(k);
  if (!(mean > 0)) {
    std::fill(weights, weights + k, 1 / static_cast<float>(k));
    return;
  }
  // The entropy log S + β M falls as β grows, by β times the variance: Newton's way, held by a bracket.
  double beta = 1 / mean, low = 0, high = INFINITY, sum = 1;
  for (int round = 0; round < 60; ++round) {
    F4 sums{}, firsts{}, seconds{};
    for (size_t j = 0; j < squares_.size(); j += 4) {
      F4 square = Load4(&squares_[j]);
      const F4 weight = Exponential(square * Splat(static_cast<float>(-beta)));
      if (j + 4 > k) {
        for (size_t lane = k - j; lane < 4; ++lane) square[lane] = 0;
      }
      sums += weight;
      firsts += weight * square;
      seconds += weight * square * square;
    }
    sum = Sum(sums);
    const double first = Sum(firsts) / sum, variance = std::max(0.0, Sum(seconds) / sum - first * first);
    const double over = std::log(sum) + beta * first - entropy_;
    if (std::abs(over) < 1e-5) break;
    (over > 0 ? low : high) = beta;
    const double slope = beta * variance;
    double next = slope > 0 ? beta + over / slope : INFINITY;
    if (!(next > low && next < high)) next = high == INFINITY ? 2 * beta : (low + high) / 2;
    if (next == beta || next > 1e30 / mean) break;
    beta = next;
  }
  for (size_t j = 0; j < k; j += 4) {
    const F4 weight = Exponential(Load4(&squares_[j]) * Splat(static_cast<float>(-beta)));
    for (size_t lane = 0; lane < std::min<size_t>(4, k - j); ++lane) {
      weights[j + lane] = static_cast<float>(weight[lane] / sum);
    }
  }
}

// ---- The layout
// ----------------------------------------------------------------------------------------------

Tsne::Tsne(WeightedGraph affinities, const std::vector<float>& start, const TsneOptions& options)
    : affinities_(std::move(affinities)),
      options_(options),
      count_(affinities_.count()),
      stride_(options.dimensions == 2 ? 2 : 4),
      learning_rate_(options.learning_rate > 0 ? options.learning_rate : std::max(count_ / 12.0, 200.0)),
      random_(options.seed),
      repulsion_(options.dimensions, 1.0f),
      positions_(size_t{count_} * stride_),
      velocities_(positions_.size()),
      gains_(positions_.size(), 1),
      pushes_(positions_.size()),
      pulls_(positions_.size()),
      steps_(options.steps),
      divergence_(NAN) {
  // The first coordinate gets a deviation of 1e-4 (Kobak and Berens 2019).
  double square = 0;
  for (size_t i = 0; i < count_; ++i)
    square += double{start[i * options.dimensions]} * start[i * options.dimensions];
  const double scale = square > 0 ? 1e-4 / std::sqrt(square / count_) : 0;
  for (size_t i = 0; i < count_; ++i) {
    for (size_t d = 0; d < options.dimensions; ++d) {
      // What makes equal points differ, so that they can part.
      const double noise = (scale > 0 ? 1e-6 : 1e-4) * random_.Normal();
      positions_[i * stride_ + d] = static_cast<float>(start[i * options.dimensions + d] * scale + noise);
    }
  }
  for (const float p : affinities_.weights) sum_p_log_p_ += p > 0 ? double{p} * std::log(p) : 0;
}

bool Tsne::Step(const Budget& budget) {
  while (step_ < steps_ && count_ > 1) {
    Unit();
    if (budget.Over()) break;
  }
  return step_ >= steps_ || count_ <= 1;
}

void Tsne::Unit() {
  switch (part_) {
    case Part::kBuild:
      repulsion_.Build(positions_.data(), count_, stride_);
      sum_q_ = sum_p_log_d_ = 0;
      at_ = 0;
      part_ = Part::kRepel;
      return;
    case Part::kRepel: {
      const uint32_t end = std::min(repulsion_.groups(), at_ + kUnit / 16);
      sum_q_ += repulsion_.Repel(at_, end, pushes_.data(), stride_);
      at_ = end;
      if (end < repulsion_.groups()) return;
      at_ = 0;
      part_ = Part::kAttract;
      return;
    }
    case Part::kAttract:
      Attract(std::min(count_, at_ + kUnit), step_ % kMeasureEvery == 0 || step_ + 1 == steps_);
      if (at_ == count_) part_ = Part::kMove;
      return;
    case Part::kMove:
      Move();
      part_ = Part::kBuild;
      return;
  }
}

/// Σ p q (y − y') of some points.
void Tsne::Attract(uint32_t end, bool measure) {
  const uint32_t* targets = affinities_.targets.data();
  const float* weights = affinities_.weights.data();
  const F4 one = Splat(1.0f);
  for (; at_ < end; ++at_) {
    size_t e = affinities_.begins[at_];
    const size_t e_end = affinities_.begins[at_ + 1];
    float* pull = &pulls_[size_t{at_} * stride_];
    const float* at = &positions_[size_t{at_} * stride_];
    if (stride_ == 2) {
      const F4 x = Splat(at[0]), y = Splat(at[1]);
      F4 pull_x{}, pull_y{};
      for (; e + 4 <= e_end; e += 4) {
        const float *a = &positions_[2 * size_t{targets[e]}], *b = &positions_[2 * size_t{targets[e + 1]}];
        const float *c = &positions_[2 * size_t{targets[e + 2]}],
                    *d = &positions_[2 * size_t{targets[e + 3]}];
        const F4 left = x - F4{a[0], b[0], c[0], d[0]}, up = y - F4{a[1], b[1], c[1], d[1]};
        const F4 pq = Load4(weights + e) / (one + left * left + up * up);
        pull_x += pq * left;
        pull_y += pq * up;
      }
      pull[0] = Sum(pull_x);
      pull[1] = Sum(pull_y);
      for (; e < e_end; ++e) {
        const float* other = &positions_[2 * size_t{targets[e]}];
        const float left = at[0] - other[0], up = at[1] - other[1];
        const float pq = weights[e] / (1 + left * left + up * up);
        pull[0] += pq * left;
        pull[1] += pq * up;
      }
    } else {
      const F4 here = Load4(at);
      F4 sum{};
      for (; e < e_end; ++e) {
        const F4 apart = here - Load4(&positions_[4 * size_t{targets[e]}]);
        sum += apart * Splat(weights[e] / (1 + Sum(apart * apart)));
      }
      Store(sum, pull);
    }
    if (!measure) continue;
    for (e = affinities_.begins[at_]; e < e_end; ++e) {
      float square = 1;
      for (size_t d = 0; d < options_.dimensions; ++d) {
        const float apart = at[d] - positions_[size_t{targets[e]} * stride_ + d];
        square += apart * apart;
      }
      sum_p_log_d_ += double{weights[e]} * std::log(square);
    }
  }
}

void Tsne::Move() {
  if (step_ % kMeasureEvery == 0 || step_ + 1 == steps_) {
    divergence_ = sum_p_log_p_ + sum_p_log_d_ + std::log(std::max(sum_q_, kLeastSum));
  }
  const float exaggeration = step_ < kExaggerated ? kExaggeration : 1;
  const float momentum = step_ < kExaggerated ? 0.5f : 0.8f;
  const float rate = static_cast<float>(learning_rate_),
              push = static_cast<float>(1 / std::max(sum_q_, kLeastSum));
  double mean[4] = {};
  for (size_t i = 0; i < positions_.size(); ++i) {
    const float gradient = exaggeration * pulls_[i] - push * pushes_[i];
    const bool turned = (gradient > 0) != (velocities_[i] > 0);
    gains_[i] = std::max(0.01f, turned ? gains_[i] + 0.2f : gains_[i] * 0.8f);
    velocities_[i] = momentum * velocities_[i] - rate * gains_[i] * gradient;
    positions_[i] += velocities_[i];
    mean[i % stride_] += positions_[i];
  }
  for (size_t d = 0; d < stride_; ++d) mean[d] /= count_;
  for (size_t i = 0; i < positions_.size(); ++i) positions_[i] -= static_cast<float>(mean[i % stride_]);
  ++step_;
}

void Tsne::Perturb() {
  double square = 0;
  for (const float value : positions_) square += double{value} * value;
  const double deviation = std::sqrt(square / std::max<double>(1, double{1} * count_ * options_.dimensions));
  for (size_t i = 0; i < count_; ++i) {
    for (size_t d = 0; d < options_.dimensions; ++d) {
      positions_[i * stride_ + d] += static_cast<float>(0.05 * deviation * random_.Normal());
    }
  }
  std::fill(velocities_.begin(), velocities_.end(), 0.0f);
  std::fill(gains_.begin(), gains_.end(), 1.0f);
  part_ = Part::kBuild;
}

std::vector<float> Tsne::Positions() const {
  std::vector<float> positions;
  positions.reserve(size_t{count_} * options_.dimensions);
  for (size_t i = 0; i < count_; ++i) {
    for (size_t d = 0; d < options_.dimensions; ++d) positions.push_back(positions_[i * stride_ + d]);
  }
  return positions;
}

}  // namespace tensorpane
