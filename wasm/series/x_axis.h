#pragma once

#include <cstdint>
#include <vector>

#include "log/restarts.h"

namespace tensorpane {

/// What x means. Same numbers as in web/src/engine/reader_session.ts.
enum class XKind : uint8_t { kStep = 0, kRelative = 1, kWall = 2 };

/// The points of one series along one kind of x: stretches in which x never goes back (it does when a run
/// restarts, and wall times do on their own), so that a place in x can be searched for. Points that are not
/// kept, or whose x is not finite, are in none.
class XAxis {
 public:
  XAxis(const PointColumns* points, XKind kind, Purge purge) : points_(*points), kind_(kind), purge_(purge) {}

  /// Takes in what came since the last call. `kept` (KeptPoints) begins with what it was then.
  void Extend(const std::vector<PointRange>& kept);

  const std::vector<PointRange>& segments() const { return segments_; }
  /// Whether a line goes on from the segment `before` to `after`, the next one: always if it has all points
  /// in the order they were written, never if each stretch is a line of its own, else unless x goes back.
  bool Joins(PointRange before, PointRange after) const;
  /// x of a point: its step, its wall time, or seconds since the first point that is kept.
  double At(uint32_t i) const { return Raw(i) - origin_; }
  /// The first point of `segment` with x ≥ `x` (`after`: x > `x`), or segment.end.
  uint32_t Find(PointRange segment, double x, bool after) const;

 private:
  void Take(PointRange points, bool new_range);
  double Raw(uint32_t i) const { return kind_ == XKind::kStep ? points_.step(i) : points_.wall_time(i); }

  const PointColumns& points_;
  XKind kind_;
  Purge purge_;
  size_t ranges_seen_ = 0;
  uint32_t seen_ = 0;  // end of the last of them
  bool has_origin_ = false;
  double origin_ = 0;
  double last_ = 0;
  std::vector<PointRange> segments_;
};

}  // namespace tensorpane
