#pragma once

#include <array>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "log/log.h"
#include "series/line.h"

namespace tensorpane {

/// What is derived from one series to draw it. Grows with the series.
class SeriesLines {
 public:
  /// `run` is that of the series.
  SeriesLines(const Series* series, const Run* run) : series_(*series), run_(*run), raw_(&series->points) {}

  /// Takes in points that came since the last call, and has what `purge` keeps, with smoothed values for
  /// `weight` (0 = none).
  void Update(double weight, Purge purge);

  Values raw() const { return raw_; }
  Values smoothed() const { return Values(&smoothed_); }
  const Pyramid& raw_pyramid() const { return raw_pyramid_; }
  const Pyramid& smoothed_pyramid() const { return smoothed_pyramid_; }
  /// Indices of the values that are kept and not finite, ascending.
  const std::vector<uint32_t>& non_finite() const { return kept_non_finite_; }
  const XAxis& axis(XKind kind);
  /// Which of the lines that restarts part it into a point is on, counted from 1, and how many there are; 0
  /// of 0 where they do not part it.
  std::pair<uint32_t, uint32_t> PartOf(uint32_t point) const;

  void DropSmoothed();
  size_t bytes() const { return smoothed_.capacity() * sizeof(double) + smoothed_pyramid_.bytes(); }

 private:
  void FindNonFinite();
  void Smooth(double weight);

  const Series& series_;
  const Run& run_;
  Values raw_;
  uint32_t seen_ = 0;
  std::vector<uint32_t> non_finite_;
  Pyramid raw_pyramid_;
  Purge purge_ = Purge::kLatest;
  std::vector<PointRange> kept_;
  std::vector<uint32_t> kept_non_finite_;
  double weight_ = 0;
  std::vector<double> smoothed_;
  Pyramid smoothed_pyramid_;
  std::array<std::unique_ptr<XAxis>, 3> axes_;
};

/// Derived data of the series that are being looked at. Smoothed copies are dropped, the least used first,
/// when together they grow over a limit.
class LineCache {
 public:
  explicit LineCache(const Log* log) : log_(*log) {}

  /// Which points the lines have from here on.
  void SetPurge(Purge purge) { purge_ = purge; }
  Purge purge() const { return purge_; }
  /// The series, up to date; the reference is good until the next BeginQuery.
  SeriesLines& Get(SeriesId id, double weight);
  /// What was not asked for since the last call may be dropped.
  void BeginQuery();

 private:
  struct Entry {
    std::unique_ptr<SeriesLines> lines;
    uint64_t used;
  };
  const Log& log_;
  Purge purge_ = Purge::kLatest;
  uint64_t query_ = 0;
  std::unordered_map<uint32_t, Entry> entries_;
};

}  // namespace tensorpane
