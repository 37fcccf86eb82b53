#include "series/x_axis.h"

#include <algorithm>
#include <cmath>

namespace tensorpane {

void XAxis::Extend() {
  const auto& chunks = points_.chunks();
  auto chunk = std::upper_bound(chunks.begin(), chunks.end(), seen_,
                                [](uint32_t i, const PointColumns::Chunk& c) { return i < c.first; });
  if (chunk != chunks.begin()) --chunk;
  for (; chunk != chunks.end(); ++chunk) {
    const double* const xs = kind_ == XKind::kStep ? chunk->steps() : chunk->wall_times();
    for (uint32_t i = seen_ - chunk->first; i < chunk->size; ++i, ++seen_) {
      const double x = xs[i];
      if (!std::isfinite(x)) continue;
      if (!has_origin_) {
        has_origin_ = true;
        if (kind_ == XKind::kRelative) origin_ = x;
      }
      if (segments_.empty() || segments_.back().end != seen_ || x < last_) {
        segments_.push_back({seen_, seen_});
      }
      segments_.back().end = seen_ + 1;
      last_ = x;
    }
  }
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
