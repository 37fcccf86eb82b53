#pragma once

#include <cmath>
#include <cstring>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "archive/looks_like.h"
#include "base/json_writer.h"
#include "bindings/exchange.h"
#include "log/file_reader.h"
#include "log/lives.h"
#include "log/restart_report.h"
#include "series/chart_query.h"
#include "series/step_union.h"

namespace tensorpane {

/// Reads logs and answers what charts and lists of steps ask of them. Its TypeScript face, which describes
/// every method, is web/src/engine/reader_session.ts; the two must say the same.
class Session : public Exchange {
 public:
  explicit Session(double budget_bytes) : log_(static_cast<size_t>(budget_bytes)), cache_(&log_) {}

  uint32_t openFile(const std::string& run, const std::string& name, double size) {
    const FileId id = log_.AddFile(log_.FindOrAddRun(run), name);
    readers_.resize(Index(id) + 1);
    const uint64_t bytes = size < 0 ? RecordReader::kUnknownSize : static_cast<uint64_t>(size);
    readers_[Index(id)] = std::make_unique<FileReader>(&log_, id, bytes);
    return static_cast<uint32_t>(id);
  }
  int feed(uint32_t file, uint32_t length) {
    return Answer(file, readers_[file]->Feed({reinterpret_cast<const uint8_t*>(input_.data()), length}));
  }
  int provide(uint32_t file, uint32_t length) {
    return Answer(file, readers_[file]->Provide({reinterpret_cast<const uint8_t*>(input_.data()), length}));
  }
  int finish(uint32_t file) {
    const FileReader::Status status = readers_[file]->Finish();
    const int answer = Answer(file, status);
    if (status == FileReader::Status::kMore) readers_[file].reset();
    return answer;
  }
  void abandon(uint32_t file) { readers_[file].reset(); }
  double requestOffset() const { return static_cast<double>(request_.offset); }
  double requestLength() const { return static_cast<double>(request_.length); }

  int kindOf(uint32_t length) const {
    return static_cast<int>(KindOf({reinterpret_cast<const uint8_t*>(input_.data()), length}));
  }

  void catalogue() {
    text_.clear();
    numbers_.clear();
    const std::vector<SeriesId> changed = log_.TakeChanged();
    std::vector<double> lengths, runs;
    std::vector<std::vector<double>> columns(16);
    for (; runs_told_ < log_.runs().size(); ++runs_told_) {
      runs.push_back(StringIndex(log_.runs()[runs_told_].name, &lengths));
    }
    for (const SeriesId id : changed) {
      const Series& series = log_.series(id);
      const PointColumns& points = series.points;
      // Of what is kept; how often and how much was written again is told whatever is kept.
      const KeptFacts kept =
          points.size() == 0 ? KeptFacts{} : FactsOf(series, log_.runs()[Index(series.run)], cache_.purge());
      const bool any = kept.count > 0;
      const std::vector<Restart> restarts = RestartsOf(series);
      const auto superseded =
          std::accumulate(restarts.begin(), restarts.end(), uint32_t{0},
                          [](uint32_t sum, const Restart& restart) { return sum + restart.superseded; });
      const double row[] = {static_cast<double>(id),
                            static_cast<double>(series.run),
                            StringIndex(log_.tag(series.tag), &lengths),
                            StringIndex(series.moves ? "video" : log_.metadata(series).plugin_name, &lengths),
                            static_cast<double>(kept.count),
                            any ? kept.min_step : NAN,
                            any ? kept.max_step : NAN,
                            any ? points.wall_time(kept.first) : NAN,
                            any ? points.wall_time(kept.last) : NAN,
                            any && log_.IsScalar(series) ? points.number(kept.last) : NAN,
                            static_cast<double>(kept.non_finite),
                            static_cast<double>(restarts.size()),
                            static_cast<double>(superseded),
                            restarts.empty() ? NAN : static_cast<double>(restarts.front().step),
                            static_cast<double>(points.size() - kept.count),
                            static_cast<double>(series.is_matrix)};
      for (size_t i = 0; i < columns.size(); ++i) columns[i].push_back(row[i]);
    }
    const auto append = [this](const std::vector<double>& list) {
      numbers_.insert(numbers_.end(), list.begin(), list.end());
    };
    numbers_.push_back(static_cast<double>(lengths.size()));
    append(lengths);
    numbers_.push_back(static_cast<double>(runs.size()));
    append(runs);
    numbers_.push_back(static_cast<double>(changed.size()));
    for (const auto& column : columns) append(column);
  }

  bool report() {
    JsonWriter json;
    json.BeginArray();
    bool any = false;
    for (size_t i = 0; i < log_.files().size(); ++i) {
      FileReport& report = log_.report(FileId{static_cast<uint32_t>(i)});
      if (!report.changed || !report.HasNews()) continue;
      report.changed = false;
      any = true;
      report.WriteJson(log_.runs()[Index(log_.files()[i].run)].name, &json);
    }
    json.EndArray();
    text_ = json.Take();
    return any;
  }

  bool restarts() {
    JsonWriter json;
    json.BeginArray();
    bool any = false;
    for (const RunId run : log_.TakeRestarted()) {
      any = true;
      WriteRestarts(log_, log_.runs()[Index(run)], &json);
    }
    json.EndArray();
    text_ = json.Take();
    return any;
  }

  void setPurge(int purge) {
    cache_.SetPurge(static_cast<Purge>(purge));
    log_.MarkReadWays();
  }

  void lines(uint32_t chart_count) {
    numbers_.clear();
    cache_.BeginQuery();
    const double* word = input_.data();
    for (uint32_t chart = 0; chart < chart_count; ++chart) {
      ChartQuery query{.x = static_cast<XKind>(word[0]),
                       .from = word[1],
                       .to = word[2],
                       .pixels = static_cast<uint32_t>(word[3]),
                       .smoothing = word[4],
                       .clip_outliers = word[5] != 0,
                       .log_y = word[6] != 0,
                       .series = {}};
      const auto series_count = static_cast<uint32_t>(word[7]);
      word += 8;
      for (uint32_t i = 0; i < series_count; ++i)
        query.series.push_back(SeriesId(static_cast<uint32_t>(*word++)));
      AppendChart(query, &cache_, &numbers_);
    }
  }

  void pick(uint32_t series_count, int x_kind, double at, double smoothing) {
    numbers_.clear();
    cache_.BeginQuery();
    std::vector<double> steps;
    for (uint32_t i = 0; i < series_count; ++i) {
      const SeriesId id = SeriesId(static_cast<uint32_t>(input_[i]));
      SeriesLines& lines = cache_.Get(id, smoothing);
      const PointColumns& points = log_.series(id).points;
      const std::optional<Pick> pick = PickNearest(lines, static_cast<XKind>(x_kind), at, smoothing);
      int64_t step = 0;
      if (pick) {
        step = points.exact_step(pick->index);
        const double relative = lines.axis(XKind::kRelative).At(pick->index);
        const auto [part, parts] = lines.PartOf(pick->index);
        for (const double word : {pick->x, points.number(pick->index), pick->smoothed,
                                  points.step(pick->index), points.wall_time(pick->index), relative,
                                  static_cast<double>(part), static_cast<double>(parts)}) {
          numbers_.push_back(word);
        }
      } else {
        numbers_.insert(numbers_.end(), 8, NAN);
      }
      double word;
      static_assert(sizeof word == sizeof step);
      std::memcpy(&word, &step, sizeof word);
      steps.push_back(word);
    }
    numbers_.insert(numbers_.end(), steps.begin(), steps.end());
  }

  void payloads(uint32_t series, uint32_t point_count) {
    numbers_.clear();
    text_.clear();
    if (series >= log_.series().size()) return;
    const Series& of = log_.series(SeriesId(series));
    text_ = log_.metadata(of).plugin_name;
    if (of.points.kind() != PointColumns::ValueKind::kBlob) return;
    for (uint32_t i = 0; i < point_count; ++i) {
      const auto point = static_cast<uint32_t>(input_[i]);
      if (point >= of.points.size()) continue;
      const BlobRef blob = of.points.blob(point);
      if (blob.storage == static_cast<uint8_t>(Storage::kNone)) continue;
      for (const double word : {double(point), double(blob.file), double(blob.offset), double(blob.length()),
                                double(blob.storage), double(blob.split)}) {
        numbers_.push_back(word);
      }
    }
  }

  void steps(uint32_t series_count) {
    numbers_.clear();
    const double* const ids = input_.data();
    std::vector<SeriesId> series;
    for (uint32_t i = 0; i < series_count; ++i) series.push_back(SeriesId(static_cast<uint32_t>(ids[i])));
    const StepUnion all = UnionOfSteps(log_, series, cache_.purge());
    for (const int64_t step : all.steps) numbers_.push_back(BitCast<double>(step));
    numbers_.insert(numbers_.end(), all.in_every_run.begin(), all.in_every_run.end());
  }

  void points(uint32_t series) {
    numbers_.clear();
    const Series& of = log_.series(SeriesId(series));
    const std::vector<PointRange> kept = KeptPoints(of, log_.runs()[Index(of.run)], cache_.purge());
    size_t size = 0, at = 0;
    for (const PointRange& range : kept) size += range.size();
    numbers_.resize(4 * size);
    for (const PointRange& range : kept) {
      for (uint32_t i = range.begin; i < range.end; ++i, ++at) {
        numbers_[at] = BitCast<double>(of.points.exact_step(i));
        numbers_[size + at] = of.points.wall_time(i);
        numbers_[2 * size + at] = i;
        numbers_[3 * size + at] = HasPayload(of.points, i) ? 1 : 0;
      }
    }
  }

  void columns(uint32_t series) {
    numbers_.clear();
    const Series& of = log_.series(SeriesId(series));
    const bool is_scalar = log_.IsScalar(of);
    const std::vector<PointRange> kept = KeptPoints(of, log_.runs()[Index(of.run)], cache_.purge());
    size_t size = 0, at = 0;
    for (const PointRange& range : kept) size += range.size();
    numbers_.resize(3 * size);
    for (const PointRange& range : kept) {
      for (uint32_t i = range.begin; i < range.end; ++i, ++at) {
        numbers_[at] = BitCast<double>(of.points.exact_step(i));
        numbers_[size + at] = of.points.wall_time(i);
        numbers_[2 * size + at] = is_scalar ? of.points.number(i) : NAN;
      }
    }
  }

 protected:
  Log log_;
  WindowedRecord::Range request_{};

 private:
  /// False for a number, and for a value that is only a tag.
  static bool HasPayload(const PointColumns& points, uint32_t point) {
    return points.kind() == PointColumns::ValueKind::kBlob &&
           points.blob(point).storage != static_cast<uint8_t>(Storage::kNone);
  }

  int Answer(uint32_t file, FileReader::Status status) {
    request_ = readers_[file]->request();
    return static_cast<int>(status);
  }

  /// Index of `text` in the table of strings that the page has; a new one is appended to it.
  double StringIndex(const std::string& text, std::vector<double>* lengths) {
    const auto [at, is_new] = strings_.emplace(text, static_cast<uint32_t>(strings_.size()));
    if (is_new) {
      lengths->push_back(static_cast<double>(text.size()));
      text_ += text;
    }
    return at->second;
  }

  LineCache cache_;
  std::vector<std::unique_ptr<FileReader>> readers_;  // by file; null once it is read
  std::unordered_map<std::string, uint32_t> strings_;
  size_t runs_told_ = 0;
};

}  // namespace tensorpane
