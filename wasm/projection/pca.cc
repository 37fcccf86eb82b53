#include "projection/pca.h"

#include <algorithm>
#include <cmath>

#include "projection/random.h"
#include "projection/simd.h"

namespace tensorpane {
namespace {

constexpr uint32_t kRows = 64;  // that are added at once
constexpr uint32_t kOversampling = 14;
constexpr uint32_t kRounds = 5;  // of the subspace iteration

/// Adds packedᵀ × packed to the upper blocks of a symmetric matrix. `packed` has four columns side by side,
/// row by row, one such strip behind the other.
void AddOuter(const double* packed, size_t rows, size_t strips, double* products) {
  const size_t side = 4 * strips;
  for (size_t a = 0; a < strips; ++a) {
    for (size_t b = a; b < strips; ++b) {
      const double *left = packed + a * rows * 4, *right = packed + b * rows * 4;
      D2 sums[4][2] = {};
      for (size_t r = 0; r < rows; ++r, left += 4, right += 4) {
        const D2 low = Load2(right), high = Load2(right + 2);
        for (size_t i = 0; i < 4; ++i) {
          const D2 x = Splat(left[i]);
          sums[i][0] += x * low;
          sums[i][1] += x * high;
        }
      }
      for (size_t i = 0; i < 4; ++i) {
        double* to = products + (4 * a + i) * side + 4 * b;
        Store(Load2(to) + sums[i][0], to);
        Store(Load2(to + 2) + sums[i][1], to + 2);
      }
    }
  }
}

/// Makes rows orthonormal, twice, by Gram and Schmidt; one that depends on others becomes 0.
void Orthonormalise(uint32_t rows, size_t n, double* values) {
  for (size_t i = 0; i < rows; ++i) {
    double* row = values + i * n;
    double before = 0;
    for (size_t d = 0; d < n; ++d) before += row[d] * row[d];
    for (int twice = 0; twice < 2; ++twice) {
      for (size_t j = 0; j < i; ++j) {
        const double* other = values + j * n;
        double dot = 0;
        for (size_t d = 0; d < n; ++d) dot += row[d] * other[d];
        for (size_t d = 0; d < n; ++d) row[d] -= dot * other[d];
      }
    }
    double square = 0;
    for (size_t d = 0; d < n; ++d) square += row[d] * row[d];
    const double scale = square > 1e-24 * before ? 1 / std::sqrt(square) : 0;
    for (size_t d = 0; d < n; ++d) row[d] *= scale;
  }
}

}  // namespace

Pca::Pca(const Points& points, uint32_t components, uint64_t seed, uint32_t exact)
    : points_(points),
      wanted_(std::min(components, points.dimensions)),
      way_(points.dimensions <= std::min(exact, std::max(points.count, 1u)) ? Way::kCovariance
           : points.count <= exact                                          ? Way::kGram
                                                                            : Way::kRandomised),
      phase_(way_ == Way::kRandomised ? Phase::kIterate : Phase::kProducts),
      mean_(Centroid(points)),
      basis_panels_(points.dimensions) {
  variances_.resize(wanted_);
  explained_.resize(wanted_);
  directions_.resize(size_t{wanted_} * points.dimensions);
  if (points.count == 0) phase_ = Phase::kDone;
  for (size_t i = 0; i < points.count; ++i) {
    const float* row = points.Row(i);
    for (size_t d = 0; d < points.dimensions; ++d) total_ += (row[d] - mean_[d]) * (row[d] - mean_[d]);
  }
  const size_t n = way_ == Way::kGram ? points.count : points.dimensions;
  of_ = way_ == Way::kGram ? points.dimensions : points.count;
  if (way_ != Way::kRandomised) {
    const size_t side = (n + 3) / 4 * 4;
    products_.resize(side * side);
    packed_.resize(kRows * side);
    return;
  }
  of_ *= kRounds;
  width_ = (wanted_ + kOversampling + 7) / 8 * 8;
  Random random(seed);
  basis_.resize(size_t{width_} * points.dimensions);
  for (double& value : basis_) value = random.Normal();
}

bool Pca::Step(const Budget& budget) {
  while (phase_ != Phase::kDone) {
    Unit(budget);
    if (budget.Over()) break;
  }
  return phase_ == Phase::kDone;
}

void Pca::Unit(const Budget& budget) {
  switch (phase_) {
    case Phase::kProducts:
      return AddProducts();
    case Phase::kEigen:
      if (eigen_->Step(budget)) TakeEigen();
      return;
    case Phase::kIterate:
      return Iterate();
    case Phase::kProject:
      return Project();
    case Phase::kDone:
      return;
  }
}

void Pca::AddProducts() {
  // Of a covariance: rows are points and columns dimensions; of products of points the other way round.
  const bool gram = way_ == Way::kGram;
  const size_t rows = gram ? points_.dimensions : points_.count,
               columns = gram ? points_.count : points_.dimensions;
  const size_t strips = (columns + 3) / 4, count = std::min<size_t>(kRows, rows - at_);
  std::fill(packed_.begin(), packed_.end(), 0);
  for (size_t r = 0; r < count; ++r) {
    for (size_t c = 0; c < columns; ++c) {
      const size_t point = gram ? c : at_ + r, dimension = gram ? at_ + r : c;
      packed_[(c / 4) * count * 4 + r * 4 + c % 4] = points_.Row(point)[dimension] - mean_[dimension];
    }
  }
  AddOuter(packed_.data(), count, strips, products_.data());
  at_ += static_cast<uint32_t>(count);
  step_ = at_;
  if (at_ < rows) return;
  const size_t side = 4 * strips;
  std::vector<double> matrix(columns * columns);
  for (size_t i = 0; i < columns; ++i) {
    for (size_t j = i; j < columns; ++j)
      matrix[i * columns + j] = matrix[j * columns + i] = products_[i * side + j];
  }
  products_ = {};
  eigen_ = std::make_unique<SymmetricEigen>(std::move(matrix), static_cast<uint32_t>(columns), wanted_);
  phase_ = Phase::kEigen;
}

void Pca::TakeEigen() {
  const size_t dimensions = points_.dimensions, found = eigen_->values().size();
  for (size_t i = 0; i < found; ++i) {
    variances_[i] = std::max(0.0, eigen_->values()[i]);
    double* direction = &directions_[i * dimensions];
    const double* vector = &eigen_->vectors()[i * (way_ == Way::kGram ? points_.count : dimensions)];
    if (way_ == Way::kCovariance) {
      std::copy_n(vector, dimensions, direction);
      continue;
    }
    // What is no more than the error of larger ones has no direction.
    if (variances_[i] <= 1e-12 * total_) {
      variances_[i] = 0;
      continue;
    }
    for (size_t p = 0; p < points_.count; ++p) {
      const float* row = points_.Row(p);
      const double weight = vector[p] / std::sqrt(variances_[i]);
      for (size_t d = 0; d < dimensions; ++d) direction[d] += weight * (row[d] - mean_[d]);
    }
  }
  eigen_.reset();
  FinishDirections();
}

void Pca::FinishDirections() {
  const size_t dimensions = points_.dimensions;
  const double share = points_.count > 1 ? points_.count - 1.0 : 1;
  for (size_t i = 0; i < wanted_; ++i) {
    explained_[i] = total_ > 0 ? variances_[i] / total_ : 0;
    variances_[i] /= share;
    double* direction = &directions_[i * dimensions];
    const double* largest = std::max_element(direction, direction + dimensions,
                                             [](double a, double b) { return std::abs(a) < std::abs(b); });
    if (*largest < 0) {
      for (size_t d = 0; d < dimensions; ++d) direction[d] = -direction[d];
    }
  }
  // Two components side by side for each dimension.
  const size_t pairs = (wanted_ + 1) / 2;
  by_dimension_.assign(dimensions * pairs * 2, 0);
  for (size_t i = 0; i < wanted_; ++i) {
    for (size_t d = 0; d < dimensions; ++d)
      by_dimension_[d * pairs * 2 + i] = directions_[i * dimensions + d];
  }
  positions_.resize(size_t{points_.count} * wanted_);
  at_ = 0;
  phase_ = Phase::kProject;
}

void Pca::Project() {
  const uint32_t end = std::min(points_.count, at_ + kRows);
  const size_t pairs = (wanted_ + 1) / 2;
  std::vector<D2> sums(pairs);
  for (; at_ < end; ++at_) {
    std::fill(sums.begin(), sums.end(), D2{});
    const float* row = points_.Row(at_);
    for (size_t d = 0; d < points_.dimensions; ++d) {
      const D2 x = Splat(row[d] - mean_[d]);
      const double* weights = &by_dimension_[d * pairs * 2];
      for (size_t i = 0; i < pairs; ++i) sums[i] += x * Load2(weights + 2 * i);
    }
    for (size_t i = 0; i < wanted_; ++i) {
      positions_[size_t{at_} * wanted_ + i] = static_cast<float>(sums[i / 2][i % 2]);
    }
  }
  if (at_ == points_.count) {
    step_ = of_;
    phase_ = Phase::kDone;
  }
}

/// Some rows of one round: image += rowᵀ (row × basis).
void Pca::Iterate() {
  const size_t dimensions = points_.dimensions;
  if (at_ == 0) {
    Orthonormalise(width_, dimensions, basis_.data());
    const std::vector<float> floats(basis_.begin(), basis_.end());
    std::vector<uint32_t> rows(width_);
    for (uint32_t i = 0; i < width_; ++i) rows[i] = i;
    basis_panels_ = Panels(points_.dimensions);
    basis_panels_.Add({floats.data(), width_, points_.dimensions}, rows);
    basis_means_.assign(width_, 0);
    for (size_t i = 0; i < width_; ++i) {
      for (size_t d = 0; d < dimensions; ++d) basis_means_[i] += mean_[d] * floats[i * dimensions + d];
    }
    image_.assign(dimensions * width_, 0);
    small_.assign(size_t{width_} * width_, 0);
  }
  const uint32_t end = std::min(points_.count, at_ + kRows);
  image_part_.assign(dimensions * width_, 0);
  std::vector<float> on_basis(4 * size_t{width_});
  for (; at_ < end; at_ += 4) {
    const uint32_t count = std::min(4u, end - at_);
    const float* rows[4];
    for (uint32_t r = 0; r < 4; ++r) rows[r] = points_.Row(at_ + std::min(r, count - 1));
    for (size_t p = 0; p < basis_panels_.size(); ++p) {
      const Products products(rows, basis_panels_.Panel(p), points_.dimensions);
      for (uint32_t r = 0; r < count; ++r) {
        Store(products.low[r], &on_basis[r * width_ + p * Panels::kWidth]);
        Store(products.high[r], &on_basis[r * width_ + p * Panels::kWidth + 4]);
      }
    }
    for (uint32_t r = 0; r < count; ++r) {
      float* y = &on_basis[r * width_];
      for (size_t i = 0; i < width_; ++i) y[i] = static_cast<float>(y[i] - basis_means_[i]);
      for (size_t i = 0; i < width_; ++i) {
        for (size_t j = 0; j < width_; ++j) small_[i * width_ + j] += double{y[i]} * y[j];
      }
      for (size_t d = 0; d < dimensions; ++d) {
        const F4 x = Splat(static_cast<float>(rows[r][d] - mean_[d]));
        float* to = &image_part_[d * width_];
        for (size_t i = 0; i < width_; i += 4) Store(Load4(to + i) + x * Load4(y + i), to + i);
      }
    }
  }
  at_ = end;
  for (size_t i = 0; i < image_.size(); ++i) image_[i] += image_part_[i];
  step_ = round_ * points_.count + at_;
  if (at_ == points_.count) EndIteration();
}

void Pca::EndIteration() {
  const size_t dimensions = points_.dimensions;
  at_ = 0;
  if (++round_ < kRounds) {
    for (size_t i = 0; i < width_; ++i) {
      for (size_t d = 0; d < dimensions; ++d) basis_[i * dimensions + d] = image_[d * width_ + i];
    }
    return;
  }
  // Rayleigh and Ritz: the best vectors within the basis.
  SymmetricEigen eigen(small_, width_, wanted_);
  while (!eigen.Step(Budget(1000))) {
  }
  for (size_t c = 0; c < wanted_; ++c) {
    variances_[c] = std::max(0.0, eigen.values()[c]);
    for (size_t i = 0; i < width_; ++i) {
      const double weight = eigen.vectors()[c * width_ + i];
      for (size_t d = 0; d < dimensions; ++d) {
        directions_[c * dimensions + d] += weight * basis_[i * dimensions + d];
      }
    }
  }
  FinishDirections();
}

}  // namespace tensorpane
