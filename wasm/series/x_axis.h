#pragma once

#include <cstdint>
#include <vector>

#include "log/point_columns.h"

namespace tensorpane {

/// What x means. Same numbers as in web/src/engine/wasm_session.ts.
enum class XKind : uint8_t { kStep = 0, kRelative = 1, kWall = 2 };

/// Points [begin, end) of a series.
struct PointRange {
  uint32_t begin;
  uint32_t end;
  uint32_t size() const { return end - begin; }
};

/// The points of one series along one kind of x: stretches in which x never goes back (it does when a run
/// restarts, and wall times do on their own), so that a place in x can be searched for. Points whose x is not
/// finite are in none.
class XAxis {
 public:
  XAxis(const PointColumns* points, XKind kind) : points_(*points), kind_(kind) {}

  /// Takes in points that came since the last call.
  void Extend();

  const std::vector<PointRange>& segments() const { return segments_; }
  /// x of a point: its step, its wall time, or seconds since the first point of the series.
  double At(uint32_t i) const { return Raw(i) - origin_; }
  /// The first point of `segment` with x ≥ `x` (`after`: x > `x`), or segment.end.
  uint32_t Find(PointRange segment, double x, bool after) const;

 private:
  double Raw(uint32_t i) const { return kind_ == XKind::kStep ? points_.step(i) : points_.wall_time(i); }

  const PointColumns& points_;
  XKind kind_;
  uint32_t seen_ = 0;
  bool has_origin_ = false;
  double origin_ = 0;
  double last_ = 0;
  std::vector<PointRange> segments_;
};

}  // namespace tensorpane
