#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "log/point_columns.h"

namespace tensorpane {

struct Run;
struct Series;

/// What becomes of points that a run wrote again after a restart. Names and order are those of PURGES in
/// web/src/engine/protocol.ts.
enum class Purge : uint8_t {
  kLatest,       ///< a step that goes back supersedes the points before it with a step ≥ it
  kNone,         ///< every point is kept, and all are one line in the order they were written
  kSplit,        ///< every point is kept, and where steps go back a line of its own begins
  kTensorBoard,  ///< what TensorBoard's Python reader keeps: tensorboard_purge.h
};
std::optional<Purge> PurgeOfName(std::string_view name);

/// A place where the steps of a series go back: a restart from a checkpoint, or another of several writers.
struct Restart {
  uint32_t index;       ///< of the first point after it
  uint32_t superseded;  ///< points before it that the latest reading drops because of it
};

/// The restarts of one series, and what is left of it when the latest wins.
class Restarts {
 public:
  /// To be called when the newest point has a step below that of the point before it.
  const Restart& Add(const PointColumns& points);

  const std::vector<Restart>& all() const { return all_; }
  /// What is kept of the points before the last restart; all points from there on are.
  const std::vector<PointRange>& earlier() const { return earlier_; }
  /// Points that are superseded, and how many of those are NaN or infinite.
  uint32_t superseded() const { return superseded_; }
  uint32_t superseded_non_finite() const { return superseded_non_finite_; }

 private:
  std::vector<Restart> all_;
  std::vector<PointRange> earlier_;
  uint32_t superseded_ = 0;
  uint32_t superseded_non_finite_ = 0;
};

/// Restarts of one run that lie between the same two files, or in one file, of all its tags together.
struct RestartPlace {
  uint64_t restarts = 0;
  uint64_t superseded = 0;  ///< points
  uint32_t tags = 0;
  int64_t step = 0;       ///< the lowest that was gone back to
  int64_t last_step = 0;  ///< the highest that was gone back from
};
/// By the files before and after: their indices in the run.
using RestartFiles = std::pair<uint32_t, uint32_t>;

/// The points that a reading keeps: ranges in ascending order that do not touch, but for kSplit, whose ranges
/// are the lines.
std::vector<PointRange> KeptPoints(const Series& series, const Run& run, Purge purge);

/// Whether every reading is the same: nothing was ever written again.
bool IsReadOneWay(const Series& series, const Run& run);

/// What a list needs to know of the points that are kept.
struct KeptFacts {
  uint32_t count = 0;
  double min_step = 0;
  double max_step = 0;
  uint32_t first = 0;  ///< index of the first and last point
  uint32_t last = 0;
  uint32_t non_finite = 0;
};
/// Of a series with at least one point. A reading may keep none: count is 0 then, and nothing else is set.
KeptFacts FactsOf(const Series& series, const Run& run, Purge purge);

}  // namespace tensorpane
