#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "events/event.h"
#include "events/metadata.h"
#include "events/scalar_tensor.h"
#include "log/file_report.h"
#include "log/series.h"

namespace tensorpane {

/// A SessionLog event: the writer started, stopped or made a checkpoint.
struct SessionEvent {
  int status;
  int64_t step;
  double wall_time;
  FileId file;
};

/// One directory of event files.
struct Run {
  std::string name;  ///< directory below the log directory, "/" separated; "." for the log directory itself
  std::vector<FileId> files;
  std::vector<SeriesId> series;  ///< in the order their tags were first seen
  std::array<uint64_t, kEventKinds> events{};
  std::optional<double> start_time;  ///< wall time of the first event
  std::vector<std::string> file_versions;
  std::vector<std::string> source_writers;
  std::vector<SessionEvent> session_log;
  std::optional<BlobRef> meta_graph;  ///< the last one

  bool restarts_changed = false;  ///< or the points of the files, since they were last told
  TensorBoardPurge tensorboard_purge;

  std::unordered_map<std::string_view, SeriesId> by_tag;
  Series* last = nullptr;  ///< series of the value before
};

struct LogFile {
  RunId run;
  uint32_t index_in_run;
  FileReport report;
  uint64_t points = 0;
};

/// What was read: runs, tags, and a series for each tag of a run. Every point is kept, in the order of the
/// files.
class Log {
 public:
  /// `budget` = bytes that columns, texts and tables may take together.
  explicit Log(size_t budget) : budget_(budget) {}
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// The run of that name, made if it is new.
  RunId FindOrAddRun(std::string_view name);
  FileId AddFile(RunId run, std::string_view name);

  /// So much of the beginning of a large image or tensor is looked at, bytes.
  static constexpr uint64_t kHead = 256;

  /// Takes in what a record of `file` holds. `bytes` gives the content of spans of `event`; a span of a large
  /// record may be absent (then empty). False = over the budget, and nothing more is taken.
  using SpanReader = const uint8_t* (*)(void* context, Span span);
  bool Add(FileId file, uint64_t record_offset, uint64_t record_bytes, const Event& event, SpanReader reader,
           void* context);

  const std::deque<Run>& runs() const { return runs_; }
  const std::deque<Series>& series() const { return series_; }
  const std::deque<LogFile>& files() const { return files_; }
  const Series& series(SeriesId id) const { return series_[Index(id)]; }
  FileReport& report(FileId id) { return files_[Index(id)].report; }
  const std::string& tag(TagId id) const { return tags_[Index(id)]; }
  const SeriesMetadata& metadata(const Series& series) const { return metadata_[series.metadata]; }
  bool IsScalar(const Series& series) const {
    return series.points.kind() == PointColumns::ValueKind::kNumber;
  }

  size_t bytes() const { return bytes_; }

  /// Series that changed since the last call.
  std::vector<SeriesId> TakeChanged();
  /// Says that the series have changed of which a purge keeps some other points than another.
  void MarkReadWays();
  /// Runs of several files, or with restarts, that changed since the last call.
  std::vector<RunId> TakeRestarted();

 private:
  struct Source;  // the record that a value comes from

  bool AddValue(const Source& source, const EventValue& value);
  Series& FindOrAddSeries(std::string_view tag, const Source& source, const EventValue& value);
  static bool Moves(const Source& source, const EventValue& value);
  static bool IsMatrix(const Source& source, const EventValue& value);
  static SeriesMetadata FirstMetadata(const Source& source, const EventValue& value, std::string_view tag);
  uint32_t InternMetadata(SeriesMetadata metadata);
  TagId InternTag(std::string_view tag);
  void AddScalar(const Source& source, const EventValue& value, Series& series);
  void AddBlob(const Source& source, const EventValue& value, Series& series);
  void CountPoint(const Source& source, Series& series);
  void MarkRestarted(RunId id, Run& run);
  /// Notes what TensorBoard's reader would drop before it takes the event in.
  void CutAsTensorBoard(RunId id, Run& run, const Event& event, int session_status);
  void AddCut(Series& series, Cut cut);
  void MarkChanged(Series& series);
  bool Reserve(size_t bytes);

  size_t budget_;
  size_t bytes_ = 0;
  // Deques: references stay good while tables grow, and growing copies nothing.
  std::deque<Run> runs_;
  std::deque<LogFile> files_;
  std::deque<Series> series_;
  std::deque<std::string> tags_;
  std::unordered_map<std::string_view, TagId> tag_ids_;
  std::unordered_map<std::string_view, RunId> run_ids_;
  std::deque<SeriesMetadata> metadata_;
  std::unordered_map<std::string, uint32_t> metadata_ids_;
  std::vector<SeriesId> changed_;
  std::vector<RunId> restarted_;
  /// Runs that TensorBoard dropped points of since the last TakeChanged.
  std::vector<RunId> cut_runs_;
  Scalar scalar_;  // reused for every value
};

}  // namespace tensorpane
