#include "series/pyramid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace tensorpane {
namespace {

/// Random numbers with some that are not finite, as a series.
PointColumns RandomPoints(uint32_t count, unsigned seed) {
  std::mt19937 random(seed);
  PointColumns points(PointColumns::ValueKind::kNumber);
  for (uint32_t i = 0; i < count; ++i) {
    double value = static_cast<double>(random() % 2000) - 1000;
    if (random() % 50 == 0) value = NAN;
    if (random() % 70 == 0) value = INFINITY;
    points.Append(i, i, value);
  }
  return points;
}

TEST(Pyramid, FindsWhatAScanFinds) {
  for (const uint32_t count : {0u, 1u, 63u, 64u, 65u, 5000u, 70000u}) {
    const PointColumns points = RandomPoints(count, count);
    const Values values(&points);
    Pyramid pyramid;
    pyramid.Extend(values);
    std::mt19937 generator(3);
    const auto random = [&generator] { return static_cast<uint32_t>(generator()); };
    for (int round = 0; round < 300; ++round) {
      uint32_t begin = count ? random() % count : 0, end = count ? random() % (count + 1) : 0;
      if (begin > end) std::swap(begin, end);
      double min = INFINITY, max = -INFINITY;
      for (uint32_t i = begin; i < end; ++i) {
        if (!std::isfinite(values[i])) continue;
        min = std::min(min, values[i]);
        max = std::max(max, values[i]);
      }
      const auto found = pyramid.Find(values, begin, end);
      ASSERT_EQ(found.has_value(), min <= max) << begin << ' ' << end;
      if (!found) continue;
      EXPECT_EQ(values[found->min], min);
      EXPECT_EQ(values[found->max], max);
      EXPECT_TRUE(found->min >= begin && found->min < end && found->max >= begin && found->max < end);
    }
  }
}

TEST(Pyramid, GrowsWithItsSeries) {
  PointColumns points(PointColumns::ValueKind::kNumber);
  const Values values(&points);
  Pyramid pyramid;
  for (int i = 0; i < 10000; ++i) {
    points.Append(i, i, (i * 7919) % 10007);
    if (i % 37 == 0) pyramid.Extend(values);
  }
  pyramid.Extend(values);
  const auto found = pyramid.Find(values, 0, 10000);
  ASSERT_TRUE(found);
  EXPECT_EQ(values[found->min], 0);
}

TEST(Pyramid, NothingFiniteIsNothing) {
  PointColumns points(PointColumns::ValueKind::kNumber);
  for (int i = 0; i < 200; ++i) points.Append(i, i, NAN);
  const Values values(&points);
  Pyramid pyramid;
  pyramid.Extend(values);
  EXPECT_FALSE(pyramid.Find(values, 0, 200));
}

}  // namespace
}  // namespace tensorpane
