#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/box_text.h"
#include "graph/colouring.h"
#include "graph/forest.h"
#include "graph/level.h"
#include "graph/scene_query.h"
#include "layout/layered.h"

namespace tensorpane {

struct SceneBox {
  BoxKind kind;
  std::string path;
  BoxText text;
  double x = 0, y = 0, width = 0, height = 0;  ///< pixels, from the top left of the drawing
  int64_t parent = -1;                         ///< index of the box around it
  bool is_open = false, is_expandable = false;
  double ops = 0;
  BoxColour colour;
  Difference difference = Difference::kSame;
  uint32_t constants = 0, summaries = 0;
  double members = 0;
  double header = 0;  ///< of an open one: from its left so wide no edge crosses the line of its text
  bool has_value_room = false;  ///< at its right, for the number that it is coloured by
};

/// A piece of an edge; ends are boxes, or -1 - index of a port.
struct ScenePiece {
  int64_t from, to;
  EdgeKind kind;
  double width;
  bool upward;
  Difference difference;
  std::string label;
  LayoutPoint label_at{NAN,
                       NAN};  ///< its top left; NaN: it has no place, or another piece of the edge has it
  std::vector<LayoutPoint> points;
};

/// One open box, or the whole, with what is in it.
struct SceneLevel {
  std::string path;
  std::string prefix;  ///< of all paths in this body: "outer/call/"
  size_t calls = 0;    ///< how many lead here
  Contents contents;
  OpenInside open;
  std::shared_ptr<const Level> level;
  uint32_t around = UINT32_MAX, item = 0;  ///< level and item in it that this is the inside of
  std::vector<uint32_t> inner;             ///< of each item the level inside; UINT32_MAX: it is closed
  std::vector<BoxText> texts;              ///< of each item
  // Once laid out: the size of the box around it, where the layout begins in it, x of its ports (NaN: no
  // edge).
  double width = 0, height = 0, header = 0;
  LayoutPoint origin;
  std::vector<double> in_x, out_x;
  std::shared_ptr<const LevelLayout> layout;
  uint32_t first_vertex = 0;  ///< in the layout, of item 0; the others follow
  // Once in the scene.
  size_t first_box = 0, first_piece = 0;  ///< of item 0, of edge 0: the others follow
  size_t in_begin = 0, out_begin = 0;     ///< numbers of its ports in the scene
};

/// A drawing. Boxes come after those around them, and the pieces of one level are together.
struct Scene {
  SceneQuery query;  ///< texts that levels look into
  std::vector<SceneBox> boxes;
  std::vector<ScenePiece> pieces;
  double width = 0, height = 0;
  struct TakenOut {
    std::string path;
    double edges;
    bool by_hand;
  };
  std::vector<TakenOut> taken_out;
  std::vector<LegendEntry> legend;
  double most = 0;
  std::vector<std::string> coarse;
  double took = 0;  ///< ms

  std::unordered_map<std::string, Overrides> overrides;  ///< by the prefix of the levels that they are of
  std::vector<SceneLevel> levels;  ///< the whole first, then those inside of others after these
};

/// What is overridden in a level of `scene`.
inline const Overrides& OverridesOf(const Scene& scene, const SceneLevel& level) {
  static const Overrides kNone;
  const auto found = scene.overrides.find(level.prefix);
  return found == scene.overrides.end() ? kNone : found->second;
}

}  // namespace tensorpane
