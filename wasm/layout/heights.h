#pragma once

#include <vector>

#include "layout/layers.h"

namespace tensorpane {

/// Where segments meet their nodes, and where nodes stand.
struct Places {
  std::vector<double> x;             ///< middles of nodes, those of lanes too
  std::vector<double> upper, lower;  ///< of segments
};

struct Heights {
  std::vector<double> box_top;
  /// Of segments: between these they may be slanted; there is no box.
  std::vector<double> slant_top, slant_bottom;
  double room_top = 0;  ///< where the first row begins that is not kTop
  double height = 0;
};

/// y of everything. As rows, each as high as its highest box, with the others in the middle; or, where that
/// is much lower, each box as high up as what stands above it lets it, so that an open box is no hole in what
/// stands beside it. `room_height`: how much is wanted between the rows that are kTop and those that are
/// kBottom.
Heights PlaceHeights(const Part& part, const Layers& layers, const Places& places,
                     const LayoutOptions& options, double room_height);

}  // namespace tensorpane
