#include "series/line_cache.h"

#include <algorithm>
#include <cmath>

#include "series/smoothing.h"

namespace tensorpane {
namespace {

constexpr size_t kSmoothedLimit = size_t{256} << 20;  // bytes

}  // namespace

void SeriesLines::Update(double weight) {
  const uint32_t size = points_.size();
  raw_.ForEach(seen_, size, [this](uint32_t i, double value) {
    if (!std::isfinite(value)) non_finite_.push_back(i);
  });
  seen_ = size;
  raw_pyramid_.Extend(raw_);
  if (weight <= 0) return;
  if (weight != weight_ || smoothed_.size() != size) {
    weight_ = weight;
    smoothed_ = Smooth(raw_, weight);
    smoothed_pyramid_ = Pyramid();
    smoothed_pyramid_.Extend(smoothed());
  }
}

const XAxis& SeriesLines::axis(XKind kind) {
  std::unique_ptr<XAxis>& axis = axes_[static_cast<size_t>(kind)];
  if (!axis) axis = std::make_unique<XAxis>(&points_, kind);
  axis->Extend();
  return *axis;
}

void SeriesLines::DropSmoothed() {
  smoothed_ = {};
  smoothed_pyramid_ = Pyramid();
}

SeriesLines& LineCache::Get(SeriesId id, double weight) {
  Entry& entry = entries_[static_cast<uint32_t>(id)];
  if (!entry.lines) entry.lines = std::make_unique<SeriesLines>(&log_.series(id).points);
  entry.used = query_;
  entry.lines->Update(weight);
  return *entry.lines;
}

void LineCache::BeginQuery() {
  ++query_;
  size_t bytes = 0;
  std::vector<Entry*> entries;
  for (auto& [id, entry] : entries_) {
    bytes += entry.lines->bytes();
    entries.push_back(&entry);
  }
  if (bytes <= kSmoothedLimit) return;
  std::sort(entries.begin(), entries.end(), [](const Entry* a, const Entry* b) { return a->used < b->used; });
  for (Entry* entry : entries) {
    if (bytes <= kSmoothedLimit / 2) break;
    bytes -= entry->lines->bytes();
    entry->lines->DropSmoothed();
  }
}

}  // namespace tensorpane
