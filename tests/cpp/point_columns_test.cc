#include "log/point_columns.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tensorpane {
namespace {

TEST(PointColumns, KeepsEveryPointOverChunks) {
  PointColumns points(PointColumns::ValueKind::kNumber);
  const uint32_t count = 3 * PointColumns::kMaxChunk + 17;
  for (uint32_t i = 0; i < count; ++i) points.Append(i, i + 0.5, static_cast<float>(i) / 8);
  ASSERT_EQ(points.size(), count);
  size_t capacity = 0;
  for (const PointColumns::Chunk& chunk : points.chunks()) {
    EXPECT_LE(chunk.capacity, PointColumns::kMaxChunk);
    EXPECT_FALSE(chunk.is_wide);
    capacity += chunk.capacity;
  }
  EXPECT_LE(capacity, count * 5 / 4 + 8);
  for (uint32_t i = 0; i < count; i += 7) {
    EXPECT_EQ(points.step(i), i);
    EXPECT_EQ(points.wall_time(i), i + 0.5);
    EXPECT_EQ(points.number(i), static_cast<float>(i) / 8);
  }
}

TEST(PointColumns, BecomesWideAtTheFirstNumberThatIsNoFloat) {
  PointColumns points(PointColumns::ValueKind::kNumber);
  points.Append(0, 0, 1.5);
  points.Append(1, 0, NAN);
  points.Append(2, 0, 0.1);
  points.Append(3, 0, 2.5);
  EXPECT_EQ(points.number(0), 1.5);
  EXPECT_TRUE(std::isnan(points.number(1)));
  EXPECT_EQ(points.number(2), 0.1);
  EXPECT_EQ(points.number(3), 2.5);
}

TEST(PointColumns, StepsBeyondDoublesStayExact) {
  PointColumns points(PointColumns::ValueKind::kNumber);
  const int64_t big = (int64_t{1} << 53) + 1;
  for (const int64_t step : {int64_t{5}, big, big + 1, INT64_MIN, INT64_MAX}) points.Append(step, 0, 0.1);
  EXPECT_EQ(points.exact_step(0), 5);
  EXPECT_EQ(points.exact_step(1), big);
  EXPECT_EQ(points.exact_step(2), big + 1);
  EXPECT_EQ(points.exact_step(3), INT64_MIN);
  EXPECT_EQ(points.exact_step(4), INT64_MAX);
}

TEST(PointColumns, TellsWhatTheNextPointAllocates) {
  PointColumns points(PointColumns::ValueKind::kBlob);
  size_t told = 0, chunks = 0;
  for (int i = 0; i < 1000; ++i) {
    const size_t growth = points.GrowthOfNext();
    points.Append(i, 0, BlobRef{});
    EXPECT_EQ(growth > 0, points.chunks().size() > chunks);
    chunks = points.chunks().size();
    told += growth;
  }
  EXPECT_GE(told, 1000 * (16 + sizeof(BlobRef)));
}

TEST(PointColumns, BlobsKeepLongLengths) {
  PointColumns points(PointColumns::ValueKind::kBlob);
  points.Append(1, 2,
                BlobRef{.offset = 1ull << 40,
                        .length_low = 7,
                        .file = FileId{3},
                        .length_high = 1,
                        .storage = 2,
                        .split = true});
  EXPECT_EQ(points.blob(0).length(), (1ull << 32) + 7);
  EXPECT_EQ(points.blob(0).offset, 1ull << 40);
}

}  // namespace
}  // namespace tensorpane
