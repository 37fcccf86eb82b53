#include "projection/spectral.h"

#include <algorithm>
#include <cmath>

#include "projection/symmetric_eigen.h"

namespace tensorpane {

Spectral::Spectral(const WeightedGraph& graph, uint32_t dimensions, uint64_t seed)
    : graph_(graph),
      dimensions_(dimensions),
      steps_(std::min(kSteps, std::max(graph.count(), 1u) - 1)),
      roots_(graph.count()),
      constant_(graph.count()) {
  const size_t n = graph.count();
  double square = 0;
  for (size_t i = 0; i < n; ++i) {
    double degree = 0;
    for (size_t e = graph.begins[i]; e < graph.begins[i + 1]; ++e) degree += graph.weights[e];
    roots_[i] = degree > 0 ? 1 / std::sqrt(degree) : 0;
    square += degree;
    constant_[i] = static_cast<float>(std::sqrt(degree));
  }
  const float scale = square > 0 ? static_cast<float>(1 / std::sqrt(square)) : 0;
  for (float& value : constant_) value *= scale;
  Random random(seed);
  std::vector<double> first(n);
  for (double& value : first) value = random.Normal();
  Orthogonalise(&first);
  double length = 0;
  for (const double value : first) length += value * value;
  length = std::sqrt(length);
  for (const double value : first) basis_.push_back(static_cast<float>(length > 0 ? value / length : 0));
}

/// Twice, since once leaves what rounding has brought in.
void Spectral::Orthogonalise(std::vector<double>* vector) const {
  const size_t n = vector->size();
  double* x = vector->data();
  const auto away_from = [&](const float* other) {
    double dots[4] = {}, dot = 0;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
      for (size_t lane = 0; lane < 4; ++lane) dots[lane] += x[i + lane] * other[i + lane];
    }
    for (; i < n; ++i) dot += x[i] * other[i];
    dot += (dots[0] + dots[2]) + (dots[1] + dots[3]);
    for (i = 0; i < n; ++i) x[i] -= dot * other[i];
  };
  for (int twice = 0; twice < 2; ++twice) {
    away_from(constant_.data());
    for (size_t row = 0; row < diagonal_.size(); ++row) away_from(&basis_[row * n]);
  }
}

bool Spectral::Step(const Budget& budget) {
  while (diagonal_.size() < steps_) {
    Extend();
    if (budget.Over()) return false;
  }
  if (positions_.empty()) Finish();
  return true;
}

void Spectral::Extend() {
  const size_t n = graph_.count();
  const float* last = &basis_[diagonal_.size() * n];
  std::vector<double> image(n);
  double along = 0;
  for (size_t i = 0; i < n; ++i) {
    double sum = 0;
    for (size_t e = graph_.begins[i]; e < graph_.begins[i + 1]; ++e) {
      const size_t j = graph_.targets[e];
      sum += graph_.weights[e] * roots_[j] * last[j];
    }
    image[i] = sum * roots_[i];
    along += image[i] * last[i];
  }
  diagonal_.push_back(along);
  Orthogonalise(&image);
  double length = 0;
  for (const double value : image) length += value * value;
  length = std::sqrt(length);
  if (length < 1e-6) {
    // All that can be reached is there.
    steps_ = static_cast<uint32_t>(diagonal_.size());
    return;
  }
  off_.push_back(length);
  for (const double value : image) basis_.push_back(static_cast<float>(value / length));
}

void Spectral::Finish() {
  const size_t n = graph_.count();
  positions_.resize(n * dimensions_);
  std::vector<double> matrix(size_t{steps_} * steps_);
  for (size_t i = 0; i < steps_; ++i) {
    matrix[i * steps_ + i] = diagonal_[i];
    if (i + 1 < steps_) matrix[i * steps_ + i + 1] = matrix[(i + 1) * steps_ + i] = off_[i];
  }
  SymmetricEigen eigen(std::move(matrix), steps_, dimensions_);
  while (!eigen.Step(Budget(1000))) {
  }
  for (size_t d = 0; d < eigen.values().size(); ++d) {
    const double* weights = &eigen.vectors()[d * steps_];
    for (size_t row = 0; row < steps_; ++row) {
      for (size_t i = 0; i < n; ++i) {
        positions_[i * dimensions_ + d] += static_cast<float>(weights[row] * basis_[row * n + i]);
      }
    }
  }
  basis_ = {};
}

}  // namespace tensorpane
