#include "series/line.h"

#include <array>
#include <cmath>
#include <limits>

namespace tensorpane {
namespace {

constexpr uint32_t kPointsPerPixel = 4;
/// A series that goes back more often than this has no order that could be seen: its pixel columns are then
/// filled from all segments together.
constexpr size_t kMaxStretches = 8;

uint32_t ColumnOf(double x, const Viewport& viewport) {
  if (!(viewport.to > viewport.from)) return 0;
  const double column = (x - viewport.from) / (viewport.to - viewport.from) * viewport.pixels;
  return static_cast<uint32_t>(std::clamp(column, 0.0, static_cast<double>(viewport.pixels - 1)));
}

class LineWriter {
 public:
  LineWriter(const Values& values, const XAxis& axis, const Pyramid& pyramid,
             const std::vector<uint32_t>& non_finite, const Viewport& viewport, std::vector<double>* line)
      : values_(values),
        axis_(axis),
        pyramid_(pyramid),
        non_finite_(non_finite),
        viewport_(viewport),
        line_(*line) {}

  void Write() {
    FindPieces();
    const uint64_t room = uint64_t{kPointsPerPixel} * viewport_.pixels;
    if (points_ > room && (stretches_ > kMaxStretches || pieces_.size() > viewport_.pixels)) {
      return WriteUnordered();
    }
    for (size_t i = 0; i < pieces_.size(); ++i) {
      const Piece& piece = pieces_[i];
      if (!piece.joined) {
        if (!line_.empty()) Break(piece.range.begin);
        next_ = piece.range.begin + 1;
      } else {
        // The points need not lie behind those of the piece before.
        if (HasGap(pieces_[i - 1].range.end)) Break(piece.range.begin);
        next_ = piece.range.begin;
      }
      if (points_ <= room) {
        WritePoints(piece.range);
      } else {
        WriteColumns(piece.range);
      }
    }
  }

 private:
  /// Points of one segment that have to be drawn.
  struct Piece {
    PointRange range;
    bool joined;  ///< with the piece before
  };

  void FindPieces() {
    const std::vector<PointRange>& segments = axis_.segments();
    for (size_t i = 0; i < segments.size(); ++i) {
      const PointRange segment = segments[i], range = Shown(segment);
      const bool joined =
          i > 0 && axis_.Joins(segments[i - 1], segment) && IsCrossed(segments[i - 1].end - 1, segment.begin);
      if (joined) {
        const uint32_t end = segments[i - 1].end;
        if (pieces_.empty() || pieces_.back().range.end != end) AddPiece({end - 1, end}, false);
        if (range.size() == 0 || range.begin != segment.begin) {
          AddPiece({segment.begin, segment.begin + 1}, true);
        }
      }
      if (range.size() == 0) continue;
      AddPiece(range, joined && range.begin == segment.begin);
      stretches_ += i == 0 || axis_.At(segment.begin) < axis_.At(segments[i - 1].end - 1);
    }
  }

  void AddPiece(PointRange range, bool joined) {
    pieces_.push_back({range, joined});
    points_ += range.size();
  }

  /// Whether the stroke from one point to another is in view somewhere.
  bool IsCrossed(uint32_t a, uint32_t b) const {
    const auto [least, greatest] = std::minmax({axis_.At(a), axis_.At(b)});
    return least <= viewport_.to && greatest >= viewport_.from;
  }

  /// The points of a segment inside the viewport, and one more on either side so that the line goes on to the
  /// edge.
  PointRange Shown(PointRange segment) const {
    uint32_t begin = axis_.Find(segment, viewport_.from, false);
    uint32_t end = axis_.Find(segment, viewport_.to, true);
    if (begin > segment.begin) --begin;
    if (end < segment.end) ++end;
    // Both neighbours outside on the same side: nothing of the segment is in view.
    if (end - begin == 1 && (axis_.At(begin) < viewport_.from || axis_.At(begin) > viewport_.to))
      return {begin, begin};
    return {begin, end};
  }

  void WritePoints(PointRange range) {
    values_.ForEach(range.begin, range.end, [this](uint32_t i, double value) {
      line_.push_back(axis_.At(i));
      line_.push_back(std::isfinite(value) ? value : NAN);
    });
    next_ = range.end;
  }

  void WriteColumns(PointRange range) {
    // The neighbours outside are no part of the first and last column.
    if (axis_.At(range.begin) < viewport_.from) WritePoint(range.begin++);
    const bool beyond = range.size() > 0 && axis_.At(range.end - 1) > viewport_.to;
    if (beyond) --range.end;
    ForEachColumn(range, [this](uint32_t, uint32_t begin, uint32_t end) { WriteColumn(begin, end); });
    if (beyond) WritePoint(range.end);
  }

  /// Calls `f(column, begin, end)` for each pixel column that has points of a range in which x does not go
  /// back.
  template <class F>
  void ForEachColumn(PointRange range, F f) const {
    const double width = viewport_.to - viewport_.from;
    for (uint32_t begin = range.begin; begin < range.end;) {
      uint32_t column = ColumnOf(axis_.At(begin), viewport_), next = begin;
      for (;; ++column) {  // once, but for rounding
        const double edge = viewport_.from + width * (column + 1) / viewport_.pixels;
        next = column + 1 < viewport_.pixels ? axis_.Find({begin, range.end}, edge, false) : range.end;
        if (next > begin) break;
      }
      f(column, begin, next);
      begin = next;
    }
  }

  void WriteColumn(uint32_t begin, uint32_t end) {
    if (end - begin <= kPointsPerPixel) {
      for (uint32_t i = begin; i < end; ++i) WritePoint(i);
      return;
    }
    const auto extremes = pyramid_.Find(values_, begin, end);
    if (!extremes) return;
    const std::array<uint32_t, 4> points = {begin, std::min(extremes->min, extremes->max),
                                            std::max(extremes->min, extremes->max), end - 1};
    for (size_t i = 0; i < points.size(); ++i) {
      if (i == 0 || points[i] != points[i - 1]) WritePoint(points[i]);
    }
  }

  /// Writes a finite point; breaks the line first if a value that is not finite lies behind the last one.
  void WritePoint(uint32_t i) {
    const double value = values_[i];
    if (!std::isfinite(value)) return;
    if (HasGap(i)) Break(i);
    line_.push_back(axis_.At(i));
    line_.push_back(value);
    next_ = i + 1;
  }

  /// Whether a value that is not finite lies between the point written last and `end`.
  bool HasGap(uint32_t end) const {
    const auto gap = std::lower_bound(non_finite_.begin(), non_finite_.end(), next_);
    return gap != non_finite_.end() && *gap < end;
  }

  void Break(uint32_t next) {
    line_.push_back(axis_.At(next));
    line_.push_back(NAN);
  }

  void WriteUnordered() {
    constexpr uint32_t kNone = UINT32_MAX;
    std::vector<std::array<uint32_t, 4>> columns(viewport_.pixels, {kNone, kNone, kNone, kNone});
    const auto take = [&](uint32_t column, uint32_t begin, uint32_t end) {
      const auto extremes = pyramid_.Find(values_, begin, end);
      if (!extremes) return;
      auto& [first, least, greatest, last] = columns[column];
      if (first == kNone) {
        first = std::isfinite(values_[begin]) ? begin : extremes->min;
        least = extremes->min;
        greatest = extremes->max;
      }
      if (values_[extremes->min] < values_[least]) least = extremes->min;
      if (values_[extremes->max] > values_[greatest]) greatest = extremes->max;
      last = std::isfinite(values_[end - 1]) ? end - 1 : extremes->max;
    };
    for (const auto& [range, joined] : pieces_) {
      ForEachColumn({axis_.Find(range, viewport_.from, false), axis_.Find(range, viewport_.to, true)}, take);
    }
    for (std::array<uint32_t, 4>& points : columns) {
      if (points[0] == kNone) continue;
      std::sort(points.begin(), points.end(),
                [this](uint32_t a, uint32_t b) { return axis_.At(a) < axis_.At(b); });
      for (const uint32_t i : points) {
        line_.push_back(axis_.At(i));
        line_.push_back(values_[i]);
      }
    }
  }

  const Values& values_;
  const XAxis& axis_;
  const Pyramid& pyramid_;
  const std::vector<uint32_t>& non_finite_;
  const Viewport& viewport_;
  std::vector<double>& line_;
  std::vector<Piece> pieces_;
  uint64_t points_ = 0;   // of all pieces
  size_t stretches_ = 0;  // in which x does not go back
  uint32_t next_ = 0;     // the point behind the one written last
};

}  // namespace

void AppendLine(const Values& values, const XAxis& axis, const Pyramid& pyramid,
                const std::vector<uint32_t>& non_finite, const Viewport& viewport,
                std::vector<double>* line) {
  LineWriter(values, axis, pyramid, non_finite, viewport, line).Write();
}

void AppendMarks(const Values& values, const XAxis& axis, const std::vector<uint32_t>& non_finite,
                 const Viewport& viewport, std::vector<double>* marks) {
  if (non_finite.empty()) return;
  std::vector<uint8_t> taken(viewport.pixels);  // a bit for each kind
  for (const uint32_t i : non_finite) {
    const double x = axis.At(i);
    if (!(x >= viewport.from && x <= viewport.to)) continue;
    const double value = values[i];
    const double kind = std::isnan(value) ? 0 : value > 0 ? 1 : -1;
    uint8_t& column = taken[ColumnOf(x, viewport)];
    const auto bit = static_cast<uint8_t>(1 << static_cast<int>(kind + 1));
    if (column & bit) continue;
    column |= bit;
    marks->push_back(x);
    marks->push_back(kind);
  }
}

}  // namespace tensorpane
