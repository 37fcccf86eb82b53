#include "layout/layered.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "../bench/graph_shapes.h"

namespace tensorpane {
namespace {

using Vertex = LevelGraph::Vertex;
using Rank = Vertex::Rank;

constexpr double kSlack = 1e-6;

LevelLayout Draw(const LevelGraph& level) { return LayOut(level, {}); }

LevelGraph Boxes(size_t count, double width = 80, double height = 20) {
  LevelGraph level;
  level.vertices.assign(count, {width, height});
  return level;
}

void Connect(LevelGraph* level, uint32_t from, uint32_t to, double width = 1) {
  level->edges.push_back({from, to, width});
}

double Center(const LevelGraph& level, const LevelLayout& layout, uint32_t vertex) {
  return layout.corners[vertex].x + level.vertices[vertex].width / 2;
}

std::vector<LayoutPoint> Points(const LevelLayout& layout, size_t edge) {
  return {layout.points.begin() + layout.first_point[edge],
          layout.points.begin() + layout.first_point[edge + 1]};
}

double Size(double size) { return size >= 0 ? std::min(size, 1e9) : 0; }

/// Whether a piece goes through the inside of a box.
bool Hits(LayoutPoint a, LayoutPoint b, LayoutPoint corner, double width, double height, double slack) {
  if (width <= 2 * slack || height <= 2 * slack) return false;  // it has no inside
  double from = 0, to = 1;
  const auto clip = [&](double start, double delta, double low, double high) {
    if (std::abs(delta) < 1e-12) {
      if (start <= low || start >= high) to = -1;
      return;
    }
    double enter = (low - start) / delta, leave = (high - start) / delta;
    if (enter > leave) std::swap(enter, leave);
    from = std::max(from, enter);
    to = std::min(to, leave);
  };
  clip(a.x, b.x - a.x, corner.x + slack, corner.x + width - slack);
  clip(a.y, b.y - a.y, corner.y + slack, corner.y + height - slack);
  return to - from > 1e-9;
}

/// All that a layout of any level promises.
void Check(const LevelGraph& level, const LevelLayout& layout) {
  ASSERT_EQ(layout.corners.size(), level.vertices.size());
  ASSERT_EQ(layout.first_point.size(), level.edges.size() + 1);
  ASSERT_EQ(layout.upward.size(), level.edges.size());
  ASSERT_EQ(layout.first_point.back(), layout.points.size());
  const double slack = kSlack * std::max({1.0, layout.width / 1e3, layout.height / 1e3});
  const auto inside = [&](double x, double y) {
    return x >= -slack && x <= layout.width + slack && y >= -slack && y <= layout.height + slack;
  };
  for (size_t i = 0; i < level.vertices.size(); ++i) {
    const LayoutPoint a = layout.corners[i];
    const double width = Size(level.vertices[i].width), height = Size(level.vertices[i].height);
    ASSERT_TRUE(inside(a.x, a.y) && inside(a.x + width, a.y + height)) << i << ": " << a.x << " " << a.y;
    for (size_t j = 0; j < i; ++j) {
      const LayoutPoint b = layout.corners[j];
      const double overlap_x =
          std::min(a.x + width, b.x + Size(level.vertices[j].width)) - std::max(a.x, b.x);
      const double overlap_y =
          std::min(a.y + height, b.y + Size(level.vertices[j].height)) - std::max(a.y, b.y);
      ASSERT_FALSE(overlap_x > slack && overlap_y > slack) << i << " and " << j;
      const Rank ranks[] = {level.vertices[i].rank, level.vertices[j].rank};
      if (ranks[0] == ranks[1]) continue;
      if (ranks[0] == Rank::kTop || ranks[1] == Rank::kBottom) {
        ASSERT_LE(a.y + height, b.y + slack) << i << " above " << j;
      } else {
        ASSERT_LE(b.y + Size(level.vertices[j].height), a.y + slack) << j << " above " << i;
      }
    }
  }
  const auto on_border = [&](LayoutPoint p, uint32_t vertex) {
    const LayoutPoint corner = layout.corners[vertex];
    const double right = corner.x + Size(level.vertices[vertex].width);
    const double bottom = corner.y + Size(level.vertices[vertex].height);
    const bool in_x = p.x >= corner.x - slack && p.x <= right + slack;
    const bool in_y = p.y >= corner.y - slack && p.y <= bottom + slack;
    const auto near = [&](double a, double b) { return std::abs(a - b) <= slack; };
    return in_x && in_y &&
           (near(p.x, corner.x) || near(p.x, right) || near(p.y, corner.y) || near(p.y, bottom));
  };
  for (size_t e = 0; e < level.edges.size(); ++e) {
    const auto& edge = level.edges[e];
    const auto points = Points(layout, e);
    ASSERT_GE(points.size(), 2u);
    ASSERT_TRUE(on_border(points.front(), edge.from)) << "edge " << e;
    ASSERT_TRUE(on_border(points.back(), edge.to)) << "edge " << e;
    const auto at = [&](double given, uint32_t vertex) {
      return layout.corners[vertex].x + std::clamp(given, 0.0, Size(level.vertices[vertex].width));
    };
    if (edge.from != edge.to) {
      if (!std::isnan(edge.from_x)) {
        ASSERT_NEAR(points.front().x, at(edge.from_x, edge.from), slack);
      }
      if (!std::isnan(edge.to_x)) {
        ASSERT_NEAR(points.back().x, at(edge.to_x, edge.to), slack);
      }
      ASSERT_EQ(layout.upward[e], points.back().y < points.front().y) << "edge " << e;
    }
    for (size_t p = 0; p < points.size(); ++p) {
      ASSERT_TRUE(inside(points[p].x, points[p].y)) << "edge " << e;
      if (p == 0) continue;
      for (size_t i = 0; i < level.vertices.size(); ++i)
        ASSERT_FALSE(Hits(points[p - 1], points[p], layout.corners[i], Size(level.vertices[i].width),
                          Size(level.vertices[i].height), slack))
            << "edge " << e << " (" << edge.from << " to " << edge.to << ") through " << i;
    }
  }
}

LevelGraph RandomLevel(std::mt19937* random) {
  const auto below = [&](int n) { return static_cast<uint32_t>((*random)() % static_cast<unsigned>(n)); };
  LevelGraph level;
  const uint32_t count = 1 + below(60);
  const bool ranked = below(3) == 0;
  for (uint32_t i = 0; i < count; ++i) {
    Vertex vertex{20.0 + below(200), 20};
    if (below(8) == 0) vertex = {300.0 + below(400), 100.0 + below(500)};
    if (ranked && below(6) == 0) vertex.rank = Rank::kTop;
    if (ranked && below(6) == 0) vertex.rank = Rank::kBottom;
    level.vertices.push_back(vertex);
  }
  const uint32_t edges = below(static_cast<int>(count) * 3);
  const uint32_t reach = 1 + below(static_cast<int>(count));
  for (uint32_t e = 0; e < edges; ++e) {
    const uint32_t from = below(static_cast<int>(count));
    const uint32_t to = below(10) == 0 ? below(static_cast<int>(count))
                                       : std::min(count - 1, from + below(static_cast<int>(reach)));
    LevelGraph::Edge edge{from, to, 1.0 + below(6)};
    if (below(6) == 0) edge.from_x = below(static_cast<int>(level.vertices[from].width));
    if (below(6) == 0) edge.to_x = below(static_cast<int>(level.vertices[to].width));
    level.edges.push_back(edge);
  }
  return level;
}

bool Same(const LevelLayout& a, const LevelLayout& b) {
  const auto same = [](const std::vector<LayoutPoint>& p, const std::vector<LayoutPoint>& q) {
    return std::equal(p.begin(), p.end(), q.begin(), q.end(),
                      [](LayoutPoint m, LayoutPoint n) { return m.x == n.x && m.y == n.y; });
  };
  return same(a.corners, b.corners) && same(a.points, b.points) && a.first_point == b.first_point &&
         a.width == b.width && a.height == b.height && a.upward == b.upward;
}

TEST(Layered, KeepsItsPromisesForAnyGraph) {
  std::mt19937 random(1);
  for (int i = 0; i < 500; ++i) {
    SCOPED_TRACE("graph " + std::to_string(i));
    const LevelGraph level = RandomLevel(&random);
    const LevelLayout layout = Draw(level);
    EXPECT_FALSE(layout.coarse);
    Check(level, layout);
    if (HasFatalFailure()) return;
    EXPECT_TRUE(Same(layout, Draw(level)));
  }
}

TEST(Layered, KeepsThemWhenTimeIsOverAtAnyMoment) {
  std::mt19937 random(2);
  LevelGraph level = Boxes(300);
  for (int e = 0; e < 900; ++e) {
    const auto from = static_cast<uint32_t>(random() % 300);
    Connect(&level, from, std::min(299u, from + static_cast<uint32_t>(random() % 40)));
  }
  int asked = 0;
  LayOut(level, {.out_of_time = [&] { return ++asked, false; }});
  ASSERT_GT(asked, 10);
  for (int over = 1; over <= asked; over += 1 + asked / 40) {
    int calls = 0;
    const LevelLayout layout = LayOut(level, {.out_of_time = [&] { return ++calls >= over; }});
    EXPECT_TRUE(layout.coarse);
    EXPECT_EQ(calls, over);  // who was told is told once
    Check(level, layout);
    if (HasFatalFailure()) return;
  }
}

TEST(Layered, TakesAnySize) {
  const double sizes[] = {0, 1e9, std::nan(""), -5, INFINITY, 1e300, 20};
  LevelGraph level;
  for (const double width : sizes)
    for (const double height : sizes) level.vertices.push_back({width, height});
  const auto count = static_cast<uint32_t>(level.vertices.size());
  for (uint32_t i = 0; i < count; ++i) {
    Connect(&level, i, (i * 7 + 3) % count, sizes[i % 7]);
    Connect(&level, i, i);
    level.edges.push_back({i, (i + 1) % count, 1, sizes[i % 7], sizes[i % 5]});
  }
  Check(level, Draw(level));
  Check({}, Draw({}));
}

TEST(Layered, DrawsAChainAsALine) {
  LevelGraph level;
  for (int i = 0; i < 10; ++i) level.vertices.push_back({48.0 + i * 13 % 60, i % 3 ? 20.0 : 40.0});
  for (uint32_t i = 0; i < 9; ++i) Connect(&level, i, i + 1);
  const LevelLayout layout = Draw(level);
  for (uint32_t i = 0; i < 10; ++i) EXPECT_EQ(Center(level, layout, i), Center(level, layout, 0));
  for (size_t e = 0; e < 9; ++e) EXPECT_EQ(Points(layout, e).size(), 2u);
}

TEST(Layered, PutsAnEdgeThatSkipsBesideTheLine) {
  // in → a → b → add → c → d → add2, and around both pairs.
  LevelGraph level = Boxes(7);
  for (uint32_t i = 0; i < 6; ++i) Connect(&level, i, i + 1, 3);
  Connect(&level, 0, 3, 3);
  Connect(&level, 3, 6, 3);
  const LevelLayout layout = Draw(level);
  Check(level, layout);
  for (uint32_t i = 1; i < 7; ++i) EXPECT_EQ(Center(level, layout, i), Center(level, layout, 0));
  for (const size_t skip : {6, 7}) {
    const auto points = Points(layout, skip);
    const auto beside = [&](double x) { return std::abs(x - Center(level, layout, 0)) > 40; };
    EXPECT_EQ(std::count_if(points.begin(), points.end(), [&](LayoutPoint p) { return beside(p.x); }), 2);
  }
  EXPECT_EQ(CountCrossings(level, layout), 0u);
}

TEST(Layered, DrawsTreesAndGridsWithoutCrossings) {
  LevelGraph tree = Boxes(63);
  for (uint32_t i = 1; i < 63; ++i) Connect(&tree, (i - 1) / 2, i);
  EXPECT_EQ(CountCrossings(tree, Draw(tree)), 0u);
  LevelGraph back = Boxes(63);
  for (uint32_t i = 1; i < 63; ++i) Connect(&back, i, (i - 1) / 2);
  EXPECT_EQ(CountCrossings(back, Draw(back)), 0u);
  LevelGraph ladder = Boxes(20);
  for (uint32_t i = 0; i + 2 < 20; ++i) Connect(&ladder, i, i + 2);
  Connect(&ladder, 0, 1);
  Connect(&ladder, 18, 19);
  EXPECT_EQ(CountCrossings(ladder, Draw(ladder)), 0u);
}

TEST(Layered, TurnsWhatClosesACycle) {
  LevelGraph level = Boxes(4);
  Connect(&level, 0, 1);
  Connect(&level, 1, 2);
  Connect(&level, 2, 1);
  Connect(&level, 2, 3);
  Connect(&level, 3, 3);
  Connect(&level, 3, 0);
  const LevelLayout layout = Draw(level);
  Check(level, layout);
  EXPECT_EQ(layout.upward, (std::vector<bool>{false, false, true, false, false, true}));
}

TEST(Layered, KeepsParallelEdgesApart) {
  LevelGraph level = Boxes(2);
  for (int i = 0; i < 3; ++i) Connect(&level, 0, 1);
  const LevelLayout layout = Draw(level);
  EXPECT_NEAR(Points(layout, 1)[0].x - Points(layout, 0)[0].x, 8, 1e-9);
  EXPECT_NEAR(Points(layout, 2)[1].x - Points(layout, 1)[1].x, 8, 1e-9);
  EXPECT_EQ(CountCrossings(level, layout), 0u);
}

TEST(Layered, PutsConstantsRightAboveTheirConsumers) {
  LevelGraph level = Boxes(7);
  for (uint32_t i = 0; i < 5; ++i) Connect(&level, i, i + 1);
  Connect(&level, 6, 5);
  const LevelLayout layout = Draw(level);
  EXPECT_EQ(layout.corners[6].y, layout.corners[4].y);
  EXPECT_EQ(Center(level, layout, 5), Center(level, layout, 4));
}

TEST(Layered, MeetsTheBoxesWhereItIsTold) {
  LevelGraph level;
  level.vertices = {{80, 20}, {600, 400}, {80, 20}};
  level.edges = {{0, 1, 1, NAN, 200}, {1, 2, 1, 500, NAN}};
  const LevelLayout layout = Draw(level);
  Check(level, layout);
  EXPECT_EQ(Points(layout, 0).size(), 2u);  // straight
  EXPECT_EQ(Points(layout, 1).size(), 2u);
}

TEST(Layered, PutsBoxesBesideAHighOneCloseToEachOther) {
  // 0 → 1 (high) → 2, and around it 0 → 3 → … → 10 → 2; 11 is a constant of 10.
  LevelGraph level = Boxes(12);
  level.vertices[1] = {400, 600};
  Connect(&level, 0, 1, 4);
  Connect(&level, 1, 2, 4);
  Connect(&level, 0, 3);
  for (uint32_t i = 3; i < 10; ++i) Connect(&level, i, i + 1);
  Connect(&level, 10, 2);
  Connect(&level, 11, 10);
  const LevelLayout layout = Draw(level);
  Check(level, layout);
  EXPECT_LT(layout.height, 20 + 600 + 20 + 2 * 60);
  for (uint32_t i = 3; i < 10; ++i) EXPECT_LT(layout.corners[i + 1].y - layout.corners[i].y, 60);
  EXPECT_GT(layout.corners[11].y, layout.corners[9].y - 40);
  // The wider edges are the main line, though it passes nine rows.
  EXPECT_EQ(Center(level, layout, 1), Center(level, layout, 0));
  EXPECT_EQ(Center(level, layout, 2), Center(level, layout, 0));
  EXPECT_EQ(Points(layout, 1).size(), 2u);
}

TEST(Layered, PutsManyThingsThatHangOnNothingInATable) {
  const LevelGraph level = Boxes(3000);
  const LevelLayout layout = Draw(level);
  EXPECT_LT(layout.width / layout.height, 2.5);
  EXPECT_GT(layout.width / layout.height, 1);
  LevelGraph pairs = Boxes(600);
  for (uint32_t i = 0; i < 600; i += 2) Connect(&pairs, i, i + 1);
  const LevelLayout packed = Draw(pairs);
  Check(pairs, packed);
  EXPECT_LT(packed.width / packed.height, 2.5);
}

TEST(Layered, BreaksRowsThatAreFarTooWide) {
  // 500 consumers of one tensor; 200 chains between two others.
  LevelGraph fan = Boxes(501);
  for (uint32_t i = 1; i <= 500; ++i) Connect(&fan, 0, i);
  LevelGraph chains = Boxes(602);
  for (uint32_t i = 0; i < 200; ++i) {
    Connect(&chains, 600, i * 3);
    Connect(&chains, i * 3, i * 3 + 1);
    Connect(&chains, i * 3 + 1, i * 3 + 2);
    Connect(&chains, i * 3 + 2, 601);
  }
  for (const LevelGraph& level : {fan, chains}) {
    const LevelLayout layout = Draw(level);
    Check(level, layout);
    EXPECT_LT(layout.width / layout.height, 5);
    EXPECT_EQ(CountCrossings(level, layout), 0u);
  }
  // Each chain is still one.
  const LevelLayout layout = Draw(chains);
  for (uint32_t i = 0; i < 200; ++i) EXPECT_LT(layout.corners[i * 3 + 2].y, layout.corners[i * 3].y + 150);
}

TEST(Layered, DrawsGraphsOfAllShapes) {
  // Crossings: those of our first drawings, of which dagre 3.1.1 has 487 and 3,620.
  const struct {
    LevelGraph level;
    uint64_t crossings;
    double width;
  } shapes[] = {{bench::ToLevel(bench::MakeResidual(300)), 0, 300},
                {bench::ToLevel(bench::MakeLayered(300)), 280, 2000},
                {bench::ToLevel(bench::MakeFlat(300)), 3620, 2500},
                {bench::ToLevel(bench::MakeTraining(400)), UINT64_MAX, 5000}};
  for (const auto& [level, crossings, width] : shapes) {
    const LevelLayout layout = Draw(level);
    Check(level, layout);
    EXPECT_LE(CountCrossings(level, layout), crossings);
    EXPECT_LE(layout.width, width);
  }
}

TEST(Layered, GoesThroughLongAndDenseGraphs) {
  LevelGraph chain = Boxes(100'000);
  for (uint32_t i = 0; i + 1 < 100'000; ++i) Connect(&chain, i, i + 1);
  Connect(&chain, 99'999, 0);
  const LevelLayout line = Draw(chain);
  EXPECT_EQ(Center(chain, line, 99'999), Center(chain, line, 0));

  LevelGraph dense = Boxes(400);
  for (uint32_t i = 0; i < 200; ++i)
    for (uint32_t j = 200; j < 400; ++j) Connect(&dense, i, j);
  EXPECT_EQ(CountCrossings(dense, Draw(dense)), (200ull * 199 / 2) * (200ull * 199 / 2));

  // Everything with everything: more dummies than there is room for.
  LevelGraph all = Boxes(1000);
  for (uint32_t i = 0; i < 1000; ++i)
    for (uint32_t j = i + 1; j < 1000; j += 1 + i % 7) Connect(&all, i, j);
  const LevelLayout layout = Draw(all);
  EXPECT_TRUE(layout.coarse);
}

TEST(Layered, CountsCrossingsOfAnyDrawing) {
  LevelGraph level = Boxes(4, 10, 10);
  Connect(&level, 0, 3);
  Connect(&level, 1, 2);
  LevelLayout layout;
  layout.corners = {{0, 0}, {20, 0}, {0, 30}, {20, 30}};
  layout.first_point = {0, 2, 4};
  layout.points = {{5, 10}, {25, 30}, {25, 10}, {5, 30}};
  EXPECT_EQ(CountCrossings(level, layout), 1u);
  layout.points = {{5, 10}, {25, 30}, {25, 10}, {25, 30}};
  EXPECT_EQ(CountCrossings(level, layout), 0u);
}

}  // namespace
}  // namespace tensorpane
