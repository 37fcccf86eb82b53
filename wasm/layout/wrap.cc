#include <algorithm>
#include <cmath>
#include <numeric>

#include "layout/part.h"

namespace tensorpane {
namespace {

constexpr double kWide = 2400;  // pixels: less than that is never too wide
constexpr double kAspect = 4;   // width by height: more than that is

}  // namespace

void WrapRows(const Part& part, double box_gap, double rank_gap, Ranks* ranks) {
  const auto count = static_cast<uint32_t>(part.boxes.size());
  std::vector<double> width(ranks->count, 0), height(ranks->count, 0);
  std::vector<uint8_t> fixed(ranks->count, 0);
  for (uint32_t box = 0; box < count; ++box) {
    const uint32_t rank = ranks->rank[box];
    width[rank] += part.boxes[box].width + part.boxes[box].loops + box_gap;
    height[rank] = std::max(height[rank], part.boxes[box].height);
    if (part.boxes[box].rank != Part::Rank::kAny) fixed[rank] = 1;
  }
  double total = 0;
  for (const double h : height) total += h + rank_gap;
  std::vector<uint32_t> run(ranks->count, 0);  // of neighbouring ranks that are too wide; 0: it is not
  for (uint32_t rank = 0; rank < ranks->count; ++rank)
    if (!fixed[rank] && width[rank] > std::max(kWide, kAspect * total))
      run[rank] = rank > 0 && run[rank - 1] != 0 ? run[rank - 1] : rank + 1;
  if (std::all_of(run.begin(), run.end(), [](uint32_t r) { return r == 0; })) return;

  // What hangs together inside of a run stays together.
  Sets sets(count);
  for (const auto& link : part.links)
    if (const uint32_t r = run[ranks->rank[link.upper]]; r != 0 && r == run[ranks->rank[link.lower]])
      sets.Join(link.upper, link.lower);

  const Lists rows = ListsBy(ranks->count, count, [ranks](uint32_t box) { return ranks->rank[box]; });
  std::vector<uint32_t> band(count, 0);  // of the first of each set
  std::vector<uint32_t> moved(ranks->count, 0), span(ranks->count, 0), start(ranks->count, 0);
  uint32_t more = 0;
  for (uint32_t first = 0, end = 0; first < ranks->count; first = end) {
    end = first + 1;
    moved[first] = first + more;
    if (run[first] == 0) continue;
    double run_height = height[first] + rank_gap, widest = width[first];
    for (; end < ranks->count && run[end] == run[first]; ++end) {
      run_height += height[end] + rank_gap;
      widest = std::max(widest, width[end]);
    }
    // b bands are widest / b wide and add (b - 1) run_height.
    uint32_t bands = 1;
    const uint32_t most = rows.begin[end] - rows.begin[first];
    while (bands < most && widest / bands > std::max(kWide, kAspect * (total + (bands - 1) * run_height)))
      ++bands;

    // Sets go to bands in source order, by how much of the widest rank they are.
    std::vector<uint32_t> boxes(rows.first(first), rows.last(end - 1));
    std::sort(boxes.begin(), boxes.end());
    std::vector<double> share(boxes.size(), 0);
    double sum = 0;
    for (size_t i = 0; i < boxes.size(); ++i) {
      share[i] =
          (part.boxes[boxes[i]].width + part.boxes[boxes[i]].loops + box_gap) / width[ranks->rank[boxes[i]]];
      sum += share[i];
    }
    std::vector<double> of_set(boxes.size(), 0);
    for (size_t i = 0; i < boxes.size(); ++i) {
      const auto head = std::lower_bound(boxes.begin(), boxes.end(), sets.Find(boxes[i])) - boxes.begin();
      of_set[static_cast<size_t>(head)] += share[i];
    }
    double before = 0;
    for (size_t i = 0; i < boxes.size(); ++i) {
      if (of_set[i] == 0) continue;
      band[boxes[i]] = std::min(bands - 1, static_cast<uint32_t>((before + of_set[i] / 2) / sum * bands));
      before += of_set[i];
    }
    for (uint32_t rank = first; rank < end; ++rank) {
      moved[rank] = rank + more;
      span[rank] = end - first;
    }
    more += (bands - 1) * (end - first);
    total += (bands - 1) * run_height;
  }
  for (uint32_t box = 0; box < count; ++box) {
    uint32_t& rank = ranks->rank[box];
    rank = moved[rank] + span[rank] * band[sets.Find(box)];
  }
  ranks->count += more;
  ranks->DropEmpty();
}

}  // namespace tensorpane
