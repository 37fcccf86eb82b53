#pragma once

#include <string>
#include <vector>

#include "graph/scene.h"

namespace tensorpane {

/// A scene as it crosses to web/src/engine/graphs/scene_reader.ts.
/// @param numbers how many boxes, how many pieces, width, height, most, took; of each box kind, x, y, width,
///   height, parent, flags (1 = open, 2 = expandable, 4 = room for its value), ops, colour, share,
///   difference, constants, summaries, members, header; of each piece from, to, kind, width, upward,
///   difference, how many points, x, y of its label (NaN = nowhere); then x, y of all points
/// @param texts JSON of {boxes: [[path, label, note]], pieces: [label], takenOut, legend, coarse}
void WriteScene(const Scene& scene, std::vector<double>* numbers, std::string* texts);

}  // namespace tensorpane
