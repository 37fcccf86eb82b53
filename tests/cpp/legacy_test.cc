#include "events/legacy.h"

#include <gtest/gtest.h>

#include "event_bytes.h"

namespace tensorpane {
namespace {

using testing::BytesField;
using testing::DoubleField;
using testing::Raw;
using testing::VarintField;

std::vector<std::array<float, 3>> Rows(const std::vector<double>& limits, const std::vector<double>& counts,
                                       double min, double max) {
  return CompatibleBuckets({min, max, 0, 0, 0, limits, counts}).value();
}

TEST(OldHistogram, EmptyBucketsAtBothEndsGoAndMinAndMaxAreTheEdges) {
  using Want = std::vector<std::array<float, 3>>;
  EXPECT_EQ(Rows({-2, 0, 2, 9}, {0, 2, 1, 0}, -1, 1), (Want{{-1, 0, 2}, {0, 1, 1}}));
  EXPECT_EQ(Rows({1}, {5}, 1, 1), (Want{{1, 1, 5}}));
  EXPECT_EQ(Rows({0, 1, 2}, {0, 0, 0}, 0, 0), Want{});
  EXPECT_EQ(Rows({}, {}, 0, 0), Want{});
  // An empty bucket inside stays; a negative count is none at the ends.
  EXPECT_EQ(Rows({1, 2, 3, 4}, {-1, 1, 0, 2}, 0, 5), (Want{{0, 2, 1}, {2, 3, 0}, {3, 5, 2}}));
}

TEST(OldHistogram, LimitsAndCountsMustBeAlike) {
  EXPECT_FALSE(CompatibleBuckets({0, 3, 2, 0, 0, {1, 2, 3}, {1, 1}}));
}

TEST(OldHistogram, ReadsBothEncodingsOfItsLists) {
  const std::string packed = BytesField(6, Raw(1.) + Raw(2.)) + BytesField(7, Raw(3.) + Raw(4.));
  const std::string loose = DoubleField(6, 1) + DoubleField(7, 3) + DoubleField(6, 2) + DoubleField(7, 4);
  for (const std::string& lists : {packed, loose}) {
    const auto histogram = ReadOldHistogram(AsBytes(DoubleField(1, -1) + DoubleField(3, 7) + lists));
    ASSERT_TRUE(histogram);
    EXPECT_EQ(histogram->min, -1);
    EXPECT_EQ(histogram->num, 7);
    EXPECT_EQ(histogram->limits, (std::vector<double>{1, 2}));
    EXPECT_EQ(histogram->counts, (std::vector<double>{3, 4}));
  }
  EXPECT_FALSE(ReadOldHistogram(AsBytes("\xff")));
  EXPECT_FALSE(ReadOldHistogram(AsBytes(BytesField(6, "1234567"))));
  EXPECT_TRUE(ReadOldHistogram({}));
  // protobuf's own code reads an empty packed list through a null pointer.
  EXPECT_TRUE(ReadOldHistogram(AsBytes(BytesField(6, ""))));
}

TEST(OldMedia, TheEncodedBytesAndTheDeclaredSize) {
  const std::string payload =
      VarintField(1, 12) + VarintField(2, 16) + VarintField(3, 3) + BytesField(4, "png");
  const auto media = ReadOldMedia(AsBytes(payload));
  ASSERT_TRUE(media);
  EXPECT_EQ(media->height, 12);
  EXPECT_EQ(media->width, 16);
  EXPECT_EQ(AsText(media->encoded), "png");
  EXPECT_FALSE(ReadOldMedia(AsBytes("\xff")));
}

}  // namespace
}  // namespace tensorpane
