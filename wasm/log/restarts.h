#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "log/point_columns.h"

namespace tensorpane {

struct Run;
struct Series;

/// What becomes of points that a run wrote again after a restart. Names and order are those of PURGES in
/// web/src/engine/protocol.ts.
enum class Purge : uint8_t {
  kLatest,       ///< a life supersedes points of those that had ended when it began: lives.h
  kNone,         ///< every point is kept, and all are one line in the order they were written
  kSplit,        ///< every point is kept, and where steps go back a line of its own begins
  kTensorBoard,  ///< what TensorBoard's Python reader keeps: tensorboard_purge.h
};
std::optional<Purge> PurgeOfName(std::string_view name);

/// The points that a reading keeps, as ranges that share no point. They are in the order they were read;
/// those of kSplit are the lines. Those of kLatest, in which steps do not go back, are in the order of their
/// first steps, because files need not be read in the order they were written.
std::vector<PointRange> KeptPoints(const Series& series, const Run& run, Purge purge);

/// Whether every reading is the same: nothing was ever written again.
bool IsReadOneWay(const Series& series, const Run& run);

/// What a list needs to know of the points that are kept.
struct KeptFacts {
  uint32_t count = 0;
  double min_step = 0;
  double max_step = 0;
  uint32_t first = 0;  ///< index of the first and last point, in the order of KeptPoints
  uint32_t last = 0;
  uint32_t non_finite = 0;
};
/// Of a series with at least one point. A reading may keep none: count is 0 then, and nothing else is set.
KeptFacts FactsOf(const Series& series, const Run& run, Purge purge);

}  // namespace tensorpane
