#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace tensorpane {

/// A place in pixels; y goes down, as edges do.
struct LayoutPoint {
  double x = 0, y = 0;
};

/// One level of a graph to be laid out: boxes of given sizes and the edges between them. Knows nothing of
/// what they mean. Vertices come in the order that they have in the source: what nothing else decides, that
/// does.
struct LevelGraph {
  struct Vertex {
    double width = 0, height = 0;
    enum class Rank : uint8_t { kAny, kTop, kBottom } rank = Rank::kAny;  ///< kTop: above all that are not
  };
  struct Edge {
    uint32_t from = 0, to = 0;  ///< vertices; may be the same, may close a cycle, may stand there twice
    double width = 1;           ///< pixels
    /// Where it leaves and meets the boxes, from their left edge; NaN: wherever it looks best.
    double from_x = std::numeric_limits<double>::quiet_NaN();
    double to_x = std::numeric_limits<double>::quiet_NaN();
  };
  std::vector<Vertex> vertices;
  std::vector<Edge> edges;
};

struct LayoutOptions {
  double vertex_gap = 24, edge_gap = 8, rank_gap = 28;  ///< pixels
  /// Asked now and then; true = time is over, the rest is done the short way, and `coarse` is set.
  std::function<bool()> out_of_time;
};

struct LevelLayout {
  std::vector<LayoutPoint> corners;  ///< top left of each vertex
  double width = 0, height = 0;      ///< all is in [0, width] × [0, height]
  /// Points of edge e: points[first_point[e] … first_point[e + 1]), from the border of `from` to that of
  /// `to`: straight pieces, to be rounded by whoever draws. At least two points.
  std::vector<uint32_t> first_point;
  std::vector<LayoutPoint> points;
  std::vector<bool> upward;  ///< edges that go against the flow: they close a cycle
  bool coarse = false;
};

/// A layered drawing, top to bottom (Sugiyama, Tagawa, Toda 1981). No two boxes overlap, no edge is left out.
/// Linear passes; deterministic.
LevelLayout LayOut(const LevelGraph& level, const LayoutOptions& options);

/// How often two edges of a drawing cross between ranks, counted on the points: a measure of the drawing, for
/// tests and benchmarks, the same for any program's.
uint64_t CountCrossings(const LevelGraph& level, const LevelLayout& layout);

}  // namespace tensorpane
