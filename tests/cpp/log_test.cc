#include "log/log.h"

#include <gtest/gtest.h>

#include <cmath>

#include "event_bytes.h"
#include "read_bytes.h"

namespace tensorpane {
namespace {

using testing::BytesField;
using testing::DoubleField;
using testing::EventHead;
using testing::FloatField;
using testing::Frame;
using testing::Raw;
using testing::ReadBytes;
using testing::SimpleValue;
using testing::SummaryEvent;
using testing::TensorValue;
using testing::VarintField;
using testing::Version;

const std::string kOnePointFive = VarintField(1, 1) + BytesField(4, Raw(1.5f));

const Series* Find(const Log& log, std::string_view tag) {
  for (const Series& series : log.series()) {
    if (log.tag(series.tag) == tag) return &series;
  }
  return nullptr;
}

TEST(Log, TheFirstValueOfATagDecides) {
  Log log(1 << 20);
  ReadBytes(&log, "run",
            Frame(SummaryEvent(0, {TensorValue("a", "scalars", kOnePointFive), SimpleValue("b", 1)})) +
                Frame(SummaryEvent(1, {TensorValue("a", "text", kOnePointFive), SimpleValue("b", 2)})));
  EXPECT_TRUE(log.IsScalar(*Find(log, "a")));
  EXPECT_EQ(Find(log, "a")->points.size(), 2u);
  EXPECT_EQ(log.metadata(*Find(log, "b")).display_name, "b");
}

TEST(Log, MetadataInPartsMerge) {
  Log log(1 << 20);
  const std::string plugin = BytesField(9, BytesField(1, BytesField(1, "scalars"))),
                    name = BytesField(9, BytesField(2, "Shown"));
  ReadBytes(&log, ".",
            Frame(SummaryEvent(0, {BytesField(1, "s") + BytesField(8, kOnePointFive) + plugin + name})));
  EXPECT_TRUE(log.IsScalar(*Find(log, "s")));
  EXPECT_EQ(log.metadata(*Find(log, "s")).display_name, "Shown");
}

TEST(Log, TheSameTagOfTwoRunsIsTwoSeries) {
  Log log(1 << 20);
  const std::string file = Frame(SummaryEvent(0, {SimpleValue("loss", 1)}));
  ReadBytes(&log, "a", file);
  ReadBytes(&log, "b", file);
  ReadBytes(&log, "a", file);
  ASSERT_EQ(log.series().size(), 2u);
  EXPECT_EQ(log.series()[0].tag, log.series()[1].tag);
  EXPECT_EQ(log.series()[0].points.size(), 2u);
  EXPECT_EQ(log.series()[0].points_per_file.size(), 2u);
}

TEST(Log, TagsThatAreNotUtf8AreKept) {
  Log log(1 << 20);
  ReadBytes(&log, ".",
            Frame(SummaryEvent(0, {SimpleValue("bad\xff tag", 1)})) +
                Frame(SummaryEvent(1, {SimpleValue("bad\xff tag", 1)})));
  ASSERT_EQ(log.series().size(), 1u);
  EXPECT_EQ(log.tag(log.series()[0].tag), "bad\xEF\xBF\xBD tag");
  EXPECT_EQ(log.series()[0].points.size(), 2u);
}

TEST(Log, AValueWithoutContentIsNamed) {
  Log log(1 << 20);
  const FileId id = ReadBytes(&log, ".", Frame(SummaryEvent(0, {BytesField(1, "nothing")})));
  EXPECT_EQ(log.report(id).count(ReportKind::kNoValue), 1u);
  EXPECT_EQ(Find(log, "nothing")->points.size(), 0u);
}

TEST(Log, AScalarThatIsNoNumberIsCountedAndKeptAsAPoint) {
  Log log(1 << 20);
  const std::string text = VarintField(1, 7) + BytesField(8, "1.5");
  const FileId id = ReadBytes(&log, ".",
                              Frame(SummaryEvent(0, {TensorValue("s", "scalars", text)})) +
                                  Frame(SummaryEvent(1, {TensorValue("s", "scalars", kOnePointFive)})));
  EXPECT_EQ(log.report(id).count(ReportKind::kBadValue), 1u);
  ASSERT_EQ(Find(log, "s")->points.size(), 2u);
  EXPECT_TRUE(std::isnan(Find(log, "s")->points.number(0)));
  EXPECT_EQ(Find(log, "s")->non_finite, 1u);
}

TEST(Log, NonFiniteWallTimesAreInfoAndKept) {
  Log log(1 << 20);
  const FileId id = ReadBytes(&log, ".", Frame(SummaryEvent(0, {SimpleValue("s", 1)}, NAN)));
  EXPECT_EQ(log.report(id).count(ReportKind::kNonFiniteWallTime), 1u);
  EXPECT_EQ(Find(log, "s")->points.size(), 1u);
}

TEST(Log, TellsWhichSeriesChanged) {
  Log log(1 << 20);
  ReadBytes(&log, ".", Frame(SummaryEvent(0, {SimpleValue("a", 1), SimpleValue("b", 1)})));
  EXPECT_EQ(log.TakeChanged().size(), 2u);
  EXPECT_TRUE(log.TakeChanged().empty());
  ReadBytes(&log, ".", Frame(SummaryEvent(0, {SimpleValue("b", 1)})));
  EXPECT_EQ(log.TakeChanged(), std::vector<SeriesId>{SeriesId{1}});
}

TEST(Log, EveryReportKindCanBeReached) {
  std::string bad_data = Frame(SummaryEvent(0, {SimpleValue("a", 1)}));
  bad_data.back() ^= 1;
  std::string bad_length = bad_data;
  bad_length[8] ^= 1;
  const std::string good = Frame(SummaryEvent(0, {SimpleValue("a", 1)}));
  const std::string beyond = testing::Header(1000);
  Log log(1 << 20);
  std::array<uint64_t, kReportKindCount> counts{};
  const std::string text = VarintField(1, 7) + BytesField(8, "x");
  for (const std::string& file : {bad_data + good, bad_length + good, good + beyond + good, good + beyond,
                                  Frame("\xff"), Frame(SummaryEvent(0, {TensorValue("s", "scalars", text)})),
                                  Frame(SummaryEvent(0, {BytesField(1, "n")})),
                                  Frame(SummaryEvent(0, {SimpleValue("a", 1)}, INFINITY))}) {
    const FileReport& report = log.report(ReadBytes(&log, "run", file));
    for (size_t i = 0; i < counts.size(); ++i) counts[i] += report.counts[i];
  }
  for (size_t i = 0; i < counts.size(); ++i) EXPECT_GT(counts[i], 0u) << kReportKinds[i].name;
}

}  // namespace
}  // namespace tensorpane
