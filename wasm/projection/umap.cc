#include "projection/umap.h"

#include <algorithm>
#include <cmath>

#include "base/bytes.h"
#include "projection/simd.h"

namespace tensorpane {
namespace {

constexpr uint32_t kPushes = 5;          // for each pull
constexpr size_t kUnit = 16384;          // edges that are looked at at once
constexpr int kLeast = -30, kMost = 30;  // squared distances of a table, as powers of two
constexpr uint32_t kBits = 5;            // steps within a power of two

}  // namespace

UmapCurve FitCurve(double min_distance, double spread) {
  constexpr int kPoints = 300;
  const auto wanted = [&](double x) { return x < min_distance ? 1 : std::exp(-(x - min_distance) / spread); };
  const auto error = [&](double a, double b) {
    double sum = 0;
    for (int i = 0; i < kPoints; ++i) {
      const double x = 3 * spread * i / (kPoints - 1), y = 1 / (1 + a * std::pow(x, 2 * b)) - wanted(x);
      sum += y * y;
    }
    return sum;
  };
  // Levenberg and Marquardt's way, in two unknowns.
  double a = 1, b = 1, damping = 1e-3, last = error(a, b);
  for (int round = 0; round < 200; ++round) {
    double aa = 0, ab = 0, bb = 0, ga = 0, gb = 0;
    for (int i = 1; i < kPoints; ++i) {
      const double x = 3 * spread * i / (kPoints - 1), power = std::pow(x, 2 * b), y = 1 / (1 + a * power);
      const double by_a = -power * y * y, by_b = -2 * a * power * std::log(x) * y * y, off = y - wanted(x);
      aa += by_a * by_a, ab += by_a * by_b, bb += by_b * by_b, ga += by_a * off, gb += by_b * off;
    }
    const double p = aa * (1 + damping), q = bb * (1 + damping), determinant = p * q - ab * ab;
    if (!(std::abs(determinant) > 0)) break;
    const double next_a = a - (q * ga - ab * gb) / determinant, next_b = b - (p * gb - ab * ga) / determinant;
    const double next = next_a > 0 && next_b > 0 ? error(next_a, next_b) : INFINITY;
    if (next < last) {
      const bool still = last - next < 1e-14 * last;
      a = next_a, b = next_b, last = next, damping /= 10;
      if (still) break;
    } else {
      damping *= 10;
      if (damping > 1e12) break;
    }
  }
  return {a, b};
}

float Umap::Table::At(float square) const {
  constexpr uint32_t kShift = 23 - kBits;
  constexpr uint32_t kFirst = (127 + kLeast) << kBits;
  const uint32_t bits = BitCast<uint32_t>(square), cell = bits >> kShift;
  const uint32_t i = cell < kFirst ? 0 : std::min<uint32_t>(cell - kFirst, (kMost - kLeast) << kBits);
  const float part = static_cast<float>(bits & ((1u << kShift) - 1)) * (1.0f / (1u << kShift));
  return values[i] + part * (values[i + 1] - values[i]);
}

Umap::Umap(const WeightedGraph& graph, const std::vector<float>& start, const UmapOptions& options)
    : count_(graph.count()),
      dimensions_(options.dimensions),
      stride_(options.dimensions == 2 ? 2 : 4),
      steps_(options.steps > 0 ? options.steps
             : count_ <= 10000 ? 500
                               : 200),
      random_(options.seed),
      positions_(size_t{count_} * stride_) {
  const UmapCurve curve = FitCurve(options.min_distance, options.spread);
  const size_t steps = ((kMost - kLeast) << kBits) + 2;
  for (size_t i = 0; i < steps; ++i) {
    const double square = std::ldexp(1 + static_cast<double>(i % (1 << kBits)) / (1 << kBits),
                                     static_cast<int>(i >> kBits) + kLeast);
    const double power = curve.a * std::pow(square, curve.b);
    pull_.values.push_back(static_cast<float>(-2 * curve.b * power / square / (power + 1)));
    push_.values.push_back(static_cast<float>(2 * curve.b / ((0.001 + square) * (power + 1))));
  }
  // Weights that would have no turn are left out, as by umap-learn.
  float heaviest = 0;
  for (const float weight : graph.weights) heaviest = std::max(heaviest, weight);
  for (uint32_t i = 0; i < count_; ++i) {
    for (size_t e = graph.begins[i]; e < graph.begins[i + 1]; ++e) {
      if (!(graph.weights[e] * static_cast<float>(steps_) >= heaviest)) continue;
      const float period = heaviest / graph.weights[e];
      edges_.push_back({i, graph.targets[e], period, period});
    }
  }
  // A random offset parts points that start at the same place.
  for (size_t d = 0; d < dimensions_; ++d) {
    double most = 0;
    for (size_t i = 0; i < count_; ++i) most = std::max<double>(most, std::abs(start[i * dimensions_ + d]));
    const double scale = most > 0 ? 10 / most : 0, noise = most > 0 ? 1e-4 : 1;
    float low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count_; ++i) {
      float& value = positions_[i * stride_ + d];
      value = static_cast<float>(start[i * dimensions_ + d] * scale + noise * random_.Normal());
      low = std::min(low, value);
      high = std::max(high, value);
    }
    const float to_ten = high > low ? 10 / (high - low) : 0;
    for (size_t i = 0; i < count_; ++i)
      positions_[i * stride_ + d] = (positions_[i * stride_ + d] - low) * to_ten;
  }
}

bool Umap::Step(const Budget& budget) {
  while (step_ < steps_) {
    Unit();
    if (budget.Over()) break;
  }
  return step_ >= steps_;
}

void Umap::Unit() {
  const float alpha = 1 - static_cast<float>(step_) / static_cast<float>(steps_);
  const size_t end = std::min(edges_.size(), at_ + kUnit);
  stride_ == 2 ? Pull<2>(end, alpha) : Pull<4>(end, alpha);
  if (end < edges_.size()) return;
  at_ = 0;
  ++step_;
}

template <uint32_t kStride>
void Umap::Pull(size_t end, float alpha) {
  constexpr size_t kDimensions = kStride == 2 ? 2 : 3;
  const float now = static_cast<float>(step_);
  const auto clip = [](float value) { return std::clamp(value, -4.0f, 4.0f); };
  float* const positions = positions_.data();
  for (; at_ < end; ++at_) {
    Edge& edge = edges_[at_];
    if (edge.next > now) continue;
    edge.next += edge.period;
    float* at = positions + size_t{edge.from} * kStride;
    float* other = positions + size_t{edge.to} * kStride;
    float apart[kDimensions], square = 0;
    for (size_t d = 0; d < kDimensions; ++d) {
      apart[d] = at[d] - other[d];
      square += apart[d] * apart[d];
    }
    float here[kDimensions];
    const float pull = square > 0 ? pull_.At(square) : 0;
    for (size_t d = 0; d < kDimensions; ++d) {
      const float move = alpha * clip(pull * apart[d]);
      here[d] = at[d] + move;
      other[d] -= move;
    }
    // All from the same place: five in a row would wait for each other.
    float pushed[kDimensions] = {};
    for (uint32_t i = 0; i < kPushes; ++i) {
      const float* far = positions + size_t{random_.Below(count_)} * kStride;
      square = 0;
      for (size_t d = 0; d < kDimensions; ++d) {
        apart[d] = here[d] - far[d];
        square += apart[d] * apart[d];
      }
      const float push = far != at ? push_.At(square) : 0;
      for (size_t d = 0; d < kDimensions; ++d) pushed[d] += clip(push * apart[d]);
    }
    for (size_t d = 0; d < kDimensions; ++d) here[d] += alpha * pushed[d];
    for (size_t d = 0; d < kDimensions; ++d) at[d] = here[d];
  }
}

std::vector<float> Umap::Positions() const {
  std::vector<float> positions;
  positions.reserve(size_t{count_} * dimensions_);
  for (size_t i = 0; i < count_; ++i) {
    for (size_t d = 0; d < dimensions_; ++d) positions.push_back(positions_[i * stride_ + d]);
  }
  return positions;
}

}  // namespace tensorpane
