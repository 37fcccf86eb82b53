#include "projection/procrustes.h"

#include <algorithm>
#include <cmath>

namespace tensorpane {
namespace {

using Matrix3 = double[3][3];

/// a = u · diag(sizes) · vᵀ by Hestenes' one-sided Jacobi rotations; u is orthogonal whatever the rank is.
void Decompose(const Matrix3& a, size_t n, Matrix3 u, double* sizes, Matrix3 v) {
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      u[i][j] = a[i][j];
      v[i][j] = i == j ? 1 : 0;
    }
  }
  for (int sweep = 0; sweep < 30; ++sweep) {
    double off = 0;
    for (size_t p = 0; p < n; ++p) {
      for (size_t q = p + 1; q < n; ++q) {
        double pp = 0, qq = 0, pq = 0;
        for (size_t i = 0; i < n; ++i) {
          pp += u[i][p] * u[i][p];
          qq += u[i][q] * u[i][q];
          pq += u[i][p] * u[i][q];
        }
        if (std::abs(pq) <= 1e-15 * std::sqrt(pp * qq)) continue;
        off = 1;
        const double zeta = (qq - pp) / (2 * pq);
        const double t = (zeta >= 0 ? 1 : -1) / (std::abs(zeta) + std::sqrt(1 + zeta * zeta));
        const double c = 1 / std::sqrt(1 + t * t), s = c * t;
        for (auto* m : {u, v}) {
          for (size_t i = 0; i < n; ++i) {
            const double x = m[i][p], y = m[i][q];
            m[i][p] = c * x - s * y;
            m[i][q] = s * x + c * y;
          }
        }
      }
    }
    if (off == 0) break;
  }
  double largest = 0;
  for (size_t j = 0; j < n; ++j) {
    double square = 0;
    for (size_t i = 0; i < n; ++i) square += u[i][j] * u[i][j];
    sizes[j] = std::sqrt(square);
    largest = std::max(largest, sizes[j]);
  }
  // What has no size gets a direction that is left: of the axes the one that is farthest from those there
  // are.
  bool known[3] = {};
  for (size_t j = 0; j < n; ++j) {
    known[j] = sizes[j] > 1e-12 * largest;
    for (size_t i = 0; i < n && known[j]; ++i) u[i][j] /= sizes[j];
  }
  for (size_t j = 0; j < n; ++j) {
    if (known[j]) continue;
    double best = -1;
    for (size_t axis = 0; axis < n; ++axis) {
      double candidate[3] = {};
      candidate[axis] = 1;
      for (size_t k = 0; k < n; ++k) {
        if (!known[k]) continue;
        const double along = u[axis][k];
        for (size_t i = 0; i < n; ++i) candidate[i] -= along * u[i][k];
      }
      double square = 0;
      for (size_t i = 0; i < n; ++i) square += candidate[i] * candidate[i];
      if (square <= best) continue;
      best = square;
      for (size_t i = 0; i < n; ++i) u[i][j] = candidate[i] / std::sqrt(square);
    }
    sizes[j] = 0;
    known[j] = true;
  }
}

}  // namespace

std::vector<float> Aligned(std::span<const float> moving, std::span<const float> fixed, uint32_t columns) {
  const size_t n = std::clamp(columns, 1u, 3u), rows = std::min(moving.size(), fixed.size()) / n;
  const auto counts = [&](size_t row) {
    bool finite = true;
    for (size_t d = 0; d < n; ++d) finite = finite && std::isfinite(moving[row * n + d] + fixed[row * n + d]);
    return finite;
  };
  double from[3] = {}, to[3] = {}, counted = 0;
  for (size_t i = 0; i < rows; ++i) {
    if (!counts(i)) continue;
    ++counted;
    for (size_t d = 0; d < n; ++d) {
      from[d] += moving[i * n + d];
      to[d] += fixed[i * n + d];
    }
  }
  std::vector<float> aligned(moving.begin(), moving.end());
  if (counted == 0) return aligned;
  for (size_t d = 0; d < n; ++d) {
    from[d] /= counted;
    to[d] /= counted;
  }
  Matrix3 products = {}, u = {}, v = {};
  double sizes[3] = {}, square = 0;
  for (size_t i = 0; i < rows; ++i) {
    if (!counts(i)) continue;
    for (size_t a = 0; a < n; ++a) {
      const double x = moving[i * n + a] - from[a];
      square += x * x;
      for (size_t b = 0; b < n; ++b) products[a][b] += x * (fixed[i * n + b] - to[b]);
    }
  }
  Decompose(products, n, u, sizes, v);
  const double size = sizes[0] + sizes[1] + sizes[2];
  const double scale = size > 0 && square > 0 ? size / square : 1;
  double turn[3][3] = {};
  for (size_t a = 0; a < n; ++a) {
    for (size_t b = 0; b < n; ++b) {
      for (size_t k = 0; k < n; ++k) turn[a][b] += u[a][k] * v[b][k];
    }
  }
  for (size_t i = 0; i < moving.size() / n; ++i) {
    for (size_t b = 0; b < n; ++b) {
      double sum = 0;
      for (size_t a = 0; a < n; ++a) sum += (moving[i * n + a] - from[a]) * turn[a][b];
      aligned[i * n + b] = static_cast<float>(scale * sum + to[b]);
    }
  }
  return aligned;
}

}  // namespace tensorpane
