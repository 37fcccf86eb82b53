#pragma once

#include <optional>
#include <span>
#include <vector>

#include "series/extent.h"
#include "series/line_cache.h"

namespace tensorpane {

/// What one chart will draw: ChartQuery of web/src/engine/protocol.ts.
struct ChartQuery {
  XKind x;
  double from;  ///< shown range of x; both NaN = everything
  double to;
  uint32_t pixels;
  double smoothing;
  bool clip_outliers;
  bool log_y;
  std::vector<SeriesId> series;
};

/// Answers `query`: appends the words that web/src/engine/lines.ts describes.
void AppendChart(const ChartQuery& query, LineCache* cache, std::vector<double>* words);

/// The point of one series nearest to a place in x.
struct Pick {
  uint32_t index;
  double x;
  double smoothed;  ///< NaN without smoothing
};

/// Equal distances: the smaller x; equal x: the last written. nullopt = the series has no point with a finite
/// x.
std::optional<Pick> PickNearest(SeriesLines& lines, XKind kind, double at, double smoothing);

}  // namespace tensorpane
