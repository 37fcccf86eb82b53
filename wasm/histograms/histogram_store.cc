#include "histograms/histogram_store.h"

#include <algorithm>

namespace tensorpane {

bool HistogramStore::Knows(SeriesId series, uint32_t point) const {
  const auto entry = entries_.find(series);
  return entry != entries_.end() && entry->second.points.contains(point);
}

bool HistogramStore::Add(SeriesId series, uint32_t point, Storage storage, bool split, Bytes payload) {
  std::optional<Histogram> histogram = ReadHistogram(storage, split, payload);
  constexpr size_t kPerPoint = 120;  // of the map, and what the allocator takes
  const size_t bytes = kPerPoint + (histogram ? histogram->buckets.capacity() * sizeof(Bucket) : 0);
  Entry& entry = entries_[series];
  entry.used = ++clock_;
  if (entry.bytes + bytes > max_bytes_) return false;
  while (bytes_ + bytes > max_bytes_) {
    const auto oldest = std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
      return a.second.used < b.second.used;
    });
    bytes_ -= oldest->second.bytes;
    entries_.erase(oldest);
  }
  if (!entry.points.emplace(point, std::move(histogram)).second) return true;
  entry.bytes += bytes;
  bytes_ += bytes;
  return true;
}

const Histogram* HistogramStore::Find(SeriesId series, uint32_t point) {
  const auto entry = entries_.find(series);
  if (entry == entries_.end()) return nullptr;
  entry->second.used = ++clock_;
  const auto found = entry->second.points.find(point);
  return found == entry->second.points.end() || !found->second ? nullptr : &*found->second;
}

}  // namespace tensorpane
