#pragma once

#include "graph/scene.h"

namespace tensorpane {

/// How wide an edge is drawn, pixels: by the elements of its tensors.
double EdgeWidth(const LevelEdge& edge);

/// Adds the pieces of edges of a level that is laid out and whose boxes are in the scene.
/// @param corner where the level begins in the drawing
void AddPieces(const Graph& graph, uint32_t index, LayoutPoint corner, Scene* scene);

}  // namespace tensorpane
