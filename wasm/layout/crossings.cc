#include <algorithm>
#include <cmath>
#include <numeric>

#include "layout/layered.h"

namespace tensorpane {
namespace {

/// Pairs (a, b) of pieces between two lines with a left of b on one and right of it on the other.
uint64_t CountInversions(std::vector<std::pair<double, double>>* pieces) {
  std::sort(pieces->begin(), pieces->end());
  std::vector<double> places;
  for (const auto& piece : *pieces) places.push_back(piece.second);
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  // A tree of sums over the places (Fenwick 1994). Those that start at one place are counted before they are
  // added.
  std::vector<uint64_t> sums(places.size() + 1, 0);
  const auto place = [&](double x) {
    return static_cast<size_t>(std::lower_bound(places.begin(), places.end(), x) - places.begin());
  };
  uint64_t crossings = 0, added = 0;
  for (size_t begin = 0, end = 0; begin < pieces->size(); begin = end) {
    while (end < pieces->size() && (*pieces)[end].first == (*pieces)[begin].first) ++end;
    for (size_t i = begin; i < end; ++i) {
      uint64_t not_right = 0;
      for (size_t at = place((*pieces)[i].second) + 1; at > 0; at &= at - 1) not_right += sums[at];
      crossings += added - not_right;
    }
    for (size_t i = begin; i < end; ++i, ++added)
      for (size_t at = place((*pieces)[i].second) + 1; at < sums.size(); at += at & -at) ++sums[at];
  }
  return crossings;
}

}  // namespace

uint64_t CountCrossings(const LevelGraph& level, const LevelLayout& layout) {
  // Lines through the middles of the boxes.
  std::vector<double> lines;
  const auto middle = [&](uint32_t vertex) {
    return std::round((layout.corners[vertex].y + level.vertices[vertex].height / 2) * 16) / 16;
  };
  for (uint32_t vertex = 0; vertex < level.vertices.size(); ++vertex) lines.push_back(middle(vertex));
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  const auto line = [&](uint32_t vertex) {
    return static_cast<size_t>(std::lower_bound(lines.begin(), lines.end(), middle(vertex)) - lines.begin());
  };
  std::vector<std::vector<std::pair<double, double>>> between(lines.size());
  for (size_t e = 0; e < level.edges.size(); ++e) {
    const LayoutPoint* first = layout.points.data() + layout.first_point[e];
    const LayoutPoint* last = layout.points.data() + layout.first_point[e + 1];
    std::vector<LayoutPoint> points(first, last);
    size_t above = line(level.edges[e].from), below = line(level.edges[e].to);
    if (above > below) {
      std::swap(above, below);
      std::reverse(points.begin(), points.end());
    }
    double x = points.front().x;
    for (size_t l = above, p = 0; l < below; ++l) {
      double next = points.back().x;
      if (l + 1 < below) {
        const double y = lines[l + 1];
        while (p + 1 < points.size() && points[p + 1].y < y) ++p;
        const LayoutPoint a = points[p], b = points[std::min(p + 1, points.size() - 1)];
        next = b.y > a.y ? a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y) : b.x;
      }
      between[l].emplace_back(x, next);
      x = next;
    }
  }
  uint64_t crossings = 0;
  for (auto& pieces : between) crossings += CountInversions(&pieces);
  return crossings;
}

}  // namespace tensorpane
