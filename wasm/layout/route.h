#pragma once

#include <vector>

#include "layout/layers.h"

namespace tensorpane {

/// A part, laid out by itself: all of it in [0, width] × [0, height].
struct PartLayout {
  double width = 0, height = 0;
  std::vector<LayoutPoint> corners;   ///< of boxes
  std::vector<uint32_t> first_point;  ///< of links
  std::vector<LayoutPoint> points;    ///< down, whether they are upward or not
  LayoutPoint room;                   ///< corner of the room that was asked for
};

/// Gives rows their heights and links their points. A link leaves its box at a place of its own, goes
/// straight down to the end of its row, through the gap to the place where it passes the next row, and so on:
/// slanted only between rows, where no boxes are. `x`: of the middles of nodes. `room`: a free place of that
/// size, at the right of all rows that are neither kTop nor kBottom.
PartLayout RouteLinks(const Part& part, const Layers& layers, const std::vector<double>& x,
                      const LayoutOptions& gaps, LayoutPoint room);

}  // namespace tensorpane
