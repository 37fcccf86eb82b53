#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "base/ids.h"
#include "histograms/histogram.h"

namespace tensorpane {

/// The histograms of series that were asked for, decoded, up to so many bytes: the series that was used
/// longest ago goes first. Payloads come from whoever asks (web/src/engine/values/histograms.ts).
class HistogramStore {
 public:
  explicit HistogramStore(size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Whether a point of a series was added and is still here.
  bool Knows(SeriesId series, uint32_t point) const;
  /// Decodes the payload of a point. False = the histograms of this series alone are more than may be kept.
  bool Add(SeriesId series, uint32_t point, Storage storage, bool split, Bytes payload);
  /// nullptr = it is not known, or damaged.
  const Histogram* Find(SeriesId series, uint32_t point);

 private:
  struct Entry {
    std::unordered_map<uint32_t, std::optional<Histogram>> points;  // nullopt = damaged
    size_t bytes = 0;
    uint64_t used = 0;
  };

  size_t max_bytes_;
  size_t bytes_ = 0;
  uint64_t clock_ = 0;
  std::unordered_map<SeriesId, Entry> entries_;
};

}  // namespace tensorpane
