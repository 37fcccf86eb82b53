#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tensorpane {

/// Points that somebody else owns: `count` rows of `dimensions` floats, row-major, all finite.
struct Points {
  const float* values = nullptr;
  uint32_t count = 0;
  uint32_t dimensions = 0;

  const float* Row(size_t i) const { return values + i * dimensions; }
};

/// What is between two points. Names cross to the page: "cosine", "euclidean", "dot".
enum class Metric : uint8_t {
  kCosine,     ///< 1 − cos of the angle, 0 to 2; 1 if a point is the origin
  kEuclidean,  ///< √Σ(a − b)²
  kDot,        ///< −a·b: the nearest is the one with the largest product
};

/// How points are seen. Names cross to the page: "none", "normalised", "sphereized".
enum class Preparation : uint8_t {
  kNone,
  kNormalised,  ///< of length 1; the origin stays
  kSphereized,  ///< the centroid taken away, then of length 1: "Sphereize data" of TensorBoard (vz_projector)
};

/// The mean of all rows, `dimensions` numbers; zeros if there are none.
std::vector<double> Centroid(const Points& points);

/// All rows are the same, or there is at most one.
bool IsConstant(const Points& points);

/// At most `most` dimensions: the first in which rows are not all the same and, if those are too few, the
/// first others.
std::vector<uint32_t> LeadingDimensions(const Points& points, size_t most);

/// The rows without their centroid.
std::vector<float> Centred(const Points& points);

/// The prepared rows. Of kNone a plain copy.
std::vector<float> Prepared(const Points& points, Preparation preparation);

}  // namespace tensorpane
