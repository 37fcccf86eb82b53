#include "log/lives.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "log/series.h"

namespace tensorpane {
namespace {

/// A wall time in seconds, and what is before what at one such time: lives that end then, those that are no
/// longer than it, in the order they were read, and those that begin then.
using Moment = std::pair<double, size_t>;

struct Span {
  Moment begin;
  Moment end;
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
      lives.push_back({{begin, *back}, file, *back, {}});
      begin = *back;
    }
    lives.push_back({{begin, end}, file, end, {}});
    begin = end;
  }
  return lives;
}

/// When lives began and ended. Within a file time never goes back: a clock that was wrong was set right
/// later.
std::vector<Span> SpansOf(const PointColumns& points, const std::vector<Life>& lives) {
  std::vector<Span> spans(lives.size());
  double read_at = -std::numeric_limits<double>::infinity();
  for (size_t begin = 0, end = 0; begin < lives.size(); begin = end) {
    while (end < lives.size() && lives[end].file == lives[begin].file) ++end;
    // A file without wall times stands where it was read.
    double clock = read_at;
    for (size_t i = begin; i < end; ++i) {
      for (const uint32_t point : {lives[i].points.begin, lives[i].points.end - 1}) {
        if (std::isfinite(points.wall_time(point))) clock = points.wall_time(point);
      }
    }
    read_at = clock;
    const auto turn_back = [&](uint32_t point) {
      const double time = points.wall_time(point);
      return clock = std::isfinite(time) ? std::min(time, clock) : clock;
    };
    for (size_t i = end; i-- > begin;) {
      const double last = turn_back(lives[i].points.end - 1);
      const double first = turn_back(lives[i].points.begin);
      const bool instant = first == last;
      spans[i] = {{first, instant ? i + 1 : std::numeric_limits<size_t>::max()}, {last, instant ? i + 1 : 0}};
    }
  }
  return spans;
}

/// Of each life, whether it has a step that one before it in its file has.
std::vector<bool> WriteAgain(const PointColumns& points, const std::vector<Life>& lives) {
  std::vector<bool> again(lives.size());
  for (size_t begin = 0, end = 0; begin < lives.size(); begin = end) {
    while (end < lives.size() && lives[end].file == lives[begin].file) ++end;
    if (end - begin == 1) continue;
    std::vector<int64_t> lowest_later(end - begin, std::numeric_limits<int64_t>::max());
    for (size_t i = end - 1; i-- > begin;) {
      lowest_later[i - begin] =
          std::min(lowest_later[i - begin + 1], points.exact_step(lives[i + 1].points.begin));
    }
    std::vector<std::pair<int64_t, size_t>> written;  // step and life, where others may have the step too
    int64_t highest = std::numeric_limits<int64_t>::min();
    for (size_t i = begin; i < end; ++i) {
      for (uint32_t point = lives[i].points.begin; point < lives[i].points.end; ++point) {
        const int64_t step = points.exact_step(point);
        if (step <= highest || step >= lowest_later[i - begin]) written.emplace_back(step, i);
      }
      highest = std::max(highest, points.exact_step(lives[i].points.end - 1));
    }
    std::sort(written.begin(), written.end());
    for (size_t i = 1; i < written.size(); ++i) {
      const auto [step, life] = written[i];
      if (written[i - 1].first == step && written[i - 1].second != life) again[life] = true;
    }
  }
  return again;
}

/// Finds what is left of each life, and which was the first to supersede points of it.
void Supersede(const PointColumns& points, std::vector<Life>* lives_list) {
  std::vector<Life>& lives = *lives_list;
  const std::vector<Span> spans = SpansOf(points, lives);
  const std::vector<bool> again = WriteAgain(points, lives);
  const auto first_step = [&](size_t life) { return points.exact_step(lives[life].points.begin); };
  const auto last_step = [&](size_t life) { return points.exact_step(lives[life].points.end - 1); };
  using MaybeLife = std::optional<size_t>;
  const auto lower = [&](MaybeLife a, MaybeLife b) {
    return !b || (a && first_step(*a) <= first_step(*b)) ? a : b;
  };

  // In the order in which they began.
  std::vector<size_t> order(lives.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return spans[a].begin < spans[b].begin; });
  // Of those from each place of it on: which begins at the lowest step, and which does of the other files;
  // and the place of the first of another file.
  struct From {
    MaybeLife lowest;
    MaybeLife lowest_elsewhere;
    size_t elsewhere;
  };
  std::vector<From> from(order.size() + 1);
  for (size_t at = order.size(); at-- > 0;) {
    const size_t life = order[at];
    const From& next = from[at + 1];
    const auto is_here = [&](MaybeLife other) { return other && lives[*other].file == lives[life].file; };
    from[at].elsewhere = at + 1 < order.size() && is_here(order[at + 1]) ? next.elsewhere : at + 1;
    if (lower(next.lowest, life) == next.lowest) {
      from[at].lowest = next.lowest;
      from[at].lowest_elsewhere =
          is_here(next.lowest) ? next.lowest_elsewhere : lower(next.lowest_elsewhere, life);
    } else {
      from[at].lowest = life;
      from[at].lowest_elsewhere = is_here(next.lowest) ? next.lowest_elsewhere : next.lowest;
    }
  }

  std::vector<size_t> here;  // restarts in the same file, the first at the end
  MaybeLife lowest_here;
  for (size_t i = lives.size(); i-- > 0;) {
    if (i + 1 < lives.size() && lives[i + 1].file != lives[i].file) {
      here.clear();
      lowest_here.reset();
    }
    const auto goes_back = [&](MaybeLife other) { return other && first_step(*other) <= last_step(i); };
    const auto later = std::partition_point(order.begin(), order.end(),
                                            [&](size_t other) { return spans[other].begin <= spans[i].end; });
    size_t at = static_cast<size_t>(later - order.begin());
    const auto is_here = [&](size_t other) { return lives[other].file == lives[i].file; };
    const MaybeLife lowest_elsewhere =
        from[at].lowest && is_here(*from[at].lowest) ? from[at].lowest_elsewhere : from[at].lowest;
    MaybeLife& first = lives[i].restarted_by;
    const bool is_of_one_step = first_step(i) == last_step(i);
    const auto goes_back_elsewhere = [&](MaybeLife other) {
      return goes_back(other) && !(is_of_one_step && first_step(*other) == first_step(i));
    };
    if (goes_back_elsewhere(lowest_elsewhere)) {
      while (is_here(order[at]) || !goes_back_elsewhere(order[at])) {
        at = is_here(order[at]) ? from[at].elsewhere : at + 1;
      }
      first = order[at];
    }
    if (goes_back(lowest_here)) {
      const size_t restart = *std::find_if(here.rbegin(), here.rend(), goes_back);
      if (!first || spans[restart].begin < spans[*first].begin) first = restart;
    }
    if (first) {
      lives[i].kept_end =
          FindStep(points, lives[i].points, first_step(*lower(lowest_here, lowest_elsewhere)));
    }
    if (again[i]) {
      here.push_back(i);
      lowest_here = lower(i, lowest_here);
    }
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
    const auto [place, is_new] = restarts.try_emplace(*life.restarted_by);
    Restart& restart = place->second;
    const int64_t last_step = series.points.exact_step(life.points.end - 1);
    const Life& after = lives[*life.restarted_by];
    restart.file_before = life.file;
    restart.file_after = after.file;
    restart.step = series.points.exact_step(after.points.begin);
    restart.last_step = is_new ? last_step : std::max(restart.last_step, last_step);
    restart.superseded += life.superseded();
  }
  std::vector<Restart> list;
  for (const auto& [life, restart] : restarts) list.push_back(restart);
  return list;
}

}  // namespace tensorpane
