#include "series/line.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "log/log.h"
#include "series/chart_query.h"

namespace tensorpane {
namespace {

/// A series with everything that a line needs.
struct Drawn {
  explicit Drawn(PointColumns columns, Purge purge = Purge::kSplit)
      : points(std::move(columns)), values(&points), axis(&points, XKind::kStep, purge) {
    axis.Extend({{0, points.size()}});
    pyramid.Extend(values);
    for (uint32_t i = 0; i < points.size(); ++i) {
      if (!std::isfinite(values[i])) non_finite.push_back(i);
    }
  }
  std::vector<double> Line(Viewport viewport) const {
    std::vector<double> line;
    AppendLine(values, axis, pyramid, non_finite, viewport, &line);
    return line;
  }
  PointColumns points;
  Values values;
  XAxis axis;
  Pyramid pyramid;
  std::vector<uint32_t> non_finite;
};

PointColumns Columns(
    uint32_t count, const std::function<double(uint32_t)>& value,
    const std::function<int64_t(uint32_t)>& step = [](uint32_t i) { return i; }) {
  PointColumns points(PointColumns::ValueKind::kNumber);
  for (uint32_t i = 0; i < count; ++i) points.Append(step(i), 1e9 + i, value(i));
  return points;
}

struct Column {
  double min = INFINITY, max = -INFINITY, first = NAN, last = NAN;
  bool operator==(const Column&) const = default;
};

/// What each pixel column shows of a line: least, greatest, first and last value. Columns are whole numbers
/// of steps wide, so that no rounding moves a point to its neighbour.
std::map<int, Column> ColumnsOf(const std::vector<double>& line, Viewport viewport) {
  std::map<int, Column> columns;
  for (size_t i = 0; i < line.size(); i += 2) {
    if (std::isnan(line[i + 1]) || line[i] < viewport.from || line[i] > viewport.to) continue;
    const double at = (line[i] - viewport.from) / ((viewport.to - viewport.from) / viewport.pixels);
    Column& column = columns[std::min(static_cast<int>(at), static_cast<int>(viewport.pixels) - 1)];
    if (std::isnan(column.first)) column.first = line[i + 1];
    column.last = line[i + 1];
    column.min = std::min(column.min, line[i + 1]);
    column.max = std::max(column.max, line[i + 1]);
  }
  return columns;
}

std::vector<double> AllPoints(const Drawn& drawn) {
  std::vector<double> line;
  for (uint32_t i = 0; i < drawn.points.size(); ++i) {
    line.push_back(drawn.axis.At(i));
    line.push_back(drawn.values[i]);
  }
  return line;
}

TEST(Line, EveryPixelColumnShowsWhatAllPointsShow) {
  std::mt19937 random(5);
  for (const uint32_t count : {1000u, 50000u, 200000u}) {
    // Unequal steps, so that columns hold unequal numbers of points.
    int64_t step = 0;
    std::vector<int64_t> steps(count);
    for (int64_t& s : steps) s = step += random() % 5;
    double walk = 0;
    const Drawn drawn(Columns(
        count, [&](uint32_t) { return walk += static_cast<double>(random() % 201) - 100; },
        [&](uint32_t i) { return steps[i]; }));
    const std::vector<double> all = AllPoints(drawn);
    for (int round = 0; round < 20; ++round) {
      const auto pixels = 1 + static_cast<uint32_t>(random() % 500);
      const auto steps_a_pixel = 1 + static_cast<double>(random() % (steps.back() / pixels + 1));
      const double from = static_cast<double>(random() % steps.back());
      const Viewport viewport = {from, from + steps_a_pixel * pixels, pixels};
      const std::vector<double> line = drawn.Line(viewport);
      EXPECT_LE(line.size() / 2, 4 * viewport.pixels + 2);
      EXPECT_EQ(ColumnsOf(line, viewport), ColumnsOf(all, viewport));
    }
  }
}

TEST(Line, ASpikeOfOneStepIsAlwaysThere) {
  const Drawn drawn(Columns(100000, [](uint32_t i) { return i == 77777 ? 1e6 : 1.0; }));
  const std::vector<double> line = drawn.Line({0, 99999, 300});
  bool seen = false;
  for (size_t i = 0; i < line.size(); i += 2) seen |= line[i] == 77777 && line[i + 1] == 1e6;
  EXPECT_TRUE(seen);
}

TEST(Line, BreaksAtValuesThatAreNotFinite) {
  const Drawn few(Columns(5, [](uint32_t i) { return i == 2 ? NAN : 1.0 * i; }));
  const std::vector<double> line = few.Line({0, 4, 100});
  ASSERT_EQ(line.size(), 10u);
  EXPECT_TRUE(std::isnan(line[5]));

  const Drawn many(Columns(100000, [](uint32_t i) { return i / 10000 == 5 ? INFINITY : 1.0 * (i % 100); }));
  int breaks = 0;
  const std::vector<double> decimated = many.Line({0, 99999, 200});
  for (size_t i = 1; i < decimated.size(); i += 2) {
    breaks += std::isnan(decimated[i]);
    EXPECT_FALSE(std::isinf(decimated[i]));
  }
  EXPECT_EQ(breaks, 1);
  std::vector<double> marks;
  AppendMarks(many.values, many.axis, many.non_finite, {0, 99999, 200}, &marks);
  EXPECT_NEAR(static_cast<double>(marks.size()) / 2, 20, 1);
  EXPECT_EQ(marks[1], 1);
}

TEST(Line, BreaksWhereXGoesBack) {
  const Drawn drawn(Columns(
      20, [](uint32_t i) { return 1.0 * i; }, [](uint32_t i) { return i < 10 ? i : i - 5; }));
  ASSERT_EQ(drawn.axis.segments().size(), 2u);
  const std::vector<double> line = drawn.Line({0, 14, 100});
  int breaks = 0;
  for (size_t i = 1; i < line.size(); i += 2) breaks += std::isnan(line[i]);
  EXPECT_EQ(breaks, 1);
  EXPECT_EQ(line.size() / 2, 21u);
}

TEST(Line, AsWrittenItGoesOnWhereXGoesBack) {
  const auto step = [](uint32_t i) { return int64_t{i < 10 ? i : i - 5}; };
  const Drawn drawn(Columns(
                        20, [](uint32_t i) { return 1.0 * i; }, step),
                    Purge::kNone);
  EXPECT_EQ(drawn.Line({0, 14, 100}), AllPoints(drawn));
  // 9 → 5 is in view, and neither of its ends.
  const std::vector<double> crossing = drawn.Line({6.2, 6.8, 100});
  const std::vector<double> want = {6, 6, 7, 7, 9, NAN, 9, 9, 5, 10, 6, NAN, 6, 11, 7, 12};
  ASSERT_EQ(crossing.size(), want.size());
  for (size_t i = 0; i < want.size(); ++i) {
    if (!std::isnan(want[i])) {
      EXPECT_EQ(crossing[i], want[i]) << i;
    }
  }
  EXPECT_TRUE(std::isnan(crossing[5]) && std::isnan(crossing[11]));
}

TEST(Line, JoinsWhatIsKeptOnEitherSideOfAGap) {
  PointColumns points = Columns(
      200000, [](uint32_t i) { return 1.0 * (i % 100); }, [](uint32_t i) { return i * 10; });
  const std::vector<PointRange> kept = {{0, 60000}, {60010, 60020}, {80000, 200000}};
  const Values values(&points);
  XAxis axis(&points, XKind::kStep, Purge::kLatest);
  axis.Extend({{0, 50000}});
  axis.Extend(kept);
  EXPECT_EQ(axis.segments(), kept);
  Pyramid pyramid;
  pyramid.Extend(values);
  const auto line_of = [&](Viewport viewport) {
    std::vector<double> line;
    AppendLine(values, axis, pyramid, {}, viewport, &line);
    return line;
  };
  const std::vector<double> gap = line_of({700000, 700010, 100});
  EXPECT_EQ(gap, (std::vector<double>{600190, 19, 800000, 0}));
  const std::vector<double> whole = line_of({0, 1999990, 500});
  EXPECT_LE(whole.size() / 2, 4 * 500u + 8);
  for (size_t i = 0; i < whole.size(); i += 2) {
    EXPECT_FALSE(std::isnan(whole[i + 1]));
    if (i > 0) {
      EXPECT_GT(whole[i], whole[i - 2]);
    }
  }
}

TEST(Line, WithoutOrderItStaysBounded) {
  std::mt19937 random(9);
  const Drawn drawn(Columns(
      100000, [](uint32_t i) { return 1.0 * (i % 1000); },
      [&](uint32_t) { return static_cast<int64_t>(random() % 100000); }));
  const Viewport viewport = {0, 100000, 300};
  const std::vector<double> line = drawn.Line(viewport);
  EXPECT_LE(line.size() / 2, 4 * viewport.pixels);
  const auto columns = ColumnsOf(line, viewport), all = ColumnsOf(AllPoints(drawn), viewport);
  ASSERT_EQ(columns.size(), all.size());
  for (const auto& [at, column] : all) {
    EXPECT_EQ(columns.at(at).min, column.min);
    EXPECT_EQ(columns.at(at).max, column.max);
  }
}

TEST(Line, ManyRestartsShareThePixelColumns) {
  const Drawn drawn(Columns(
      180000, [](uint32_t i) { return i % 7 == 3 ? NAN : 1.0 * (i % 1000); },
      [](uint32_t i) { return i % 3000; }));
  ASSERT_EQ(drawn.axis.segments().size(), 60u);
  EXPECT_LE(drawn.Line({0, 2999, 600}).size() / 2, 4 * 600u);
  EXPECT_LE(drawn.Line({7, 7, 600}).size() / 2, 4 * 600u);  // no width at all
}

TEST(Line, GoesOnToTheEdgesOfAZoom) {
  const Drawn drawn(Columns(
      10, [](uint32_t i) { return 1.0 * i; }, [](uint32_t i) { return i * 100; }));
  const std::vector<double> line = drawn.Line({150, 350, 100});
  EXPECT_EQ(line.front(), 100);
  EXPECT_EQ(line[line.size() - 2], 400);
  // No point inside, but the line passes through; and beyond the data there is nothing.
  EXPECT_EQ(drawn.Line({210, 220, 100}).size(), 4u);
  EXPECT_TRUE(drawn.Line({2000, 3000, 100}).empty());
}

TEST(XAxis, NonFiniteWallTimesAreNoPlace) {
  PointColumns points(PointColumns::ValueKind::kNumber);
  for (int i = 0; i < 6; ++i) points.Append(i, i == 3 ? NAN : 100.0 + i, i);
  XAxis axis(&points, XKind::kRelative, Purge::kNone);
  axis.Extend({{0, 6}});
  ASSERT_EQ(axis.segments().size(), 2u);
  EXPECT_EQ(axis.At(0), 0);
  EXPECT_EQ(axis.At(5), 5);
  EXPECT_EQ(axis.Find(axis.segments()[1], 4.5, false), 5u);
}

TEST(XAxis, FindsLikeAScanOverChunks) {
  const Drawn drawn(Columns(
      100000, [](uint32_t) { return 0.0; }, [](uint32_t i) { return i / 3; }));
  const PointRange all = drawn.axis.segments()[0];
  for (int64_t x = -1; x < 33400; x += 97) {
    const double at = static_cast<double>(x);
    const uint32_t first = drawn.axis.Find(all, at, false), after = drawn.axis.Find(all, at, true);
    EXPECT_EQ(first, static_cast<uint32_t>(std::clamp<int64_t>(x * 3, 0, 100000)));
    EXPECT_EQ(after, static_cast<uint32_t>(std::clamp<int64_t>(x * 3 + 3, 0, 100000)));
  }
}

class Charts : public ::testing::Test {
 protected:
  /// A log with one scalar series.
  SeriesId AddSeries(const std::vector<std::pair<int64_t, float>>& points) {
    const FileId file = log.AddFile(log.FindOrAddRun("."), "f");
    for (const auto& [step, value] : points) {
      Event event;
      event.step = step;
      event.wall_time = 100 + static_cast<double>(step) * 2;
      event.kind = EventKind::kSummary;
      EventValue& v = event.values.emplace_back();
      v.tag = AsBytes("loss");
      v.storage = Storage::kSimpleValue;
      v.simple_value = value;
      log.Add(
          file, 0, 0, event, [](void*, Span) -> const uint8_t* { return nullptr; }, nullptr);
    }
    return SeriesId{0};
  }
  Log log{size_t{1} << 30};
  LineCache cache{&log};
};

TEST_F(Charts, PickTakesTheNearest) {
  const SeriesId id = AddSeries({{0, 1}, {10, 2}, {10, 3}, {20, 4}, {5, 5}});
  cache.SetPurge(Purge::kNone);
  const auto at = [&](double x) { return PickNearest(cache.Get(id, 0), XKind::kStep, x, 0)->index; };
  EXPECT_EQ(at(-100), 0u);
  EXPECT_EQ(at(10), 2u);  // equal x: the last written
  EXPECT_EQ(at(9), 2u);   // the same from the left
  EXPECT_EQ(at(6), 4u);   // a later segment
  EXPECT_EQ(at(15), 2u);  // a tie: the smaller x
  EXPECT_EQ(at(100), 3u);
}

TEST_F(Charts, AnswersAsLinesTsReadsIt) {
  const SeriesId id = AddSeries({{0, 1}, {1, NAN}, {2, 3}});
  std::vector<double> words;
  AppendChart({XKind::kStep, NAN, NAN, 100, 0.5, false, false, {id}}, &cache, &words);
  ASSERT_EQ(words.size(), 5 + 3 + 2 * 3 + 2 * 3 + 2 * 1u);
  EXPECT_EQ(words[0], 0);
  EXPECT_EQ(words[1], 2);
  EXPECT_EQ(words[2], 1);
  EXPECT_DOUBLE_EQ(words[3], (0.25 + 1.5) / 0.75);
  EXPECT_EQ(words[4], 0);
  EXPECT_EQ(words[5], 3);
  EXPECT_EQ(words[6], 3);
  EXPECT_EQ(words[7], 1);
  EXPECT_EQ(words[words.size() - 2], 1);  // the NaN at step 1
  EXPECT_EQ(words[words.size() - 1], 0);
}

TEST_F(Charts, AnEmptySeriesHasNoExtent) {
  std::vector<double> words;
  AppendChart({XKind::kStep, NAN, NAN, 100, 0, true, false, {}}, &cache, &words);
  ASSERT_EQ(words.size(), 5u);
  EXPECT_TRUE(std::isnan(words[0]));
}

TEST_F(Charts, LogScaleLeavesOutWhatItCantShow) {
  const SeriesId id = AddSeries({{0, -1}, {1, 0}, {2, 10}, {3, 100}});
  std::vector<double> words;
  AppendChart({XKind::kStep, NAN, NAN, 100, 0, false, true, {id}}, &cache, &words);
  EXPECT_EQ(words[2], 10);
  EXPECT_EQ(words[3], 100);
}

}  // namespace
}  // namespace tensorpane
