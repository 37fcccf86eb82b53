#include "series/line_cache.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "series/smoothing.h"

namespace tensorpane {
namespace {

constexpr size_t kSmoothedLimit = size_t{256} << 20;  // bytes

/// Whether `now` is `before` with points added at its end.
bool Continues(const std::vector<PointRange>& before, const std::vector<PointRange>& now) {
  if (before.empty()) return true;
  const size_t last = before.size() - 1;
  return now.size() > last && std::equal(before.begin(), before.end() - 1, now.begin()) &&
         before[last].begin == now[last].begin && before[last].end <= now[last].end;
}

}  // namespace

void SeriesLines::Update(double weight, Purge purge) {
  const uint32_t size = series_.points.size();
  raw_.ForEach(seen_, size, [this](uint32_t i, double value) {
    if (!std::isfinite(value)) non_finite_.push_back(i);
  });
  raw_pyramid_.Extend(raw_);
  std::vector<PointRange> kept = KeptPoints(series_, run_, purge);
  if (purge != purge_ || !Continues(kept_, kept)) axes_ = {};
  purge_ = purge;
  if (kept != kept_ || size != seen_) {
    kept_ = std::move(kept);
    FindNonFinite();
    DropSmoothed();
  }
  seen_ = size;
  if (weight > 0 && (weight != weight_ || smoothed_.size() != size)) Smooth(weight);
}

void SeriesLines::FindNonFinite() {
  kept_non_finite_.clear();
  for (const PointRange& range : kept_) {
    auto at = std::lower_bound(non_finite_.begin(), non_finite_.end(), range.begin);
    for (; at != non_finite_.end() && *at < range.end; ++at) kept_non_finite_.push_back(*at);
  }
  std::sort(kept_non_finite_.begin(), kept_non_finite_.end());
}

void SeriesLines::Smooth(double weight) {
  weight_ = weight;
  smoothed_.assign(series_.points.size(), NAN);
  // Where a line of its own begins, so does its average.
  const PointColumns& points = series_.points;
  const auto goes_on = [&](PointRange before, PointRange after) {
    if (purge_ != Purge::kLatest) return purge_ != Purge::kSplit;
    return points.exact_step(before.end - 1) <= points.exact_step(after.begin);
  };
  for (size_t begin = 0, end = 0; begin < kept_.size(); begin = end) {
    for (end = begin + 1; end < kept_.size() && goes_on(kept_[end - 1], kept_[end]);) ++end;
    tensorpane::Smooth(raw_, std::span(kept_).subspan(begin, end - begin), weight, &smoothed_);
  }
  smoothed_pyramid_ = Pyramid();
  smoothed_pyramid_.Extend(smoothed());
}

const XAxis& SeriesLines::axis(XKind kind) {
  std::unique_ptr<XAxis>& axis = axes_[static_cast<size_t>(kind)];
  if (!axis) axis = std::make_unique<XAxis>(&series_.points, kind, purge_);
  axis->Extend(kept_);
  return *axis;
}

std::pair<uint32_t, uint32_t> SeriesLines::PartOf(uint32_t point) const {
  if (purge_ != Purge::kSplit || kept_.size() < 2) return {0, 0};
  const auto next = std::upper_bound(kept_.begin(), kept_.end(), point,
                                     [](uint32_t i, const PointRange& line) { return i < line.begin; });
  return {static_cast<uint32_t>(next - kept_.begin()), static_cast<uint32_t>(kept_.size())};
}

void SeriesLines::DropSmoothed() {
  smoothed_ = {};
  smoothed_pyramid_ = Pyramid();
}

SeriesLines& LineCache::Get(SeriesId id, double weight) {
  Entry& entry = entries_[static_cast<uint32_t>(id)];
  if (!entry.lines) {
    const Series& series = log_.series(id);
    entry.lines = std::make_unique<SeriesLines>(&series, &log_.runs()[Index(series.run)]);
  }
  entry.used = query_;
  entry.lines->Update(weight, purge_);
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
