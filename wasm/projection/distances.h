#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "projection/points.h"

namespace tensorpane {

/// Σ (a − b)².
float SquaredDistance(const float* a, const float* b, size_t dimensions);

/// The k nearest of all rows to a point, itself (`except`) left out; exact, in one pass.
/// @param except row that is none of them; Panels::kPadding = none
void NearestTo(const Points& points, const float* point, uint32_t except, uint32_t k, Metric metric,
               std::vector<uint32_t>* rows, std::vector<float>* distances);

/// From `point` to every row.
std::vector<float> DistancesTo(const Points& points, const float* point, Metric metric);

}  // namespace tensorpane
