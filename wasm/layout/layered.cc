#include "layout/layered.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "layout/layers.h"
#include "layout/part.h"
#include "layout/route.h"
#include "layout/stable_order.h"

namespace tensorpane {
namespace {

constexpr double kMostPixels = 1e9;
constexpr double kMostEdgeWidth = 64;
constexpr size_t kMostDummies = 400'000;
constexpr double kAspect = 1.6;  // width by height of what is packed

double Clean(double pixels, double most) { return pixels >= 0 ? std::min(pixels, most) : 0; }

struct Rect {
  double x = 0, y = 0, width = 0, height = 0;
};

/// Boxes that no edge touches: a table, row by row in source order, with columns as wide as their widest.
struct Table {
  std::vector<LayoutPoint> corners;
  double width = 0, height = 0;
};

Table MakeTable(const std::vector<LayoutPoint>& sizes, double gap) {
  Table table;
  const size_t count = sizes.size();
  double area = 0, widest = 0;
  for (const auto& size : sizes) {
    area += (size.x + gap) * (size.y + gap);
    widest = std::max(widest, size.x + gap);
  }
  const double wanted = std::sqrt(area * kAspect) / std::max(widest, 1e-9);
  const size_t columns = static_cast<size_t>(std::clamp(std::round(wanted), 1.0, static_cast<double>(count)));
  std::vector<double> width(columns, 0), height((count + columns - 1) / columns, 0);
  for (size_t i = 0; i < count; ++i) {
    width[i % columns] = std::max(width[i % columns], sizes[i].x);
    height[i / columns] = std::max(height[i / columns], sizes[i].y);
  }
  std::vector<double> left(columns);
  for (size_t column = 0; column < columns; ++column) {
    left[column] = table.width;
    table.width += width[column] + gap;
  }
  table.width -= gap;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0 && i % columns == 0) table.height += height[i / columns - 1] + gap;
    table.corners.push_back({left[i % columns] + (width[i % columns] - sizes[i].x) / 2,
                             table.height + (height[i / columns] - sizes[i].y) / 2});
  }
  table.height += height.back();
  return table;
}

/// On shelves, the highest first, so that all is about as wide as kAspect wants. Returns the size.
LayoutPoint Pack(std::vector<Rect>* rects, double gap) {
  double area = 0, widest = 0;
  for (const auto& rect : *rects) {
    area += (rect.width + gap) * (rect.height + gap);
    widest = std::max(widest, rect.width);
  }
  const double most = std::max(widest, std::sqrt(area * kAspect));
  std::vector<uint32_t> order(rects->size());
  std::iota(order.begin(), order.end(), 0);
  StableOrder(&order, [&](uint32_t a, uint32_t b) { return (*rects)[a].height > (*rects)[b].height; });
  LayoutPoint size;
  double x = 0, y = 0, shelf = 0;
  for (const uint32_t i : order) {
    Rect& rect = (*rects)[i];
    if (x > 0 && x + rect.width > most) {
      y += shelf + gap;
      x = shelf = 0;
    }
    rect.x = x;
    rect.y = y;
    size.x = std::max(size.x, x + rect.width);
    x += rect.width + gap;
    shelf = std::max(shelf, rect.height);
  }
  size.y = y + shelf;
  return size;
}

class Layout {
 public:
  Layout(const LevelGraph& level, const LayoutOptions& options)
      : level_(level), options_(options), deadline_(options_.out_of_time) {
    options_.vertex_gap = Clean(options.vertex_gap, kMostPixels);
    options_.edge_gap = Clean(options.edge_gap, kMostPixels);
    options_.rank_gap = Clean(options.rank_gap, kMostPixels);
  }

  LevelLayout Run() {
    result_.corners.resize(level_.vertices.size());
    result_.upward.assign(level_.edges.size(), false);
    result_.first_point.assign(1, 0);
    if (level_.vertices.empty()) return std::move(result_);
    FindParts();
    const uint32_t joint = joint_;
    std::vector<PartLayout> layouts(parts_.size());
    std::vector<Rect> rects;
    std::vector<uint32_t> packed;
    for (uint32_t p = 0; p < parts_.size(); ++p) {
      if (p == joint) continue;
      layouts[p] = LayOutPart(p, {});
      rects.push_back({0, 0, layouts[p].width, layouts[p].height});
      packed.push_back(p);
    }
    Table table;
    if (!alone_.empty()) {
      std::vector<LayoutPoint> sizes;
      for (const uint32_t vertex : alone_)
        sizes.push_back({Box(vertex).width + Box(vertex).loops, Box(vertex).height});
      table = MakeTable(sizes, options_.vertex_gap);
      rects.push_back({0, 0, table.width, table.height});
    }
    LayoutPoint size = Pack(&rects, options_.vertex_gap * 2);
    LayoutPoint origin;
    if (joint != kNone) {
      layouts[joint] = LayOutPart(joint, size);
      origin = layouts[joint].room;
      size = {layouts[joint].width, layouts[joint].height};
    }
    result_.width = size.x;
    result_.height = size.y;

    std::vector<LayoutPoint> corner(parts_.size());
    for (size_t i = 0; i < packed.size(); ++i)
      corner[packed[i]] = {origin.x + rects[i].x, origin.y + rects[i].y};
    for (uint32_t p = 0; p < parts_.size(); ++p)
      for (size_t i = 0; i < parts_[p].vertices.size(); ++i)
        result_.corners[parts_[p].vertices[i]] = {corner[p].x + layouts[p].corners[i].x,
                                                  corner[p].y + layouts[p].corners[i].y};
    for (size_t i = 0; i < alone_.size(); ++i)
      result_.corners[alone_[i]] = {origin.x + rects.back().x + table.corners[i].x,
                                    origin.y + rects.back().y + table.corners[i].y};
    AddPoints(layouts, corner);
    result_.coarse = result_.coarse || deadline_.over();
    return std::move(result_);
  }

 private:
  struct LevelPart {
    std::vector<uint32_t> vertices;
    Part part;
  };

  Part::Box Box(uint32_t vertex) const {
    const auto& v = level_.vertices[vertex];
    const double loops = loops_[vertex] == 0 ? 0 : LoopReach(loops_[vertex] - 1);
    return {Clean(v.width, kMostPixels), Clean(v.height, kMostPixels), loops, v.rank};
  }

  /// How far the i-th loop of a box goes out.
  double LoopReach(uint32_t i) const { return options_.vertex_gap / 2 + i * options_.edge_gap; }

  void FindParts() {
    const auto count = static_cast<uint32_t>(level_.vertices.size());
    Sets sets(count);
    loops_.assign(count, 0);
    std::vector<uint8_t> touched(count, 0);
    for (const auto& edge : level_.edges) {
      if (edge.from == edge.to) {
        ++loops_[edge.from];
        continue;
      }
      sets.Join(edge.from, edge.to);
      touched[edge.from] = touched[edge.to] = 1;
    }
    uint32_t ranked = kNone;
    for (uint32_t vertex = 0; vertex < count; ++vertex) {
      if (level_.vertices[vertex].rank == Part::Rank::kAny) continue;
      touched[vertex] = 1;
      if (ranked == kNone) ranked = vertex;
      sets.Join(ranked, vertex);
    }
    part_of_.assign(count, kNone);
    local_.assign(count, 0);
    for (uint32_t vertex = 0; vertex < count; ++vertex) {
      if (!touched[vertex]) {
        alone_.push_back(vertex);
        continue;
      }
      const uint32_t first = sets.Find(vertex);
      if (first == vertex) {
        part_of_[vertex] = static_cast<uint32_t>(parts_.size());
        parts_.emplace_back();
      }
      const uint32_t p = part_of_[vertex] = part_of_[first];
      local_[vertex] = static_cast<uint32_t>(parts_[p].vertices.size());
      parts_[p].vertices.push_back(vertex);
      parts_[p].part.boxes.push_back(Box(vertex));
    }
    joint_ = ranked == kNone ? kNone : part_of_[ranked];
    link_.assign(level_.edges.size(), kNone);
    for (size_t e = 0; e < level_.edges.size(); ++e) {
      const auto& edge = level_.edges[e];
      if (edge.from == edge.to) continue;
      auto& links = parts_[part_of_[edge.from]].part.links;
      link_[e] = static_cast<uint32_t>(links.size());
      const auto from_middle = [&](uint32_t vertex, double x) {
        const double width = Box(vertex).width;
        return std::isnan(x) ? x : std::clamp(x, 0.0, width) - width / 2;
      };
      links.push_back({local_[edge.from], local_[edge.to], Clean(edge.width, kMostEdgeWidth),
                       from_middle(edge.from, edge.from_x), from_middle(edge.to, edge.to_x), false});
    }
  }

  PartLayout LayOutPart(uint32_t p, LayoutPoint room) {
    Part& part = parts_[p].part;
    Ranks ranks = AssignRanks(&part, &deadline_);
    WrapRows(part, options_.vertex_gap, options_.rank_gap, &ranks);
    const size_t most_dummies = std::min<size_t>(20'000 + 8 * part.boxes.size(), kMostDummies);
    Layers layers = MakeLayers(part, ranks, most_dummies, &cut_);
    if (cut_) result_.coarse = true;
    OrderRows(&layers, &deadline_);
    const std::vector<double> x =
        PlaceNodes(part, ranks, layers, {options_.vertex_gap, options_.edge_gap}, &deadline_);
    return RouteLinks(part, layers, x, options_, room);
  }

  void AddPoints(const std::vector<PartLayout>& layouts, const std::vector<LayoutPoint>& corner) {
    std::vector<uint32_t> loops_before(level_.vertices.size(), 0);
    for (size_t e = 0; e < level_.edges.size(); ++e) {
      const auto& edge = level_.edges[e];
      auto& points = result_.points;
      if (edge.from == edge.to) {
        const Part::Box box = Box(edge.from);
        const uint32_t i = loops_before[edge.from]++;
        const double right = result_.corners[edge.from].x + box.width;
        const double middle = result_.corners[edge.from].y + box.height / 2;
        const double up = box.height / 4 * (1 + i / static_cast<double>(loops_[edge.from]));
        points.push_back({right, middle - up});
        points.push_back({right + LoopReach(i), middle - up});
        points.push_back({right + LoopReach(i), middle + up});
        points.push_back({right, middle + up});
      } else {
        const uint32_t p = part_of_[edge.from];
        const PartLayout& layout = layouts[p];
        const size_t first = points.size();
        for (uint32_t i = layout.first_point[link_[e]]; i < layout.first_point[link_[e] + 1]; ++i)
          points.push_back({corner[p].x + layout.points[i].x, corner[p].y + layout.points[i].y});
        if (parts_[p].part.links[link_[e]].upward) {
          result_.upward[e] = true;
          std::reverse(points.begin() + static_cast<ptrdiff_t>(first), points.end());
        }
      }
      result_.first_point.push_back(static_cast<uint32_t>(points.size()));
    }
  }

  const LevelGraph& level_;
  LayoutOptions options_;
  Deadline deadline_;
  LevelLayout result_;
  std::vector<LevelPart> parts_;
  uint32_t joint_ = kNone;                         // the part of all that have a rank
  std::vector<uint32_t> alone_;                    // vertices that are in no part
  std::vector<uint32_t> part_of_, local_, loops_;  // of vertices
  std::vector<uint32_t> link_;                     // of edges
  bool cut_ = false;
};

}  // namespace

LevelLayout LayOut(const LevelGraph& level, const LayoutOptions& options) {
  return Layout(level, options).Run();
}

}  // namespace tensorpane
