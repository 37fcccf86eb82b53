#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "layout/part.h"

namespace tensorpane {

/// The rows of a part: its boxes, and dummies where links pass through. Nodes 0 … boxes are the boxes.
///
/// Long links share their dummies: those of one source that go down together, or those that come together to
/// one target, are a bundle, with one dummy in each row. So there are at most rows × boxes dummies, and a
/// tensor that goes everywhere is one line with branches. Bundles that there is no room for, the longest ones
/// first, are lanes at the right of the rows: one node outside of them.
struct Layers {
  struct Segment {
    uint32_t upper, lower;    ///< nodes in adjacent rows, or one of them a lane
    uint32_t count;           ///< of links
    double width;             ///< of the widest
    double upper_x, lower_x;  ///< where it meets a box, from its middle; NaN: anywhere
  };
  struct Bundle {
    uint32_t node;         ///< its first dummy, the others follow; or its lane
    uint32_t segment;      ///< the one below its first dummy, the others follow
    uint32_t first, last;  ///< rows that it passes through
    bool lane;
  };
  /// The way of a link.
  struct Way {
    uint32_t first, last;  ///< segments at its ends; the same one when it is short
    uint32_t bundle;       ///< kNone: short
  };

  uint32_t boxes = 0;
  std::vector<uint32_t> row;        ///< of nodes; kNone: a lane
  std::vector<double> left, right;  ///< how far nodes reach from their middle
  std::vector<Segment> segments;
  std::vector<Bundle> bundles;
  std::vector<Way> ways;        ///< of links
  Lists up, down;               ///< segments of nodes, without those of lanes
  Lists rows;                   ///< nodes from left to right
  std::vector<uint32_t> place;  ///< of nodes in their row

  uint32_t row_count() const { return static_cast<uint32_t>(rows.begin.size() - 1); }
  uint32_t node_count() const { return static_cast<uint32_t>(row.size()); }
  bool is_box(uint32_t node) const { return node < boxes; }
};

/// Rows in source order, dummies after them. `max_dummies`: more go on lanes; sets *cut when there are.
Layers MakeLayers(const Part& part, const Ranks& ranks, size_t max_dummies, bool* cut);

/// Puts rows in an order with few crossings: sweeps by barycentre (Sugiyama, Tagawa and Toda, "Methods for
/// visual understanding of hierarchical system structures", IEEE Trans. SMC 11, 1981) with exchanges of
/// neighbours (Gansner et al., "A technique for drawing directed graphs", IEEE TSE 19, 1993), a fixed number
/// of them; the best one stays.
void OrderRows(Layers* layers, Deadline* deadline);

/// Crossings of segments between adjacent rows, times the links that they are.
uint64_t CountCrossings(const Layers& layers);

/// How far from the middle of a box edges may meet it: not where its corner may be round.
inline double FreeHalf(double width) { return width / 2 - std::min(10.0, width / 4); }

/// Distances that nodes keep from each other.
struct Gaps {
  double box, edge;

  double Between(const Layers& layers, uint32_t left, uint32_t right) const {
    const int boxes = layers.is_box(left) + layers.is_box(right);
    return boxes == 2 ? box : boxes == 1 ? (box + edge) / 2 : edge;
  }
};

/// x of the middles of all nodes in rows; of lanes, NaN. See place.cc.
std::vector<double> PlaceNodes(const Part& part, const Ranks& ranks, const Layers& layers, const Gaps& gaps,
                               Deadline* deadline);

}  // namespace tensorpane
