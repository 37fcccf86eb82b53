#include "log/restarts.h"

#include <algorithm>
#include <cmath>

#include "log/lives.h"
#include "log/log.h"

namespace tensorpane {
namespace {

constexpr std::string_view kNames[] = {"latest", "none", "split", "tensorboard"};

uint32_t CountNonFinite(const PointColumns& points, PointRange range) {
  if (points.kind() != PointColumns::ValueKind::kNumber) return 0;
  uint32_t count = 0;
  for (uint32_t i = range.begin; i < range.end; ++i) count += !std::isfinite(points.number(i));
  return count;
}

std::vector<PointRange> Whole(const Series& series) {
  if (series.points.size() == 0) return {};
  return {{0, series.points.size()}};
}

/// The cuts of a series, with that of the run after its last point.
Cuts CutsOf(const Series& series, const Run& run) {
  Cuts cuts = series.cuts;
  const auto pending = run.tensorboard_purge.run_cuts().LowestAfter(series.run_cuts_seen);
  if (pending) cuts.Add({series.points.size(), *pending});
  return cuts;
}

/// Appends the points of `range` whose step is below `limit`.
void AppendBelow(const PointColumns& points, PointRange range, int64_t limit,
                 std::vector<PointRange>* ranges) {
  for (const PointColumns::Chunk& chunk : points.chunks()) {
    const uint32_t begin = std::max(range.begin, chunk.first);
    const uint32_t end = std::min(range.end, chunk.first + chunk.size);
    for (uint32_t i = begin; i < end; ++i) {
      if (chunk.exact_step(i - chunk.first) >= limit) continue;
      if (ranges->empty() || ranges->back().end != i) ranges->push_back({i, i});
      ranges->back().end = i + 1;
    }
  }
}

std::vector<PointRange> KeptByTensorBoard(const Series& series, const Run& run) {
  std::vector<PointRange> ranges;
  uint32_t begin = 0;
  const Cuts cuts = CutsOf(series, run);
  for (const Cut& cut : cuts.list()) {
    AppendBelow(series.points, {begin, cut.at}, cut.step, &ranges);
    begin = cut.at;
  }
  const uint32_t end = series.points.size();
  if (begin == end) return ranges;
  if (ranges.empty() || ranges.back().end != begin) ranges.push_back({begin, begin});
  ranges.back().end = end;
  return ranges;
}

std::vector<PointRange> Latest(const Series& series) {
  if (IsOneLife(series)) return Whole(series);
  std::vector<PointRange> kept;
  for (const Life& life : LivesOf(series)) {
    if (life.kept().size() > 0) kept.push_back(life.kept());
  }
  std::stable_sort(kept.begin(), kept.end(), [&](PointRange a, PointRange b) {
    return series.points.exact_step(a.begin) < series.points.exact_step(b.begin);
  });
  std::vector<PointRange> ranges;
  for (const PointRange range : kept) {
    if (ranges.empty() || ranges.back().end != range.begin ||
        series.points.exact_step(range.begin) < series.points.exact_step(range.begin - 1)) {
      ranges.push_back(range);
    } else {
      ranges.back().end = range.end;
    }
  }
  return ranges;
}

std::vector<PointRange> Stretches(const Series& series) {
  std::vector<PointRange> ranges = Whole(series);
  for (const uint32_t index : series.steps_back) {
    ranges.back().end = index;
    ranges.push_back({index, series.points.size()});
  }
  return ranges;
}

}  // namespace

std::optional<Purge> PurgeOfName(std::string_view name) {
  const auto* const found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) return std::nullopt;
  return static_cast<Purge>(found - std::begin(kNames));
}

std::vector<PointRange> KeptPoints(const Series& series, const Run& run, Purge purge) {
  switch (purge) {
    case Purge::kLatest:
      return Latest(series);
    case Purge::kNone:
      return Whole(series);
    case Purge::kSplit:
      return Stretches(series);
    case Purge::kTensorBoard:
      return KeptByTensorBoard(series, run);
  }
  return {};
}

bool IsReadOneWay(const Series& series, const Run& run) {
  return series.steps_back.empty() && CutsOf(series, run).list().empty() && Latest(series) == Whole(series);
}

KeptFacts FactsOf(const Series& series, const Run& run, Purge purge) {
  const PointColumns& points = series.points;
  const uint32_t size = points.size();
  const KeptFacts of_all = {size, series.min_step, series.max_step, 0, size - 1, series.non_finite};
  if (purge == Purge::kNone || purge == Purge::kSplit) return of_all;
  const std::vector<PointRange> ranges = KeptPoints(series, run, purge);
  if (ranges.empty()) return {};
  if (ranges == Whole(series)) return of_all;
  KeptFacts facts = {0, INFINITY, -INFINITY, ranges.front().begin, ranges.back().end - 1, 0};
  const auto take_step = [&](uint32_t i) {
    facts.min_step = std::min(facts.min_step, points.step(i));
    facts.max_step = std::max(facts.max_step, points.step(i));
  };
  for (const PointRange& range : ranges) {
    facts.count += range.size();
    if (series.non_finite > 0) facts.non_finite += CountNonFinite(points, range);
    if (purge == Purge::kLatest) {  // no range goes back
      take_step(range.begin);
      take_step(range.end - 1);
    } else {
      for (uint32_t i = range.begin; i < range.end; ++i) take_step(i);
    }
  }
  return facts;
}

}  // namespace tensorpane
