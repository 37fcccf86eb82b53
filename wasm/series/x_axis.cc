#include "series/x_axis.h"

#include <algorithm>
#include <cmath>

namespace tensorpane {

void XAxis::Extend(const std::vector<PointRange>& kept) {
  for (size_t i = ranges_seen_ == 0 ? 0 : ranges_seen_ - 1; i < kept.size(); ++i) {
    const bool is_new = i >= ranges_seen_;
    Take({is_new ? kept[i].begin : seen_, kept[i].end}, is_new);
  }
  ranges_seen_ = kept.size();
}

void XAxis::Take(PointRange points, bool new_range) {
  const auto& chunks = points_.chunks();
  auto chunk = std::upper_bound(chunks.begin(), chunks.end(), points.begin,
                                [](uint32_t i, const PointColumns::Chunk& c) { return i < c.first; });
  if (chunk != chunks.begin()) --chunk;
  for (seen_ = points.begin; chunk != chunks.end() && seen_ < points.end; ++chunk) {
    const double* const xs = kind_ == XKind::kStep ? chunk->steps() : chunk->wall_times();
    const uint32_t stop = std::min(chunk->size, points.end - chunk->first);
    for (uint32_t i = seen_ - chunk->first; i < stop; ++i, ++seen_) {
      const double x = xs[i];
      if (!std::isfinite(x)) continue;
      if (!has_origin_) {
        has_origin_ = true;
        if (kind_ == XKind::kRelative) origin_ = x;
      }
      if (segments_.empty() || segments_.back().end != seen_ || x < last_ || new_range) {
        segments_.push_back({seen_, seen_});
        new_range = false;
      }
      segments_.back().end = seen_ + 1;
      last_ = x;
    }
  }
}

bool XAxis::Joins(PointRange before, PointRange after) const {
  if (purge_ == Purge::kNone) return true;
  return purge_ != Purge::kSplit && At(before.end - 1) <= At(after.begin);
}

uint32_t XAxis::Find(PointRange segment, double x, bool after) const {
  if (segment.size() == 0) return segment.end;
  const auto before = [x, after](double at) { return after ? at <= x : at < x; };
  const auto& chunks = points_.chunks();
  // The first chunk of the segment whose last point is not before x, then the point in it.
  auto chunk = std::upper_bound(chunks.begin(), chunks.end(), segment.begin,
                                [](uint32_t i, const PointColumns::Chunk& c) { return i < c.first; }) -
               1;
  const auto last_chunk =
      std::upper_bound(chunk, chunks.end(), segment.end - 1,
                       [](uint32_t i, const PointColumns::Chunk& c) { return i < c.first; });
  chunk = std::partition_point(chunk, last_chunk, [&](const PointColumns::Chunk& c) {
    const uint32_t last = std::min(c.first + c.size, segment.end) - 1;
    const double* const xs = kind_ == XKind::kStep ? c.steps() : c.wall_times();
    return before(xs[last - c.first] - origin_);
  });
  if (chunk == last_chunk) return segment.end;
  const double* const xs = kind_ == XKind::kStep ? chunk->steps() : chunk->wall_times();
  const uint32_t begin = std::max(chunk->first, segment.begin) - chunk->first;
  const uint32_t end = std::min(chunk->first + chunk->size, segment.end) - chunk->first;
  const double* const found =
      std::partition_point(xs + begin, xs + end, [&](double at) { return before(at - origin_); });
  return chunk->first + static_cast<uint32_t>(found - xs);
}

}  // namespace tensorpane
