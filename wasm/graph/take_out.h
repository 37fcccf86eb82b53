#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "graph/level.h"

namespace tensorpane {

/// Takes ops with very many edges out of a level, and what was taken out by hand. Degrees are counted as if
/// nothing were open, so that opening a box takes nothing away beside it.
/// @param rule_vertices how many vertices the level has while nothing is open: LevelItem::rule_vertex
/// @param op_edges see LevelBuilder::Build; those of edges that are gone are removed
void TakeOut(Forest& forest, const Contents& contents, const Overrides& overrides, uint32_t rule_vertices,
             Level* level, std::vector<std::pair<uint32_t, uint32_t>>* op_edges);

}  // namespace tensorpane
