#pragma once

#include <vector>

#include "series/pyramid.h"
#include "series/values.h"
#include "series/x_axis.h"

namespace tensorpane {

/// The part of x that is shown, and how many pixels wide.
struct Viewport {
  double from;
  double to;
  uint32_t pixels;
};

/// Appends x, y, x, y … of what has to be drawn: the points inside the viewport and the nearest on either
/// side, or, where they are more than four a pixel, the first, least, greatest and last of each pixel column,
/// which draw the same pixels (M4: Jugel et al., VLDB 7(10), 2014). y = NaN breaks the line: at values that
/// are not finite, and where the axis does not join its segments. The bound of four holds for each of at most
/// eight stretches in which x does not go back; where there are more, they share the pixel columns, in order
/// of x and without breaks.
void AppendLine(const Values& values, const XAxis& axis, const Pyramid& pyramid,
                const std::vector<uint32_t>& non_finite, const Viewport& viewport, std::vector<double>* line);

/// Appends x, kind, x, kind … of the values in the viewport that are not finite, one of a kind in a pixel
/// column. Kind: 0 = NaN, 1 = +Infinity, −1 = −Infinity.
void AppendMarks(const Values& values, const XAxis& axis, const std::vector<uint32_t>& non_finite,
                 const Viewport& viewport, std::vector<double>* marks);

}  // namespace tensorpane
