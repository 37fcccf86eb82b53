#include "log/restarts.h"

#include <algorithm>
#include <cmath>

#include "log/log.h"

namespace tensorpane {
namespace {

constexpr std::string_view kNames[] = {"latest", "none", "split", "tensorboard"};

/// The first point of `range`, in which steps do not go back, with a step ≥ `step`.
uint32_t FindStep(const PointColumns& points, PointRange range, int64_t step) {
  uint32_t begin = range.begin, end = range.end;
  while (begin < end) {
    const uint32_t middle = begin + (end - begin) / 2;
    if (points.exact_step(middle) < step) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

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
  if (series.restarts.all().empty()) return Whole(series);
  std::vector<PointRange> ranges = series.restarts.earlier();
  ranges.push_back({series.restarts.all().back().index, series.points.size()});
  return ranges;
}

std::vector<PointRange> Stretches(const Series& series) {
  std::vector<PointRange> ranges = Whole(series);
  for (const Restart& restart : series.restarts.all()) {
    ranges.back().end = restart.index;
    ranges.push_back({restart.index, series.points.size()});
  }
  return ranges;
}

}  // namespace

std::optional<Purge> PurgeOfName(std::string_view name) {
  const auto* const found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) return std::nullopt;
  return static_cast<Purge>(found - std::begin(kNames));
}

const Restart& Restarts::Add(const PointColumns& points) {
  const uint32_t index = points.size() - 1;
  const int64_t step = points.exact_step(index);
  earlier_.push_back({all_.empty() ? 0 : all_.back().index, index});
  uint32_t superseded = 0;
  while (!earlier_.empty()) {
    PointRange& range = earlier_.back();
    const uint32_t kept_end = FindStep(points, range, step);
    superseded += range.end - kept_end;
    superseded_non_finite_ += CountNonFinite(points, {kept_end, range.end});
    range.end = kept_end;
    if (range.size() > 0) break;
    earlier_.pop_back();
  }
  superseded_ += superseded;
  return all_.emplace_back(Restart{index, superseded});
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
  return series.restarts.all().empty() && CutsOf(series, run).list().empty();
}

KeptFacts FactsOf(const Series& series, const Run& run, Purge purge) {
  const PointColumns& points = series.points;
  const uint32_t size = points.size();
  KeptFacts facts = {size, series.min_step, series.max_step, 0, size - 1, series.non_finite};
  const Restarts& restarts = series.restarts;
  if (purge == Purge::kLatest && !restarts.all().empty()) {
    facts.first = restarts.earlier().empty() ? restarts.all().back().index : restarts.earlier().front().begin;
    facts.count -= restarts.superseded();
    facts.non_finite -= restarts.superseded_non_finite();
    facts.min_step = points.step(facts.first);  // they ascend
    facts.max_step = points.step(facts.last);
  } else if (purge == Purge::kTensorBoard && !CutsOf(series, run).list().empty()) {
    const std::vector<PointRange> ranges = KeptByTensorBoard(series, run);
    if (ranges.empty()) return {};
    facts = {0,
             points.step(ranges.front().begin),
             points.step(ranges.front().begin),
             ranges.front().begin,
             ranges.back().end - 1,
             0};
    for (const PointRange& range : ranges) {
      facts.count += range.size();
      facts.non_finite += CountNonFinite(points, range);
      for (uint32_t i = range.begin; i < range.end; ++i) {
        facts.min_step = std::min(facts.min_step, points.step(i));
        facts.max_step = std::max(facts.max_step, points.step(i));
      }
    }
  }
  return facts;
}

}  // namespace tensorpane
