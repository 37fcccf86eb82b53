#include "series/chart_query.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tensorpane {
namespace {

/// A chart's answer takes at most about so many words: with very many lines each is drawn a little coarser,
/// which nobody can see where they lie over each other.
constexpr uint64_t kChartWords = 1 << 19;
constexpr uint64_t kWordsAPixel = 16;  // four points, two words each, raw and smoothed

/// Above this many shown values the outer 5 % are judged by every k-th of them.
constexpr uint64_t kMaxSorted = 1 << 17;

struct Shown {
  SeriesLines* lines;
  const XAxis* axis;
};

const Values ValuesOf(const Shown& shown, const ChartQuery& query) {
  return query.smoothing > 0 ? shown.lines->smoothed() : shown.lines->raw();
}

std::optional<Extent> ExtentOfX(const std::vector<Shown>& all) {
  std::optional<Extent> extent;
  for (const Shown& shown : all) {
    for (const PointRange& segment : shown.axis->segments()) {
      const double first = shown.axis->At(segment.begin), last = shown.axis->At(segment.end - 1);
      if (!extent) extent = Extent{first, last};
      extent->min = std::min(extent->min, first);
      extent->max = std::max(extent->max, last);
    }
  }
  return extent;
}

/// Ranges of points that are inside the shown range of x.
std::vector<PointRange> InView(const XAxis& axis, const Viewport& viewport) {
  std::vector<PointRange> ranges;
  for (const PointRange& segment : axis.segments()) {
    const PointRange range = {axis.Find(segment, viewport.from, false),
                              axis.Find(segment, viewport.to, true)};
    if (range.size() > 0) ranges.push_back(range);
  }
  return ranges;
}

/// Of fewer values, the twentieth part at either end is not one.
constexpr uint64_t kFewestToClip = 20;

struct YView {
  std::optional<Extent> extent;
  uint64_t clipped = 0;
};

YView ExtentOfY(const std::vector<Shown>& all, const ChartQuery& query, const Viewport& viewport) {
  uint64_t points = 0;
  for (const Shown& shown : all) {
    for (const PointRange& range : InView(*shown.axis, viewport)) points += range.size();
  }
  const auto stride = static_cast<uint32_t>(1 + points / kMaxSorted);
  std::vector<double> sample;
  sample.reserve(static_cast<size_t>(std::min(points, 2 * kMaxSorted)));
  Extent whole = {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const Shown& shown : all) {
    const Values values = ValuesOf(shown, query);
    const Pyramid& pyramid =
        query.smoothing > 0 ? shown.lines->smoothed_pyramid() : shown.lines->raw_pyramid();
    for (const PointRange& range : InView(*shown.axis, viewport)) {
      if (!query.log_y && stride > 1) {
        if (const auto extremes = pyramid.Find(values, range.begin, range.end)) {
          whole.min = std::min(whole.min, values[extremes->min]);
          whole.max = std::max(whole.max, values[extremes->max]);
        }
        if (!query.clip_outliers) continue;
        for (uint32_t i = range.begin; i < range.end; i += stride) sample.push_back(values[i]);
        continue;
      }
      values.ForEach(range.begin, range.end, [&](uint32_t i, double value) {
        if (!std::isfinite(value) || (query.log_y && value <= 0)) return;
        whole.min = std::min(whole.min, value);
        whole.max = std::max(whole.max, value);
        if ((i - range.begin) % stride == 0) sample.push_back(value);
      });
    }
  }
  if (whole.min > whole.max) return {};
  if (!query.clip_outliers || points < kFewestToClip) return {whole, 0};
  YView view;
  view.extent = ExtentOf(sample, true);
  if (!view.extent) return {whole, 0};
  for (const double value : sample) view.clipped += value < view.extent->min || value > view.extent->max;
  view.clipped *= stride;
  // The sample may have missed the few that are outside.
  if (view.clipped == 0 && (whole.min < view.extent->min || whole.max > view.extent->max)) view.clipped = 1;
  return view;
}

}  // namespace

void AppendChart(const ChartQuery& query, LineCache* cache, std::vector<double>* words) {
  std::vector<Shown> all;
  for (const SeriesId id : query.series) {
    SeriesLines& lines = cache->Get(id, query.smoothing);
    all.push_back({&lines, &lines.axis(query.x)});
  }
  const std::optional<Extent> x = ExtentOfX(all);
  const bool everything = std::isnan(query.from) || std::isnan(query.to);
  Viewport viewport = {query.from, query.to, std::max(query.pixels, 1u)};
  if (everything) {
    viewport.from = x ? x->min : 0;
    viewport.to = x ? x->max : 0;
  }
  const YView y = ExtentOfY(all, query, viewport);
  words->push_back(x ? x->min : NAN);
  words->push_back(x ? x->max : NAN);
  words->push_back(y.extent ? y.extent->min : NAN);
  words->push_back(y.extent ? y.extent->max : NAN);
  words->push_back(static_cast<double>(y.clipped));

  const uint64_t room = kChartWords / (kWordsAPixel * std::max<size_t>(all.size(), 1));
  viewport.pixels = static_cast<uint32_t>(std::min<uint64_t>(viewport.pixels, std::max<uint64_t>(room, 8)));

  std::vector<double> smoothed, raw, marks;
  for (const Shown& shown : all) {
    smoothed.clear();
    raw.clear();
    marks.clear();
    const std::vector<uint32_t>& non_finite = shown.lines->non_finite();
    if (query.smoothing > 0) {
      AppendLine(shown.lines->smoothed(), *shown.axis, shown.lines->smoothed_pyramid(), non_finite, viewport,
                 &smoothed);
    }
    AppendLine(shown.lines->raw(), *shown.axis, shown.lines->raw_pyramid(), non_finite, viewport, &raw);
    AppendMarks(shown.lines->raw(), *shown.axis, non_finite, viewport, &marks);
    for (const auto* part : {&smoothed, &raw, &marks})
      words->push_back(static_cast<double>(part->size() / 2));
    for (const auto* part : {&smoothed, &raw, &marks})
      words->insert(words->end(), part->begin(), part->end());
  }
}

std::optional<Pick> PickNearest(SeriesLines& lines, XKind kind, double at, double smoothing) {
  const XAxis& axis = lines.axis(kind);
  std::optional<uint32_t> best;
  double best_distance = 0, best_x = 0;
  const auto consider = [&](uint32_t i) {
    const double x = axis.At(i);
    const double distance = std::abs(x - at);
    if (!best || distance < best_distance ||
        (distance == best_distance && (x < best_x || (x == best_x && i > *best)))) {
      best = i;
      best_distance = distance;
      best_x = x;
    }
  };
  for (const PointRange& segment : axis.segments()) {
    const uint32_t after = axis.Find(segment, at, true);
    if (after < segment.end) {
      // Of several points at one x the last.
      consider(axis.Find(segment, axis.At(after), true) - 1);
    }
    if (after > segment.begin) consider(after - 1);
  }
  if (!best) return std::nullopt;
  return Pick{*best, best_x, smoothing > 0 ? lines.smoothed()[*best] : NAN};
}

}  // namespace tensorpane
