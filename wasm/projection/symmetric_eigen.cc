#include "projection/symmetric_eigen.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

#include "projection/random.h"
#include "projection/simd.h"

namespace tensorpane {
namespace {

double Dot(const double* a, const double* b, size_t n) {
  D2 sums[2] = {};
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    sums[0] += Load2(a + i) * Load2(b + i);
    sums[1] += Load2(a + i + 2) * Load2(b + i + 2);
  }
  const D2 both = sums[0] + sums[1];
  double sum = both[0] + both[1];
  for (; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

/// y −= scale · x
void Subtract(double scale, const double* x, size_t n, double* y) {
  for (size_t i = 0; i < n; ++i) y[i] -= scale * x[i];
}

}  // namespace

SymmetricEigen::SymmetricEigen(std::vector<double> matrix, uint32_t n, uint32_t wanted)
    : matrix_(std::move(matrix)),
      n_(n),
      wanted_(std::min(wanted, n)),
      diagonal_(n),
      off_(n),
      scales_(n),
      product_(n) {}

bool SymmetricEigen::Step(const Budget& budget) {
  while (column_ < n_) {
    Reflect();
    if (budget.Over()) return false;
  }
  if (values_.size() < wanted_) FindValues();
  while (vectors_.size() < size_t{wanted_} * n_) {
    FindVector(static_cast<uint32_t>(vectors_.size() / n_));
    if (budget.Over()) break;
  }
  return vectors_.size() == size_t{wanted_} * n_;
}

/// Makes the next row and column tridiagonal by H = 1 − scale · v vᵀ; v stays in the row.
void SymmetricEigen::Reflect() {
  const uint32_t k = column_++;
  diagonal_[k] = Row(k)[k];
  if (k + 1 == n_) return;
  double* v = Row(k) + k + 1;
  const size_t rest = n_ - k - 1;
  const double tail = rest > 1 ? Dot(v + 1, v + 1, rest - 1) : 0;
  if (tail == 0) {
    off_[k] = v[0];
    return;
  }
  const double length = std::sqrt(v[0] * v[0] + tail);
  off_[k] = v[0] > 0 ? -length : length;
  v[0] -= off_[k];
  const double scale = 2 / (v[0] * v[0] + tail);
  scales_[k] = scale;
  // A ← A − v wᵀ − w vᵀ, where w = p − (scale pᵀv / 2) v and p = scale A v.
  double* w = product_.data();
  for (size_t i = 0; i < rest; ++i) w[i] = scale * Dot(Row(k + 1 + i) + k + 1, v, rest);
  Subtract(scale / 2 * Dot(w, v, rest), v, rest, w);
  for (size_t i = 0; i < rest; ++i) {
    double* row = Row(k + 1 + i) + k + 1;
    const double a = v[i], b = w[i];
    for (size_t j = 0; j < rest; ++j) row[j] -= a * w[j] + b * v[j];
  }
}

void SymmetricEigen::FindValues() {
  // Gershgorin's circles hold all of them.
  double low = INFINITY, high = -INFINITY;
  for (size_t i = 0; i < n_; ++i) {
    const double radius = std::abs(off_[i]) + (i > 0 ? std::abs(off_[i - 1]) : 0);
    low = std::min(low, diagonal_[i] - radius);
    high = std::max(high, diagonal_[i] + radius);
  }
  const double least = DBL_MIN + 1e-300;
  for (uint32_t which = 0; which < wanted_; ++which) {
    double from = low, to = which == 0 ? high : values_.back();
    // Halving gives all bits that are there.
    for (int round = 0; round < 128; ++round) {
      const double middle = from + (to - from) / 2;
      if (middle <= from || middle >= to) break;
      uint32_t above = 0;  // values greater than `middle`: signs of the pivots of T − middle
      double pivot = diagonal_[0] - middle;
      for (size_t i = 0;;) {
        // It counts as what it is taken for: two equal rows have a pivot of 0 in the middle of their values.
        if (std::abs(pivot) < least) pivot = least;
        if (pivot > 0) ++above;
        if (++i == n_) break;
        pivot = diagonal_[i] - middle - off_[i - 1] * off_[i - 1] / pivot;
      }
      (above > which ? from : to) = middle;
    }
    values_.push_back(to);
  }
}

void SymmetricEigen::FindVector(uint32_t which) {
  const double value = values_[which];
  double norm = 0;
  for (size_t i = 0; i < n_; ++i) norm = std::max(norm, std::abs(diagonal_[i]) + std::abs(off_[i]));
  const double least = std::max(norm * DBL_EPSILON, DBL_MIN);
  // T − value = P L U by partial pivoting; U has two diagonals over the main one.
  std::vector<double> u(n_), over(n_), over2(n_), factors(n_);
  std::vector<bool> swapped(n_);
  u[0] = diagonal_[0] - value;
  over[0] = n_ > 1 ? off_[0] : 0;
  for (size_t i = 0; i + 1 < n_; ++i) {
    const double below = off_[i], next = diagonal_[i + 1] - value, next_over = i + 2 < n_ ? off_[i + 1] : 0;
    if (std::abs(below) > std::abs(u[i])) {
      swapped[i] = true;
      factors[i] = u[i] / below;
      u[i + 1] = over[i] - factors[i] * next;
      over[i + 1] = -factors[i] * next_over;
      u[i] = below;
      over[i] = next;
      over2[i] = next_over;
    } else {
      if (std::abs(u[i]) < least) u[i] = least;
      factors[i] = below / u[i];
      u[i + 1] = next - factors[i] * over[i];
      over[i + 1] = next_over;
    }
  }
  if (std::abs(u[n_ - 1]) < least) u[n_ - 1] = least;

  Random random(which + 1);
  std::vector<double> x(n_);
  for (double& one : x) one = random.Unit() - 0.5;
  for (int round = 0; round < 4; ++round) {
    // Away from what is found: equal values have any vectors of a plane, which must not be the same.
    for (int twice = 0; twice < 2; ++twice) {
      for (uint32_t other = 0; other < which; ++other) {
        const double* found = &vectors_[size_t{other} * n_];
        Subtract(Dot(found, x.data(), n_), found, n_, x.data());
      }
    }
    const double length = std::sqrt(Dot(x.data(), x.data(), n_));
    if (!(length > 0)) {
      std::fill(x.begin(), x.end(), 0);
      x[which] = 1;
      continue;
    }
    for (double& one : x) one /= length;
    if (round == 3) break;
    for (size_t i = 0; i + 1 < n_; ++i) {
      if (swapped[i]) std::swap(x[i], x[i + 1]);
      x[i + 1] -= factors[i] * x[i];
    }
    for (size_t i = n_; i-- > 0;) {
      if (i + 1 < n_) x[i] -= over[i] * x[i + 1];
      if (i + 2 < n_) x[i] -= over2[i] * x[i + 2];
      x[i] /= u[i];
      // As large as this it tells the vector; larger it would overflow.
      if (std::abs(x[i]) > 1e100) {
        for (double& one : x) one *= 1e-100;
      }
    }
  }
  vectors_.insert(vectors_.end(), x.begin(), x.end());
  // The vectors stay those of T until all are found, since they are compared with each other.
  if (which + 1 < wanted_) return;
  for (uint32_t i = 0; i < wanted_; ++i) {
    double* vector = &vectors_[size_t{i} * n_];
    for (size_t k = n_ - 1; k-- > 0;) {
      if (scales_[k] == 0) continue;
      const double* v = Row(k) + k + 1;
      const size_t rest = n_ - k - 1;
      Subtract(scales_[k] * Dot(v, vector + k + 1, rest), v, rest, vector + k + 1);
    }
  }
}

}  // namespace tensorpane
