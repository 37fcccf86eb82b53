#include "series/step_union.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "event_bytes.h"
#include "read_bytes.h"

namespace tensorpane {
namespace {

using testing::BytesField;
using testing::EventHead;
using testing::Frame;
using testing::Raw;
using testing::ReadBytes;
using testing::SummaryEvent;
using testing::TensorValue;
using testing::VarintField;

const std::string kTensor = VarintField(1, 1) + BytesField(4, Raw(1.5f));

std::string File(const std::string& tag, const std::vector<int64_t>& steps) {
  std::string file;
  for (const int64_t step : steps) file += Frame(SummaryEvent(step, {TensorValue(tag, "own", kTensor)}));
  return file;
}

std::vector<SeriesId> All(const Log& log) {
  std::vector<SeriesId> ids;
  for (uint32_t i = 0; i < log.series().size(); ++i) ids.push_back(SeriesId{i});
  return ids;
}

TEST(StepUnion, ARunHasAStepInAnyOfItsSeries) {
  Log log(1 << 20);
  ReadBytes(&log, "a", File("x", {0, 10, 30}) + File("y", {20}));
  ReadBytes(&log, "b", File("x", {10, 20, 10}));
  const StepUnion all = UnionOfSteps(log, All(log), Purge::kNone);
  EXPECT_EQ(all.steps, (std::vector<int64_t>{0, 10, 20, 30}));
  EXPECT_EQ(all.in_every_run, (std::vector<bool>{false, true, true, false}));
}

TEST(StepUnion, ARunOfWhichNothingIsKeptDoesNotCount) {
  Log log(1 << 20);
  const std::string version = Frame(EventHead(0, 1) + BytesField(3, "brain.Event:2"));
  const std::string start = Frame(EventHead(0, 1) + BytesField(7, VarintField(1, 1)));
  ReadBytes(&log, "a", version + File("x", {1, 2}));
  ReadBytes(&log, "b", version + start + File("x", {1, 2}) + start);
  const StepUnion all = UnionOfSteps(log, All(log), Purge::kTensorBoard);
  EXPECT_EQ(all.steps, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(all.in_every_run, (std::vector<bool>{true, true}));
}

TEST(StepUnion, StepsBeyondADoubleAreExactAndNothingIsNothing) {
  Log log(1 << 20);
  const int64_t big = (int64_t{1} << 53) + 1;
  ReadBytes(&log, "a", File("x", {big + 2, big, -5, big + 1}));
  EXPECT_EQ(UnionOfSteps(log, All(log), Purge::kNone).steps,
            (std::vector<int64_t>{-5, big, big + 1, big + 2}));
  EXPECT_TRUE(UnionOfSteps(log, {}, Purge::kNone).steps.empty());
}

TEST(StepUnion, IsThatOfSets) {
  std::mt19937 random(3);
  for (int round = 0; round < 50; ++round) {
    Log log(1 << 24);
    std::map<int64_t, std::set<int>> runs_of;
    std::set<int> runs;
    for (int run = 0; run < 4; ++run) {
      std::string bytes;
      for (int tag = 0; tag < 3; ++tag) {
        std::vector<int64_t> steps(random() % 6);
        for (int64_t& step : steps) {
          step = static_cast<int64_t>(random() % 12) - 4;
          runs_of[step].insert(run);
          runs.insert(run);
        }
        bytes += File("tag" + std::to_string(tag), steps);
      }
      ReadBytes(&log, "run" + std::to_string(run), bytes);
    }
    const StepUnion all = UnionOfSteps(log, All(log), Purge::kNone);
    ASSERT_EQ(all.steps.size(), runs_of.size());
    size_t i = 0;
    for (const auto& [step, having] : runs_of) {
      EXPECT_EQ(all.steps[i], step);
      EXPECT_EQ(all.in_every_run[i++], having.size() == runs.size());
    }
  }
}

}  // namespace
}  // namespace tensorpane
