#pragma once

#include <string>
#include <string_view>

#include "graph/forest.h"
#include "graph/level.h"

namespace tensorpane {

/// How wide a text is about, pixels: there is no font at hand.
/// @param size of the font, pixels
double TextWidth(std::string_view text, double size);

/// "2,472"
std::string Grouped(double count);

/// What stands in and on a box.
struct BoxText {
  std::string label, note;
  bool has_sign = false;  ///< before the label stands how it differs: "+ ", "− " or "± "
};
/// @param parent_body body that the level of the item shows
BoxText TextOf(Forest& forest, uint32_t parent_body, const LevelItem& item);

/// Ops in an item, those that it calls too.
double OpsOf(Forest& forest, uint32_t parent_body, const LevelItem& item);

struct BoxSize {
  double width, height;
};
/// Of a closed box. Layers have their types below their names; ops, which are named after theirs, do not.
BoxSize SizeOf(Graph::Form form, BoxKind kind, const BoxText& text);
/// At least so wide is an open one, whose text is in one line.
double HeaderWidth(const BoxText& text);

}  // namespace tensorpane
