#pragma once

#include <cstdint>
#include <vector>

#include "projection/budget.h"

namespace tensorpane {

/// The largest eigenvalues of a symmetric matrix and their vectors: to tridiagonal form by Householder's
/// reflections, values by bisection with Sturm sequences, vectors by inverse iteration (Golub and Van Loan,
/// Matrix Computations, 8.3 and 8.4; LAPACK's dstebz and dstein go the same way).
class SymmetricEigen {
 public:
  /// @param matrix n × n, both triangles; taken over
  /// @param wanted how many; n at most
  SymmetricEigen(std::vector<double> matrix, uint32_t n, uint32_t wanted);

  /// True = done.
  bool Step(const Budget& budget);

  /// Descending.
  const std::vector<double>& values() const { return values_; }
  /// Of each value: n numbers, of length 1 and orthogonal to the others.
  const std::vector<double>& vectors() const { return vectors_; }

 private:
  void Reflect();
  void FindValues();
  void FindVector(uint32_t which);

  double* Row(size_t i) { return &matrix_[i * n_]; }

  std::vector<double> matrix_;  // reflection k in row k, behind the diagonal
  uint32_t n_, wanted_;
  uint32_t column_ = 0;
  std::vector<double> diagonal_, off_;  // off_[i] between i and i + 1
  std::vector<double> scales_;          // of the reflections
  std::vector<double> product_;
  std::vector<double> values_, vectors_;
};

}  // namespace tensorpane
