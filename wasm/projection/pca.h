#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "projection/budget.h"
#include "projection/panels.h"
#include "projection/points.h"
#include "projection/symmetric_eigen.h"

namespace tensorpane {

/// Principal components of all points in all dimensions, centred. Exact, by the eigenvectors of the
/// covariance of dimensions, or of the products of points where these are fewer; where both are many, by a
/// randomised subspace iteration (Halko, Martinsson, Tropp 2011, algorithm 4.4).
class Pca {
 public:
  static constexpr uint32_t kComponents = 10;
  /// Dimensions or points up to which it is exact.
  static constexpr uint32_t kExact = 1024;

  /// @param points must outlive it
  /// @param components at most; fewer where there are fewer dimensions
  Pca(const Points& points, uint32_t components, uint64_t seed, uint32_t exact = kExact);

  /// True = done.
  bool Step(const Budget& budget);
  uint32_t step() const { return step_; }
  uint32_t of() const { return of_; }

  uint32_t components() const { return wanted_; }
  bool randomised() const { return way_ == Way::kRandomised; }
  /// The variance of each, divided by N − 1; descending.
  const std::vector<double>& variances() const { return variances_; }
  /// The share of all variance of each; 0 if there is none.
  const std::vector<double>& explained() const { return explained_; }
  /// The directions: components × dimensions. The number with the largest absolute value is positive.
  const std::vector<double>& directions() const { return directions_; }
  /// Points × components.
  std::vector<float> TakePositions() { return std::move(positions_); }

 private:
  enum class Way : uint8_t { kCovariance, kGram, kRandomised };
  enum class Phase : uint8_t { kProducts, kEigen, kIterate, kProject, kDone };

  void Unit(const Budget& budget);
  void AddProducts();
  void TakeEigen();
  void Iterate();
  void EndIteration();
  void FinishDirections();
  void Project();

  Points points_;
  uint32_t wanted_;
  Way way_;
  Phase phase_;
  uint32_t step_ = 0, of_ = 0;
  std::vector<double> mean_;
  double total_ = 0;  // of squares around the mean
  uint32_t at_ = 0;
  std::vector<double> products_, packed_;
  std::unique_ptr<SymmetricEigen> eigen_;
  std::vector<double> variances_, explained_, directions_, by_dimension_;
  std::vector<float> positions_;

  // Randomised.
  uint32_t width_ = 0, round_ = 0;
  std::vector<double> basis_;  // width × dimensions, orthonormal
  Panels basis_panels_;
  std::vector<double> basis_means_;  // the mean on each
  std::vector<double> image_;        // dimensions × width: covariance × basis
  std::vector<float> image_part_;
  std::vector<double> small_;  // width × width: basis × covariance × basis
};

}  // namespace tensorpane
