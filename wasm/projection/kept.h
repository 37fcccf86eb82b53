#pragma once

#include <cstdint>
#include <span>

#include "projection/points.h"

namespace tensorpane {

/// How far a picture can be trusted: `KeptNeighbours` in web/src/engine/projections/projections.ts.
struct Kept {
  double share = 1;
  uint32_t rows = 0;
  uint32_t k = 0;
};

/// The share of the k nearest neighbours in all dimensions that are among the k nearest in the picture. Of
/// all that are asked for, or of a seeded sample that takes about a second at most.
/// @param picture as many points, in the dimensions of the picture
/// @param rows empty = all
Kept KeptNeighbours(const Points& points, const Points& picture, std::span<const uint32_t> rows, uint32_t k,
                    Metric metric);

}  // namespace tensorpane
