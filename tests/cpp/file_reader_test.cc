#include "log/file_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "event_bytes.h"
#include "read_bytes.h"

namespace tensorpane {
namespace {

using testing::BytesField;
using testing::DumpOf;
using testing::Frame;
using testing::ReadBytes;
using testing::ScalarFile;
using testing::SimpleValue;
using testing::SummaryEvent;
using testing::Version;

TEST(FileReader, AnyCutGivesTheSameDumpOnRealFiles) {
  // Files of every writer and kind of damage, small ones: the property is about places to cut, not about
  // size.
  std::mt19937 random(11);
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TENSORPANE_TEST_DATA)) {
    if (!entry.is_regular_file() || entry.path().filename().string().find("tfevents") == std::string::npos)
      continue;
    if (entry.file_size() > 20000 ||
        (entry.path().string().find("edge_damaged") == std::string::npos && files % 4)) {
      ++files;
      continue;
    }
    ++files;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const std::string want = DumpOf(bytes);
    const auto any = [&] { return 1 + random() % 300; };
    EXPECT_EQ(DumpOf(bytes, true, any), want) << entry.path();
    EXPECT_EQ(DumpOf(bytes, false, any), want) << entry.path();
  }
  EXPECT_GT(files, 200);
}

TEST(FileReader, EveryTruncationIsANoteAndNoMore) {
  const std::string file = ScalarFile(3);
  for (size_t length = 1; length < file.size(); ++length) {
    Log log(1 << 20);
    const FileId id = ReadBytes(&log, ".", file.substr(0, length));
    const FileReport& report = log.report(id);
    EXPECT_EQ(report.error, ErrorCode::kNone) << length;
    for (size_t kind = 0; kind < kReportKindCount; ++kind) {
      if (static_cast<ReportKind>(kind) == ReportKind::kTruncated) continue;
      EXPECT_EQ(report.counts[kind], 0u) << length;
    }
  }
}

TEST(FileReader, ALargeRecordKeepsItsPayloadInTheFile) {
  const std::string image(RecordReader::kMaxAssembled + 5000, 'i');
  const std::string value = BytesField(1, "image") + BytesField(4, image);
  // The scalar stands behind the image: its fields are fetched.
  const std::string large = Frame(SummaryEvent(3, {value, SimpleValue("loss", 2.5f)}));
  const std::string file = Version() + large + Frame(SummaryEvent(4, {SimpleValue("loss", 1)}));
  for (const bool size_known : {true, false}) {
    Log log(1 << 20);
    ReadBytes(&log, ".", file, size_known);
    ASSERT_EQ(log.series().size(), 2u);
    const BlobRef blob = log.series()[0].points.blob(0);
    EXPECT_EQ(file.substr(blob.offset, blob.length()), image);
    ASSERT_EQ(log.series()[1].points.size(), 2u);
    EXPECT_EQ(log.series()[1].points.number(0), 2.5);
    EXPECT_LT(log.bytes(), 10000u);
  }
}

TEST(FileReader, ABlobRefPointsAtThePayloadField) {
  const std::string file =
      Version() + Frame(SummaryEvent(0, {BytesField(1, "i") + BytesField(4, "the image")}));
  Log log(1 << 20);
  const FileId id = ReadBytes(&log, ".", file);
  const BlobRef blob = log.series()[0].points.blob(0);
  EXPECT_EQ(file.substr(blob.offset, blob.length()), "the image");
  EXPECT_EQ(blob.file, id);
}

TEST(FileReader, OverTheBudgetTheFileStopsAndKeepsWhatItHas) {
  Log log(4000);
  const FileId id = ReadBytes(&log, ".", ScalarFile(1000));
  EXPECT_EQ(log.report(id).error, ErrorCode::kTooBig);
  EXPECT_GT(log.series()[0].points.size(), 10u);
  EXPECT_LE(log.bytes(), 4000u);
}

TEST(FileReader, SeriesWithoutPointsCountAgainstTheBudgetToo) {
  std::string file;
  for (int i = 0; i < 1000; ++i) file += Frame(SummaryEvent(0, {BytesField(1, "tag" + std::to_string(i))}));
  Log log(20000);
  EXPECT_EQ(log.report(ReadBytes(&log, ".", file)).error, ErrorCode::kTooBig);
  EXPECT_LT(log.series().size(), 200u);
}

TEST(FileReader, AForeignFileIsNamed) {
  for (const auto& [bytes, what] : std::initializer_list<std::pair<std::string, std::string>>{
           {"<!DOCTYPE html><html><body>Sign in</body></html>", "HTML page"},
           {std::string("\x1f\x8b\x08\x00 compressed by gzip", 24), "gzip"},
           {std::string(1000, '\0'), "only zero bytes"},
           {Frame(BytesField(1, "a feature")) + Frame(BytesField(1, "another")),
            "TFRecord without events"}}) {
    Log log(1 << 20);
    const FileId id = ReadBytes(&log, ".", bytes);
    EXPECT_EQ(log.report(id).error, ErrorCode::kNotAnEventFile);
    EXPECT_EQ(log.report(id).looks_like, what);
  }
}

TEST(FileReader, AFileThatGetsShorterLosesOneRecord) {
  const std::string image(RecordReader::kMaxAssembled + 5000, 'i');
  const std::string file = Frame(SummaryEvent(3, {BytesField(4, image) + BytesField(1, "image")}));
  Log log(1 << 20);
  const FileId id = log.AddFile(log.FindOrAddRun("."), "f");
  FileReader reader(&log, id, file.size());
  ASSERT_EQ(reader.Feed(AsBytes(file)), FileReader::Status::kNeed);
  EXPECT_EQ(reader.Provide({}), FileReader::Status::kMore);
  EXPECT_EQ(reader.Finish(), FileReader::Status::kMore);
  EXPECT_EQ(log.report(id).count(ReportKind::kProto), 1u);
}

TEST(FileReader, TellsTheStepsOnEitherSideOfWhatWasLost) {
  const auto event = [](int64_t step) {
    return testing::Frame(testing::SummaryEvent(step, {testing::SimpleValue("loss", 1)}));
  };
  const auto spoiled = [&](int64_t step) {
    std::string record = event(step);
    record[20] ^= 1;
    return record;
  };
  Log log(1 << 20);
  const std::string version = testing::Version();
  const FileId id = ReadBytes(&log, "run",
                              version + spoiled(1) + event(2) + spoiled(3) + testing::Frame("\x0a") +
                                  event(5) + event(6) + spoiled(7));
  const std::vector<ReportPlace>& places = log.report(id).places;
  ASSERT_EQ(places.size(), 4u);
  using Steps = std::pair<std::optional<int64_t>, std::optional<int64_t>>;
  const auto steps = [&](size_t i) { return Steps(places[i].step_before, places[i].step_after); };
  EXPECT_EQ(steps(0), Steps(std::nullopt, 2));
  EXPECT_EQ(steps(1), Steps(2, 5));
  EXPECT_EQ(places[2].kind, ReportKind::kProto);
  EXPECT_EQ(steps(2), Steps(2, 5));
  EXPECT_EQ(steps(3), Steps(6, std::nullopt));
}

}  // namespace
}  // namespace tensorpane
