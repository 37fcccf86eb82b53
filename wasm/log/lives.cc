#include "log/lives.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

#include "log/series.h"

namespace tensorpane {
namespace {

/// When a life began and ended, in seconds; within a file time never goes back.
struct Span {
  double begin;
  double end;
};

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

/// The points of each file, cut where steps go back.
std::vector<Life> CutIntoLives(const Series& series) {
  std::vector<Life> lives;
  auto back = series.steps_back.begin();
  uint32_t begin = 0;
  for (const auto& [file, count] : series.points_per_file) {
    const uint32_t end = begin + count;
    for (; back != series.steps_back.end() && *back < end; ++back) {
      if (*back == begin) continue;
      lives.push_back({{begin, *back}, file, *back, {}, {}});
      begin = *back;
    }
    lives.push_back({{begin, end}, file, end, {}, {}});
    begin = end;
  }
  return lives;
}

std::vector<Span> SpansOf(const PointColumns& points, const std::vector<Life>& lives) {
  std::vector<Span> spans;
  double clock = -std::numeric_limits<double>::infinity();
  const auto at = [&](uint32_t i, double not_before) {
    const double time = points.wall_time(i);
    return std::isfinite(time) ? std::max(time, not_before) : not_before;
  };
  for (size_t i = 0; i < lives.size(); ++i) {
    const auto [begin, end] = lives[i].points;
    const bool same_file = i > 0 && lives[i - 1].file == lives[i].file;
    const double first = points.wall_time(begin);
    // A file without wall times stands where it was read.
    const double from = same_file || !std::isfinite(first) ? at(begin, clock) : first;
    clock = at(end - 1, from);
    spans.push_back({from, clock});
  }
  return spans;
}

/// Finds what is left of each life, and which was the first to supersede points of it.
void Supersede(const PointColumns& points, std::vector<Life>* lives_list) {
  std::vector<Life>& lives = *lives_list;
  const std::vector<Span> spans = SpansOf(points, lives);
  const auto sorted_by = [&](double Span::*time) {
    std::vector<size_t> order(lives.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return spans[a].*time < spans[b].*time; });
    return order;
  };
  const auto ended_before = [&](size_t life, size_t other) {
    return std::tie(spans[life].end, life) < std::tie(spans[other].begin, other);
  };
  const auto first_step = [&](size_t life) { return points.exact_step(lives[life].points.begin); };
  const auto last_step = [&](size_t life) { return points.exact_step(lives[life].points.end - 1); };

  // Those that go back, in the order in which they began.
  std::vector<size_t> restarts;
  const std::vector<size_t> by_end = sorted_by(&Span::end);
  auto ended = by_end.begin();
  int64_t highest = std::numeric_limits<int64_t>::min();
  for (const size_t life : sorted_by(&Span::begin)) {
    for (; ended != by_end.end() && ended_before(*ended, life); ++ended) {
      highest = std::max(highest, last_step(*ended));
    }
    if (highest <= first_step(life)) continue;
    lives[life].back_from = highest;
    restarts.push_back(life);
  }
  // The lowest first step of each of them and those that began later.
  std::vector<int64_t> lowest;
  for (auto life = restarts.rbegin(); life != restarts.rend(); ++life) {
    lowest.push_back(lowest.empty() ? first_step(*life) : std::min(lowest.back(), first_step(*life)));
  }
  std::reverse(lowest.begin(), lowest.end());

  for (size_t i = 0; i < lives.size(); ++i) {
    const auto later = std::partition_point(restarts.begin(), restarts.end(),
                                            [&](size_t restart) { return !ended_before(i, restart); });
    if (later == restarts.end()) continue;
    const int64_t step = lowest[static_cast<size_t>(later - restarts.begin())];
    if (step > last_step(i)) continue;
    lives[i].kept_end = FindStep(points, lives[i].points, step);
    lives[i].restarted_by =
        *std::find_if(later, restarts.end(), [&](size_t other) { return first_step(other) <= last_step(i); });
  }
}

}  // namespace

bool IsOneLife(const Series& series) {
  return series.steps_back.empty() && series.points_per_file.size() <= 1;
}

std::vector<Life> LivesOf(const Series& series) {
  std::vector<Life> lives = CutIntoLives(series);
  Supersede(series.points, &lives);
  return lives;
}

std::vector<Restart> RestartsOf(const Series& series) {
  if (IsOneLife(series)) return {};
  const std::vector<Life> lives = LivesOf(series);
  std::map<size_t, Restart> restarts;  // by the life that superseded others
  for (const Life& life : lives) {
    if (!life.restarted_by) continue;
    Restart& restart = restarts[*life.restarted_by];
    const Life& after = lives[*life.restarted_by];
    restart.file_before = life.file;
    restart.file_after = after.file;
    restart.step = series.points.exact_step(after.points.begin);
    restart.last_step = *after.back_from;
    restart.superseded += life.superseded();
  }
  std::vector<Restart> list;
  for (const auto& [life, restart] : restarts) list.push_back(restart);
  return list;
}

}  // namespace tensorpane
