// What is kept of runs that were restarted: rules on hand-made logs, and held against plain models on random
// ones.
#include "log/restarts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "event_bytes.h"
#include "log/lives.h"
#include "log/log.h"
#include "log/restart_report.h"
#include "read_bytes.h"
#include "series/chart_query.h"

namespace tensorpane {
namespace {

using testing::BytesField;
using testing::EventHead;
using testing::Frame;
using testing::ReadBytes;
using testing::SimpleValue;
using testing::SummaryEvent;
using testing::TensorValue;
using testing::VarintField;

constexpr Purge kPurges[] = {Purge::kLatest, Purge::kNone, Purge::kSplit, Purge::kTensorBoard};

std::string VersionEvent(const std::string& text) { return Frame(EventHead(0, 1) + BytesField(3, text)); }
std::string Start(int64_t step) { return Frame(EventHead(step, 1) + BytesField(7, VarintField(1, 1))); }
std::string Point(int64_t step, float value = 0, const std::string& tag = "loss", double wall_time = 1) {
  return Frame(SummaryEvent(step, {SimpleValue(tag, value)}, wall_time));
}
std::string Points(const std::vector<int64_t>& steps) {
  std::string bytes;
  for (const int64_t step : steps) bytes += Point(step);
  return bytes;
}
const std::string kVersion2 = VersionEvent("brain.Event:2");

/// A run of files, as they are read one after the other.
class RunOf {
 public:
  explicit RunOf(const std::vector<std::string>& files) {
    for (const std::string& file : files) ReadBytes(&log, "run", file);
  }
  const Run& run() const { return log.runs()[0]; }
  const Series& series(const std::string& tag = "loss") const { return log.series(run().by_tag.at(tag)); }
  std::vector<int64_t> Steps(Purge purge, const std::string& tag = "loss") const {
    std::vector<int64_t> steps;
    for (const PointRange& range : KeptPoints(series(tag), run(), purge)) {
      for (uint32_t i = range.begin; i < range.end; ++i) steps.push_back(series(tag).points.exact_step(i));
    }
    return steps;
  }
  std::vector<uint32_t> Stretches() const {
    std::vector<uint32_t> begins;
    for (const PointRange& range : KeptPoints(series(), run(), Purge::kSplit)) begins.push_back(range.begin);
    return begins;
  }
  Log log{size_t{1} << 30};
};

using Steps = std::vector<int64_t>;

uint32_t Superseded(const Series& series) {
  uint32_t points = 0;
  for (const Restart& restart : RestartsOf(series)) points += restart.superseded;
  return points;
}

/// A file of points a second apart, the first at `wall_time`; values are the wall times.
std::string FileOf(double wall_time, const std::vector<int64_t>& steps) {
  std::string bytes;
  for (const int64_t step : steps) {
    bytes += Point(step, static_cast<float>(wall_time), "loss", wall_time);
    ++wall_time;
  }
  return bytes;
}

TEST(Restarts, TheLatestWinsFromTheStepThatItGoesBackTo) {
  const RunOf run({kVersion2 + Points({0, 1, 2, 3, 4}), kVersion2 + Points({2, 3})});
  EXPECT_EQ(run.Steps(Purge::kLatest), (Steps{0, 1, 2, 3}));  // also where the restart is shorter than before
  EXPECT_EQ(run.Steps(Purge::kNone), (Steps{0, 1, 2, 3, 4, 2, 3}));
  EXPECT_EQ(run.Steps(Purge::kTensorBoard), (Steps{0, 1, 2, 3, 4, 2, 3}));
  EXPECT_EQ(run.Stretches(), (std::vector<uint32_t>{0, 5}));
  const RestartPlaces places = PlacesOf(run.log, run.run());
  ASSERT_EQ(places.size(), 1u);
  const auto& [files, place] = *places.begin();
  EXPECT_EQ(files, (std::pair{0u, 1u}));
  EXPECT_EQ(place.restarts, 1u);
  EXPECT_EQ(place.superseded, 3u);
  EXPECT_EQ(place.tags, 1u);
  EXPECT_EQ(place.step, 2);
  EXPECT_EQ(place.last_step, 4);
  EXPECT_EQ(run.log.files()[0].points, 5u);
  EXPECT_EQ(run.log.files()[1].points, 2u);
}

TEST(Restarts, MoreThanOnce) {
  const RunOf again({Points({0, 10, 20, 30, 15, 25, 20, 40})});
  EXPECT_EQ(again.Steps(Purge::kLatest), (Steps{0, 10, 15, 20, 40}));
  EXPECT_EQ(again.Stretches(), (std::vector<uint32_t>{0, 4, 6}));
  EXPECT_EQ(Superseded(again.series()), 3u);
  // Beyond the restart before, and to the very beginning.
  EXPECT_EQ(RunOf({Points({0, 10, 20, 30, 20, 5, 10})}).Steps(Purge::kLatest), (Steps{0, 5, 10}));
  EXPECT_EQ(RunOf({Points({0, 10, 20, 5, 0, 1})}).Steps(Purge::kLatest), (Steps{0, 1}));
}

TEST(Restarts, EqualStepsAreNoRestart) {
  const RunOf run({Points({0, 0, 0, 5, 5})});
  EXPECT_TRUE(IsReadOneWay(run.series(), run.run()));
  for (const Purge purge : kPurges) EXPECT_EQ(run.Steps(purge), (Steps{0, 0, 0, 5, 5}));
  // But all of them go when the steps go back to theirs.
  EXPECT_EQ(RunOf({Points({0, 5, 5, 7, 5})}).Steps(Purge::kLatest), (Steps{0, 5}));
}

TEST(Restarts, AFileThatBeginsWithTheLastStepOfTheOneBeforeIsOne) {
  EXPECT_EQ(RunOf({FileOf(0, {0, 1, 2}), FileOf(50, {2, 3})}).Steps(Purge::kLatest), (Steps{0, 1, 2, 3}));
  // A tag that is logged rarely, of a run that was resumed at 1500.
  const RunOf run({FileOf(0, {1000, 2000}), FileOf(50, {2000, 3000})});
  EXPECT_EQ(run.Steps(Purge::kLatest), (Steps{1000, 2000, 3000}));
  const std::vector<Restart> restarts = RestartsOf(run.series());
  ASSERT_EQ(restarts.size(), 1u);
  EXPECT_EQ(restarts[0].step, 2000);
  EXPECT_EQ(restarts[0].last_step, 2000);
  EXPECT_EQ(restarts[0].superseded, 1u);
  // But not of a tag that each file has once, at one step.
  const RunOf once({FileOf(0, {0}), FileOf(50, {0}), FileOf(100, {0, 0})});
  EXPECT_EQ(once.Steps(Purge::kLatest), (Steps{0, 0, 0, 0}));
  EXPECT_TRUE(RestartsOf(once.series()).empty());
}

TEST(Restarts, StepsOutOfOrderInAFileAreNoneIfNothingIsWrittenAgain) {
  for (const Steps& steps :
       {Steps{1, 2, 4, 3, 6, 5, 8, 7}, Steps{0, 10, 20, 30, 5, 15, 25, 35}, Steps{4, 3, 2, 1}}) {
    const RunOf run({Points(steps)});
    Steps kept = run.Steps(Purge::kLatest), all = steps;
    std::sort(kept.begin(), kept.end());
    std::sort(all.begin(), all.end());
    EXPECT_EQ(kept, all);
    EXPECT_TRUE(RestartsOf(run.series()).empty());
  }
  // Nor in one that goes on from another.
  const RunOf resumed({FileOf(0, {0, 1, 2, 4, 3}), FileOf(50, {2, 4, 3, 5})});
  EXPECT_EQ(resumed.Steps(Purge::kLatest), (Steps{0, 1, 2, 4, 3, 5}));
  EXPECT_EQ(Superseded(resumed.series()), 3u);
}

TEST(Restarts, BackByOneStep) {
  const RunOf run({Points({0, 1, 2, 1, 2, 3})});
  EXPECT_EQ(run.Steps(Purge::kLatest), (Steps{0, 1, 2, 3}));
  EXPECT_EQ(Superseded(run.series()), 2u);
}

TEST(Restarts, StepsBeyondDoublesAreTold) {
  constexpr int64_t kHuge = (int64_t{1} << 53) + 1;
  const RunOf run(
      {kVersion2 + Start(0) + Points({kHuge - 1, kHuge, kHuge + 1}) + Start(kHuge) + Points({kHuge})});
  EXPECT_EQ(run.Steps(Purge::kLatest), (Steps{kHuge - 1, kHuge}));
  EXPECT_EQ(run.Steps(Purge::kTensorBoard), (Steps{kHuge - 1, kHuge}));
}

TEST(Restarts, WallTimesDoNotMatter) {
  const RunOf run({Point(0, 0, "loss", NAN) + Point(1, 1, "loss", 7) + Point(2, 2, "loss", 3) +
                   Point(1, 3, "loss", NAN) + Point(2, 4, "loss", 1)});
  EXPECT_EQ(run.Steps(Purge::kLatest), (Steps{0, 1, 2}));
}

TEST(Restarts, FilesCountInOrderOfTime) {
  // The file of the restart is read first.
  const RunOf run({FileOf(100, {2, 3, 4}), FileOf(0, {0, 1, 2, 3})});
  EXPECT_EQ(run.Steps(Purge::kLatest), (Steps{0, 1, 2, 3, 4}));
  EXPECT_EQ(run.Steps(Purge::kNone), (Steps{2, 3, 4, 0, 1, 2, 3}));
  const RestartPlaces places = PlacesOf(run.log, run.run());
  ASSERT_EQ(places.size(), 1u);
  EXPECT_EQ(places.begin()->first, (std::pair{1u, 0u}));
  EXPECT_EQ(places.begin()->second.superseded, 2u);
  EXPECT_EQ(places.begin()->second.step, 2);
  EXPECT_EQ(places.begin()->second.last_step, 3);
  // Files that only go on, read in any order, are one line and no restart.
  const RunOf parts({FileOf(100, {3, 4}), FileOf(200, {5, 6}), FileOf(0, {0, 1, 2})});
  EXPECT_EQ(parts.Steps(Purge::kLatest), (Steps{0, 1, 2, 3, 4, 5, 6}));
  EXPECT_TRUE(RestartsOf(parts.series()).empty());
  EXPECT_FALSE(IsReadOneWay(parts.series(), parts.run()));
}

TEST(Restarts, AClockThatIsSetRightHidesNothing) {
  const std::string first = FileOf(8100, {0}) + FileOf(500, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  const std::string resumed = FileOf(900, {5, 6, 7, 8, 9, 10, 11, 12, 13, 14});
  for (const RunOf& run : {RunOf({first, resumed}), RunOf({resumed, first})}) {
    EXPECT_EQ(run.Steps(Purge::kLatest), (Steps{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}));
    EXPECT_EQ(Superseded(run.series()), 6u);
    const std::vector<Restart> restarts = RestartsOf(run.series());
    ASSERT_EQ(restarts.size(), 1u);
    EXPECT_EQ(restarts[0].step, 5);
  }
}

TEST(Restarts, AFileThatEndsWhenAnotherBeginsHasEnded) {
  const std::string before = FileOf(100, {0, 1, 2, 3, 4, 5}), after = FileOf(105, {3, 4, 5, 6});
  for (const RunOf& run : {RunOf({before, after}), RunOf({after, before})}) {
    EXPECT_EQ(run.Steps(Purge::kLatest), (Steps{0, 1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(Superseded(run.series()), 3u);
  }
  // Also if one of them is no longer than that.
  for (const RunOf& run : {RunOf({before, FileOf(105, {5})}), RunOf({FileOf(105, {5}), before})}) {
    EXPECT_EQ(run.Steps(Purge::kLatest), (Steps{0, 1, 2, 3, 4, 5}));
  }
}

TEST(Restarts, WritersSideBySideSupersedeNothing) {
  // Interleaved steps, and the same steps.
  EXPECT_EQ(RunOf({FileOf(0, {0, 3, 6}), FileOf(0.1, {1, 4, 7})}).Steps(Purge::kLatest),
            (Steps{0, 3, 6, 1, 4, 7}));
  const RunOf same({FileOf(0, {0, 1, 2}), FileOf(0.1, {0, 1, 2})});
  EXPECT_EQ(same.Steps(Purge::kLatest), (Steps{0, 1, 2, 0, 1, 2}));
  EXPECT_TRUE(RestartsOf(same.series()).empty());
  EXPECT_EQ(FactsOf(same.series(), same.run(), Purge::kLatest).max_step, 2);
  // But one that begins after both have ended restarts both.
  const RunOf both({FileOf(0, {0, 3, 6}), FileOf(0.1, {1, 4, 7}), FileOf(50, {3, 4})});
  EXPECT_EQ(both.Steps(Purge::kLatest), (Steps{0, 1, 3, 4}));
  EXPECT_EQ(Superseded(both.series()), 4u);
}

TEST(Restarts, FilesWithoutWallTimesCountAsTheyAreRead) {
  EXPECT_EQ(RunOf({FileOf(NAN, {0, 1, 2}), FileOf(NAN, {1, 2})}).Steps(Purge::kLatest), (Steps{0, 1, 2}));
  EXPECT_EQ(RunOf({FileOf(100, {0, 1, 2}), FileOf(NAN, {1}), FileOf(200, {3})}).Steps(Purge::kLatest),
            (Steps{0, 1, 3}));
}

TEST(Restarts, EveryKindOfSeries) {
  std::string bytes;
  for (const int64_t step : {0, 1, 2, 1}) {
    bytes += Frame(SummaryEvent(step, {TensorValue("loss", "text", VarintField(1, 7) + BytesField(8, "a"))}));
  }
  EXPECT_EQ(RunOf({bytes}).Steps(Purge::kLatest), (Steps{0, 1}));
}

TEST(Restarts, ValuesThatAreNotFiniteAreCountedOfThoseKept) {
  const RunOf run({Point(0, NAN) + Point(1, NAN) + Point(2, INFINITY) + Point(3) + Point(1) + Point(2, NAN)});
  EXPECT_EQ(FactsOf(run.series(), run.run(), Purge::kLatest).non_finite, 2u);
  EXPECT_EQ(FactsOf(run.series(), run.run(), Purge::kNone).non_finite, 4u);
}

TEST(Restarts, TensorBoardPurgesAtEachStartButTheFirst) {
  const std::string life = Points({0, 1, 2, 3}), next = Points({2, 3, 4});
  EXPECT_EQ(RunOf({kVersion2 + Start(0) + life + Start(2) + next}).Steps(Purge::kTensorBoard),
            (Steps{0, 1, 2, 3, 4}));
  // The first one of the run, also if it stands in a later file, starts it.
  EXPECT_EQ(RunOf({kVersion2 + life, kVersion2 + Start(2) + next}).Steps(Purge::kTensorBoard),
            (Steps{0, 1, 2, 3, 2, 3, 4}));
  // Nothing was written after the last one, and all of it counts: the lowest step.
  EXPECT_EQ(RunOf({kVersion2 + Start(0) + life + Start(1) + Start(3)}).Steps(Purge::kTensorBoard),
            (Steps{0}));
  EXPECT_EQ(RunOf({kVersion2 + Start(0) + life + Start(0)}).Steps(Purge::kTensorBoard), (Steps{}));
  EXPECT_EQ(FactsOf(RunOf({kVersion2 + Start(0) + life + Start(0)}).series(),
                    RunOf({kVersion2 + Start(0) + life + Start(0)}).run(), Purge::kTensorBoard)
                .count,
            0u);
}

TEST(Restarts, TensorBoardTakesAnyNumberFromTwoOnAsAVersion) {
  for (const char* const version :
       {"brain.Event:2", "brain.Event:brain.Event:02.5", "brain.Event:10", "3."}) {
    const RunOf run({VersionEvent(version) + Start(0) + Points({0, 1, 2, 3}) + Start(2)});
    EXPECT_EQ(run.Steps(Purge::kTensorBoard), (Steps{0, 1})) << version;
  }
}

TEST(Restarts, TensorBoardGoesByStepsWithoutAUsableVersion) {
  for (const std::string& version :
       {std::string(), VersionEvent("brain.Event:1"), VersionEvent("brain.Event:1.99"),
        VersionEvent("brain.Event:two"), VersionEvent("brain.Event:2.0.1"), VersionEvent("brain.Event:."),
        VersionEvent("")}) {
    const RunOf run({version + Start(0) + Points({0, 1, 2, 3}) + Start(1) + Points({2, 3})});
    EXPECT_EQ(run.Steps(Purge::kTensorBoard), (Steps{0, 1, 2, 3}));
  }
  // It counts from where it stands.
  EXPECT_EQ(RunOf({Points({0, 1, 2, 3, 2}) + kVersion2 + Points({1, 2})}).Steps(Purge::kTensorBoard),
            (Steps{0, 1, 2, 1, 2}));
  // A step below that of another tag drops what this tag has, and no more.
  const RunOf run({Point(0, 0, "a") + Point(5, 0, "a") + Point(9, 0, "b") + Point(5, 0, "a")});
  EXPECT_EQ(run.Steps(Purge::kTensorBoard, "a"), (Steps{0, 5}));
  EXPECT_EQ(run.Steps(Purge::kLatest, "a"), (Steps{0, 5, 5}));
  EXPECT_EQ(run.Steps(Purge::kTensorBoard, "b"), (Steps{9}));
}

TEST(Restarts, SeriesThatLoseTheirEndToAStartHaveChanged) {
  Log log(1 << 20);
  ReadBytes(&log, "run", kVersion2 + Start(0) + Points({0, 1, 2}));
  EXPECT_EQ(log.TakeChanged().size(), 1u);
  ReadBytes(&log, "run", Start(1));
  EXPECT_EQ(log.TakeChanged().size(), 1u);
  EXPECT_TRUE(log.TakeChanged().empty());
}

/// A writer's event: a SessionLog.START if there is no tag.
struct Written {
  int64_t step;
  std::string tag;
  float value;
  size_t file;
  double wall_time;
};

using Model = std::map<std::string, std::vector<Written>>;

/// The rule of lives.h as it stands there, point by point and life by life, of the events of one tag.
std::vector<Written> Latest(const std::vector<Written>& events) {
  struct Slow {
    size_t first, last;  // indices of events
    double from, to;
  };
  std::vector<Slow> lives;
  std::vector<size_t> life_of;
  for (size_t i = 0; i < events.size(); ++i) {
    if (i == 0 || events[i].file != events[i - 1].file || events[i].step < events[i - 1].step) {
      lives.push_back({i, i, 0, 0});
    }
    lives.back().last = i;
    life_of.push_back(lives.size() - 1);
  }
  const auto file_of = [&](size_t life) { return events[lives[life].first].file; };
  // A time is the lowest of those that stand at it and later in the file at ends of lives. Where there is
  // none it is the last one before, and that of a file without any is the last of the files before.
  const auto time_at = [&](size_t at) {
    double lowest = NAN, last = -std::numeric_limits<double>::infinity();
    for (const Slow& life : lives) {
      for (const size_t end : {life.first, life.last}) {
        const auto& [step, tag, value, file, time] = events[end];
        if (file > events[at].file || !std::isfinite(time)) continue;
        last = time;
        if (file == events[at].file && end >= at) lowest = std::fmin(lowest, time);
      }
    }
    return std::isnan(lowest) ? last : lowest;
  };
  for (Slow& life : lives) {
    life.from = time_at(life.first);
    life.to = time_at(life.last);
  }
  const auto ended_before = [&](size_t life, size_t other) {
    const Slow &a = lives[life], &b = lives[other];
    const bool one_instant = a.from == a.to && b.from == b.to && a.from == b.from;
    return file_of(life) == file_of(other) || one_instant ? life < other : a.to <= b.from;
  };
  const auto has = [&](size_t life, int64_t step) {
    for (size_t i = lives[life].first; i <= lives[life].last; ++i) {
      if (events[i].step == step) return true;
    }
    return false;
  };
  const auto writes_again = [&](size_t life) {
    for (size_t before = 0; before < life; ++before) {
      if (file_of(before) != file_of(life)) continue;
      for (size_t i = lives[before].first; i <= lives[before].last; ++i) {
        if (has(life, events[i].step)) return true;
      }
    }
    return false;
  };
  std::vector<bool> again;
  for (size_t life = 0; life < lives.size(); ++life) again.push_back(writes_again(life));
  std::vector<Written> kept;
  for (size_t i = 0; i < events.size(); ++i) {
    bool superseded = false;
    for (size_t life = 0; life < lives.size(); ++life) {
      const int64_t step = events[lives[life].first].step;
      const Slow& own = lives[life_of[i]];
      const bool once = events[own.first].step == step && events[own.last].step == step;
      superseded |= ended_before(life_of[i], life) && step <= events[i].step &&
                    (events[i].file == file_of(life) ? again[life] : !once);
    }
    if (!superseded) kept.push_back(events[i]);
  }
  return kept;
}

/// plugin_event_accumulator.py, line by line.
Model TensorBoard(const std::vector<Written>& events, bool version_2) {
  Model kept;
  bool seen_start = false;
  int64_t most_recent_step = -1;
  for (const Written& event : events) {
    const auto expired = [&](const Written& old) { return old.step >= event.step; };
    const bool start = event.tag.empty();
    if (version_2 && start && seen_start) {
      for (auto& [tag, list] : kept) std::erase_if(list, expired);
    }
    seen_start |= start;
    if (start) continue;
    if (!version_2 && event.step < most_recent_step) std::erase_if(kept[event.tag], expired);
    most_recent_step = event.step;
    kept[event.tag].push_back(event);
  }
  return kept;
}

TEST(Restarts, RandomLogsAreReadAsByPlainModels) {
  std::mt19937 random(11);
  for (int round = 0; round < 600; ++round) {
    const bool version_2 = round % 2 == 0;
    const bool clocks_fail = round % 3 == 0;
    std::vector<Written> events;
    std::vector<std::string> files;
    Model all;
    int64_t step = 0;
    double wall_time = 1000;
    const int width = 1 + static_cast<int>(random() % 30);
    for (uint32_t i = 0, count = static_cast<uint32_t>(random() % 200); i < count; ++i) {
      if (files.empty() || random() % 40 == 0) {
        files.push_back(version_2 ? kVersion2 : "");
        wall_time = static_cast<double>(random() % 200);
      }
      wall_time += static_cast<double>(random() % 3);
      if (clocks_fail && random() % 10 == 0) wall_time -= static_cast<double>(random() % 50);
      if (random() % 8 == 0) step -= static_cast<int64_t>(random() % static_cast<uint32_t>(width));
      if (random() % 3 != 0) ++step;
      const std::string tag = random() % 20 == 0 ? "" : random() % 3 == 0 ? "a" : "b";
      const bool no_time = clocks_fail && random() % 5 == 0;
      const Written event = {step, tag, random() % 10 == 0 ? NAN : static_cast<float>(i), files.size(),
                             no_time ? NAN : wall_time};
      events.push_back(event);
      files.back() += tag.empty() ? Start(step) : Point(step, event.value, tag, event.wall_time);
      if (!tag.empty()) all[tag].push_back(event);
    }
    if (files.empty()) continue;
    const RunOf run(files);
    Model latest;
    for (const auto& [tag, list] : all) latest[tag] = Latest(list);
    const std::map<Purge, Model> wanted = {{Purge::kLatest, latest},
                                           {Purge::kNone, all},
                                           {Purge::kSplit, all},
                                           {Purge::kTensorBoard, TensorBoard(events, version_2)}};
    for (const auto& [purge, model] : wanted) {
      for (const auto& [tag, list] : model) {
        if (all[tag].empty()) continue;
        const Series& series = run.series(tag);
        const std::vector<PointRange> ranges = KeptPoints(series, run.run(), purge);
        std::vector<PointRange> in_order = ranges;
        std::sort(in_order.begin(), in_order.end(), [](auto a, auto b) { return a.begin < b.begin; });
        std::vector<std::pair<int64_t, std::string>> got, want;
        uint32_t non_finite = 0;
        for (const PointRange& range : in_order) {
          for (uint32_t i = range.begin; i < range.end; ++i) {
            got.emplace_back(series.points.exact_step(i), std::to_string(series.points.number(i)));
          }
        }
        for (const Written& one : list) {
          want.emplace_back(one.step, std::to_string(one.value));
          non_finite += !std::isfinite(one.value);
        }
        ASSERT_EQ(got, want) << "round " << round << ", tag " << tag << ", purge " << static_cast<int>(purge);
        for (size_t i = 0; i < ranges.size(); ++i) {
          ASSERT_GT(ranges[i].size(), 0u);
          if (i > 0 && purge == Purge::kLatest) {
            ASSERT_LE(series.points.exact_step(ranges[i - 1].begin),
                      series.points.exact_step(ranges[i].begin));
            const uint32_t at = ranges[i].begin;
            ASSERT_TRUE(ranges[i - 1].end != at ||
                        series.points.exact_step(at) < series.points.exact_step(at - 1));
          }
          if (i > 0 && purge == Purge::kTensorBoard) {
            ASSERT_LT(ranges[i - 1].end, ranges[i].begin);
          }
          if (i > 0 && purge == Purge::kSplit) {
            const uint32_t at = ranges[i].begin;
            ASSERT_EQ(ranges[i - 1].end, at);
            ASSERT_LT(series.points.exact_step(at), series.points.exact_step(at - 1));
          }
          if (purge != Purge::kSplit && purge != Purge::kLatest) continue;
          for (uint32_t at = ranges[i].begin + 1; at < ranges[i].end; ++at) {
            ASSERT_GE(series.points.exact_step(at), series.points.exact_step(at - 1));
          }
        }
        if (purge == Purge::kLatest) {
          ASSERT_EQ(Superseded(series), series.points.size() - want.size());
        }
        const KeptFacts facts = FactsOf(series, run.run(), purge);
        ASSERT_EQ(facts.count, want.size());
        if (want.empty()) continue;
        ASSERT_EQ(facts.non_finite, non_finite);
        ASSERT_EQ(facts.first, ranges.front().begin);
        ASSERT_EQ(facts.last, ranges.back().end - 1);
        const auto [least, greatest] = std::minmax_element(
            list.begin(), list.end(), [](const auto& x, const auto& y) { return x.step < y.step; });
        ASSERT_EQ(facts.min_step, static_cast<double>(least->step));
        ASSERT_EQ(facts.max_step, static_cast<double>(greatest->step));
      }
    }
  }
}

TEST(Restarts, TheOrderOfReadingDoesNotMatterToLives) {
  std::mt19937 random(12);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> files;
    double wall_time = 0;
    for (size_t file = 0, count = 1 + random() % 6; file < count; ++file) {
      std::vector<int64_t> steps;
      auto step = static_cast<int64_t>(random() % 20);
      for (size_t i = 0, points = 1 + random() % 20; i < points; ++i) {
        steps.push_back(step);
        step = random() % 10 == 0 ? static_cast<int64_t>(random() % 20) : step + 1;
      }
      files.push_back(FileOf(wall_time, steps));
      // Mostly after the file before, and sometimes while it is written.
      wall_time += random() % 4 == 0 ? 0.23 : 30.23;
    }
    const auto kept = [&] {
      const RunOf run(files);
      std::vector<double> wall_times;
      for (const PointRange& range : KeptPoints(run.series(), run.run(), Purge::kLatest)) {
        for (uint32_t i = range.begin; i < range.end; ++i) {
          wall_times.push_back(run.series().points.wall_time(i));
        }
      }
      std::sort(wall_times.begin(), wall_times.end());
      return std::pair(wall_times, RestartsOf(run.series()).size());
    };
    const auto as_written = kept();
    std::shuffle(files.begin(), files.end(), random);
    ASSERT_EQ(kept(), as_written) << "round " << round;
  }
}

/// What charts show of values 1, 2, 3 at steps 0, 1, 2 and then 10, 20 at steps 1, 2.
class RestartedChart : public ::testing::Test {
 protected:
  std::vector<double> Words(Purge purge, double smoothing) {
    cache.SetPurge(purge);
    std::vector<double> words;
    AppendChart({XKind::kStep, NAN, NAN, 100, smoothing, false, false, {SeriesId{0}}}, &cache, &words);
    return words;
  }
  /// y of the smoothed line, or of the raw one; NaN where it breaks.
  std::vector<double> Ys(Purge purge, double smoothing) {
    const std::vector<double> words = Words(purge, smoothing);
    const size_t count = static_cast<size_t>(words[smoothing > 0 ? 5 : 6]);
    std::vector<double> ys;
    for (size_t i = 0; i < count; ++i) ys.push_back(words[8 + 2 * i + 1]);
    return ys;
  }
  RunOf run{{Point(0, 1) + Point(1, 2) + Point(2, 3), Point(1, 10) + Point(2, 20)}};
  LineCache cache{&run.log};
};

TEST_F(RestartedChart, LinesHaveWhatIsKept) {
  EXPECT_EQ(Ys(Purge::kLatest, 0), (std::vector<double>{1, 10, 20}));
  EXPECT_EQ(Ys(Purge::kNone, 0), (std::vector<double>{1, 2, 3, 10, 20}));
  const std::vector<double> split = Ys(Purge::kSplit, 0);
  ASSERT_EQ(split.size(), 6u);
  EXPECT_TRUE(std::isnan(split[3]));
  EXPECT_EQ(Ys(Purge::kTensorBoard, 0), (std::vector<double>{1, 10, 20}));  // no version: it goes by steps
  EXPECT_EQ(Words(Purge::kLatest, 0)[2], 1);                                // extent of y
  EXPECT_EQ(Ys(Purge::kLatest, 0), (std::vector<double>{1, 10, 20}));       // and back
}

TEST_F(RestartedChart, SmoothingIsOverWhatIsKept) {
  const auto average = [](std::vector<double> values) {
    double sum = 0, weights = 0;
    for (const double value : values) {
      sum = sum / 2 + value / 2;
      weights = weights / 2 + 0.5;
    }
    return sum / weights;
  };
  EXPECT_DOUBLE_EQ(Ys(Purge::kLatest, 0.5).back(), average({1, 10, 20}));
  EXPECT_DOUBLE_EQ(Ys(Purge::kNone, 0.5).back(), average({1, 2, 3, 10, 20}));
  EXPECT_DOUBLE_EQ(Ys(Purge::kSplit, 0.5).back(), average({10, 20}));
}

TEST_F(RestartedChart, PicksAmongWhatIsKept) {
  const auto picked = [&](Purge purge, XKind kind, double at) {
    cache.SetPurge(purge);
    return PickNearest(cache.Get(SeriesId{0}, 0), kind, at, 0)->index;
  };
  EXPECT_EQ(picked(Purge::kLatest, XKind::kStep, 1), 3u);
  EXPECT_EQ(picked(Purge::kLatest, XKind::kStep, 0), 0u);
  EXPECT_EQ(picked(Purge::kNone, XKind::kStep, 1), 3u);  // the last written
}

TEST(RestartedCharts, FilesReadOutOfOrderAreOneLine) {
  const RunOf run({FileOf(200, {4, 5}), FileOf(100, {2, 3}), FileOf(0, {0, 1})});
  LineCache cache(&run.log);
  std::vector<double> words;
  AppendChart({XKind::kStep, NAN, NAN, 100, 0, false, false, {SeriesId{0}}}, &cache, &words);
  ASSERT_EQ(words[6], 6);
  for (int step = 0; step < 6; ++step) {
    EXPECT_EQ(words[8 + 2 * static_cast<size_t>(step)], step);
    EXPECT_EQ(words[9 + 2 * static_cast<size_t>(step)], 100 * (step / 2) + step % 2);
  }
}

TEST(RestartedCharts, WritersSideBySideAreSmoothedEachAlone) {
  const RunOf run({FileOf(0, {0, 1, 2}), FileOf(0.5, {0, 1, 2})});
  LineCache cache(&run.log);
  const Values smoothed = cache.Get(SeriesId{0}, 0.5).smoothed();
  EXPECT_EQ(smoothed[0], 0);
  EXPECT_EQ(smoothed[3], 0.5);
}

TEST_F(RestartedChart, TellsThePartsOfALineThatIsSplit) {
  using Part = std::pair<uint32_t, uint32_t>;
  const auto part = [&](Purge purge, uint32_t point) {
    cache.SetPurge(purge);
    return cache.Get(SeriesId{0}, 0).PartOf(point);
  };
  EXPECT_EQ(part(Purge::kSplit, 2), Part(1, 2));
  EXPECT_EQ(part(Purge::kSplit, 3), Part(2, 2));
  EXPECT_EQ(part(Purge::kLatest, 3), Part(0, 0));
}

TEST_F(RestartedChart, GrowsWhileItIsShown) {
  EXPECT_EQ(Ys(Purge::kLatest, 0).size(), 3u);
  ReadBytes(&run.log, "run", Point(3, 30));
  EXPECT_EQ(Ys(Purge::kLatest, 0), (std::vector<double>{1, 10, 20, 30}));
  ReadBytes(&run.log, "run", Point(2, 40));
  EXPECT_EQ(Ys(Purge::kLatest, 0), (std::vector<double>{1, 10, 40}));
  EXPECT_EQ(Ys(Purge::kLatest, 0.5).size(), 3u);
}

}  // namespace
}  // namespace tensorpane
