#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "log/point_columns.h"

namespace tensorpane {

struct Series;

/// Points of one file in a row, in which steps do not go back: what a writer wrote from a start, or a
/// restart, to the next.
///
/// What the latest reading (Purge::kLatest) drops is said of lives: **a life supersedes the points of those
/// that have ended by then from its first step on.** What has ended is, seen from a life,
/// - in the same file what stands before it, whatever the clock said. But a life that has no step that stands
///   before it wrote nothing again: the writer is one that does not keep to the order of steps, and the life
///   supersedes nothing there.
/// - in other files what was over by the wall times of last and first points, or what was read before if
///   they do not tell. Where times go back in a file, its later ones count: the clock was set right.
/// Lives of two files that overlap in time are of writers side by side, and none is a restart of the other.
/// They supersede nothing of each other, not even at equal steps: which of two values of one step came later
/// is chance there, and the line would jump between the writers. Within a file equal steps in a row are no
/// restart either. A file that begins with the last step of one before it is, unless that has no other step:
/// graphs, texts and the like are written once at one step by each file.
struct Life {
  PointRange points;
  uint32_t file;      ///< index in the run
  uint32_t kept_end;  ///< the points before it are kept
  /// Of the first restart that supersedes points of this one: its index in the list of LivesOf.
  std::optional<size_t> restarted_by;

  PointRange kept() const { return {points.begin, kept_end}; }
  uint32_t superseded() const { return points.end - kept_end; }
};

/// All lives of a series, in the order its points were written. It takes sorts of the lives, and of the
/// points of a file with several at steps that more than one may have, and for `restarted_by` a look at the
/// restarts until there is one that goes back far enough.
std::vector<Life> LivesOf(const Series& series);

/// Whether there is no more than one: then nothing can be superseded.
bool IsOneLife(const Series& series);

/// A life that was the first to supersede some points.
struct Restart {
  uint32_t file_before = 0;  ///< index in the run: of the last life whose points these are
  uint32_t file_after = 0;
  int64_t step = 0;       ///< its first
  int64_t last_step = 0;  ///< the highest of the lives that it was the first to take points of
  /// Points of those lives, with what later restarts that went back further took of them.
  uint32_t superseded = 0;
};

/// The restarts of a series, in the order their lives were read. Their `superseded` together are all points
/// that the latest reading drops.
std::vector<Restart> RestartsOf(const Series& series);

}  // namespace tensorpane
