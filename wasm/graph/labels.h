#pragma once

#include "graph/scene.h"

namespace tensorpane {

/// Beyond so many, the labels of edges that are left have no place.
constexpr size_t kMostLabels = 20000;

/// From the left of a label to the middle of its line, and half of the width of that, pixels.
constexpr double kLabelGap = 5;
constexpr double kLabelHeight = 12;
/// How wide the label of an edge is, pixels.
double LabelWidth(const ScenePiece& piece);

/// Gives words beside boxes and lines their places: over no box, no line and no other words. An edge that is
/// in pieces has one label, in the outermost level that has room for it; one that leaves together with
/// another of the same label shares that. What has no room has no place. Deterministic.
void PlaceLabels(Scene* scene);

}  // namespace tensorpane
