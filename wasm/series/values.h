#pragma once

#include <algorithm>
#include <vector>

#include "log/point_columns.h"

namespace tensorpane {

/// The values of a series as one sequence of doubles: those written, or a smoothed copy of them. Owns
/// nothing.
class Values {
 public:
  explicit Values(const PointColumns* points) : points_(points) {}
  explicit Values(const std::vector<double>* smoothed) : smoothed_(smoothed) {}

  uint32_t size() const { return smoothed_ ? static_cast<uint32_t>(smoothed_->size()) : points_->size(); }
  double operator[](uint32_t i) const { return smoothed_ ? (*smoothed_)[i] : points_->number(i); }

  /// Calls `f(i, value)` for i in [begin, end), in order; faster than one at a time.
  template <class F>
  void ForEach(uint32_t begin, uint32_t end, F f) const {
    if (begin >= end) return;
    if (smoothed_) {
      for (uint32_t i = begin; i < end; ++i) f(i, (*smoothed_)[i]);
      return;
    }
    const auto& chunks = points_->chunks();
    auto chunk = std::upper_bound(chunks.begin(), chunks.end(), begin,
                                  [](uint32_t i, const PointColumns::Chunk& c) { return i < c.first; }) -
                 1;
    for (; chunk != chunks.end() && chunk->first < end; ++chunk) {
      const uint32_t from = std::max(begin, chunk->first) - chunk->first;
      const uint32_t to = std::min(end - chunk->first, chunk->size);
      if (chunk->is_wide) {
        const auto* const values = reinterpret_cast<const double*>(chunk->values());
        for (uint32_t i = from; i < to; ++i) f(chunk->first + i, values[i]);
      } else {
        const auto* const values = reinterpret_cast<const float*>(chunk->values());
        for (uint32_t i = from; i < to; ++i) f(chunk->first + i, static_cast<double>(values[i]));
      }
    }
  }

 private:
  const PointColumns* points_ = nullptr;
  const std::vector<double>* smoothed_ = nullptr;
};

}  // namespace tensorpane
