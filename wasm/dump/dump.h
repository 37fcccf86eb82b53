#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "dump/describe_value.h"
#include "log/log.h"

namespace tensorpane {

/// Writes everything in a log as JSON, in the schema of tests/tools/compare.py (keys as TensorBoard's own
/// readers name them): the output of `tensorpane dump`, natively and in the page. Runs are in natural order
/// of their names. Of each tag the points that `purge` keeps are there (for kSplit with `stretches`, the
/// indices where lines begin); what is told of files and storage concerns all that was written. Payloads lie
/// in the files: whoever has these reads what is asked for.
class Dumper {
 public:
  enum class Status : uint8_t {
    kNeed,  ///< Provide the bytes of request().
    kDone,  ///< Take the text.
  };

  /// `log` must outlive the dumper and not change. `projector` and `checkpoints` are what a
  /// ProjectorDescriber says of the files beside it.
  explicit Dumper(const Log* log, Purge purge = Purge::kNone, std::string projector = "[]",
                  std::string checkpoints = "[]");

  Status Write();
  const BlobRef& request() const { return request_; }
  /// The bytes of request(); fewer = the file became shorter.
  Status Provide(Bytes bytes);
  std::string Take() { return json_.Take(); }

 private:
  const Run& run() const { return *runs_[run_]; }
  const Series& series() const { return log_.series(run().series[series_]); }

  void BeginRun();
  void EndRun();
  void BeginSeries();
  void EndSeries();
  /// Goes on to the next point that is kept, if this one is not; false = there is none.
  bool AtPoint();
  void AddValue(Bytes payload);
  void AddMetaGraph(Bytes payload);
  bool Ask(const BlobRef& blob);

  void WriteFile(const FileReport& file);
  void WriteEvents();
  void WriteTexts(std::string_view key, const std::vector<std::string>& texts);
  void WriteSessionLog();
  void WritePointsPerFile();
  template <class F>
  void ForEachKept(F f) const;
  void WriteColumns();
  void WriteScalars();
  void WriteNumber(DType dtype, double number);
  void WriteDTypes();

  const Log& log_;
  Purge purge_;
  std::string projector_;
  std::string checkpoints_;
  std::vector<const Run*> runs_;
  JsonWriter json_;

  // Where it is: run, series, point, and which of them has begun.
  size_t run_ = 0;
  size_t series_ = 0;
  std::vector<PointRange> kept_;  // of the series
  size_t range_ = 0;
  uint32_t point_ = 0;
  bool in_run_ = false;
  bool in_series_ = false;
  bool meta_graph_asked_ = false;
  BlobRef request_{};

  std::string meta_graph_;
  // What the values of a series have in common.
  std::set<std::string_view> dtypes_;
  std::optional<std::vector<int64_t>> shape_;
  bool shapes_differ_ = false;
  std::string declared_;
  std::string v1_;
  bool any_v1_ = false;
  std::string layout_;
};

}  // namespace tensorpane
