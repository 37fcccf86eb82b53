#include "series/step_union.h"

#include <algorithm>

namespace tensorpane {
namespace {

/// A step, and how many runs have it.
struct Counted {
  int64_t step;
  uint32_t runs;
};
using Steps = std::vector<Counted>;

/// In order; a step of both counts as `join` says.
template <class Join>
Steps Merge(const Steps& a, const Steps& b, Join join) {
  Steps merged;
  merged.reserve(std::max(a.size(), b.size()));
  size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (j == b.size() || (i < a.size() && a[i].step < b[j].step)) {
      merged.push_back(a[i++]);
    } else if (i == a.size() || b[j].step < a[i].step) {
      merged.push_back(b[j++]);
    } else {
      merged.push_back({a[i].step, join(a[i].runs, b[j].runs)});
      ++i, ++j;
    }
  }
  return merged;
}

/// Merges `count` lists from `first` on by halves: each point is looked at log(lists) times at most, and only
/// the lists of one path down are in memory at a time.
template <class ListOf, class Join>
Steps MergeAll(size_t first, size_t count, ListOf list_of, Join join) {
  if (count == 0) return {};
  if (count == 1) return list_of(first);
  const size_t half = count / 2;
  const Steps low = MergeAll(first, half, list_of, join);
  return Merge(low, MergeAll(first + half, count - half, list_of, join), join);
}

Steps StepsOf(const Series& series, const std::vector<PointRange>& kept) {
  Steps steps;
  steps.reserve(series.points.size());
  for (const PointRange& range : kept) {
    for (uint32_t i = range.begin; i < range.end; ++i) steps.push_back({series.points.exact_step(i), 1});
  }
  const auto less = [](const Counted& a, const Counted& b) { return a.step < b.step; };
  if (!std::is_sorted(steps.begin(), steps.end(), less)) std::sort(steps.begin(), steps.end(), less);
  const auto same = [](const Counted& a, const Counted& b) { return a.step == b.step; };
  steps.erase(std::unique(steps.begin(), steps.end(), same), steps.end());
  return steps;
}

}  // namespace

StepUnion UnionOfSteps(const Log& log, std::span<const SeriesId> series, Purge purge) {
  std::vector<const Series*> sorted;
  for (const SeriesId id : series) {
    if (log.series(id).points.size() > 0) sorted.push_back(&log.series(id));
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Series* a, const Series* b) { return a->run < b->run; });
  std::vector<size_t> runs;  // where each begins in `sorted`
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i == 0 || sorted[i]->run != sorted[i - 1]->run) runs.push_back(i);
  }
  const size_t run_count = runs.size();
  runs.push_back(sorted.size());

  const auto steps_of_series = [&](size_t i) {
    return StepsOf(*sorted[i], KeptPoints(*sorted[i], log.runs()[Index(sorted[i]->run)], purge));
  };
  const auto once = [](uint32_t, uint32_t) { return uint32_t{1}; };
  size_t runs_with_steps = 0;  // a reading may keep nothing of a run
  const auto steps_of_run = [&](size_t run) {
    Steps steps = MergeAll(runs[run], runs[run + 1] - runs[run], steps_of_series, once);
    runs_with_steps += !steps.empty();
    return steps;
  };
  const auto sum = [](uint32_t a, uint32_t b) { return a + b; };

  StepUnion all;
  const Steps merged = MergeAll(0, run_count, steps_of_run, sum);
  for (const Counted& counted : merged) {
    all.steps.push_back(counted.step);
    all.in_every_run.push_back(counted.runs == runs_with_steps);
  }
  return all;
}

}  // namespace tensorpane
