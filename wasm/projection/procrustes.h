#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tensorpane {

/// `moving` turned, mirrored, scaled and moved so that the squares of the distances to `fixed` are least
/// (Procrustes: Schönemann and Carroll 1970; the turn by the singular value decomposition of the products of
/// both). Rows of which either side has a NaN do not count, and are moved along.
/// @param moving,fixed as many rows of both
/// @param columns 1 to 3
std::vector<float> Aligned(std::span<const float> moving, std::span<const float> fixed, uint32_t columns);

}  // namespace tensorpane
