#pragma once

#include <memory>
#include <optional>

#include "events/event_walker.h"
#include "log/log.h"
#include "records/record_reader.h"

namespace tensorpane {

/// Reads one event file into a Log: bytes → records → events → points. Whoever has the file drives it; the
/// class itself opens nothing. Same values and meaning as FeedStatus of web/src/engine/reader_session.ts.
class FileReader {
 public:
  enum class Status : int {
    kMore = 0,    ///< Feed the next bytes, or Finish; after Finish: done.
    kRewind = 1,  ///< Feed from request().offset on.
    kNeed = 2,    ///< Provide the bytes of request().
    kStop = 3,    ///< Nothing more is wanted; the report says why.
  };

  /// `size` in bytes, or RecordReader::kUnknownSize. `log` must outlive the reader.
  FileReader(Log* log, FileId file, uint64_t size) : log_(*log), file_(file), records_(size) {}

  Status Feed(Bytes bytes);
  Status Finish();
  Status Provide(Bytes bytes);
  WindowedRecord::Range request() const { return request_; }

 private:
  /// Goes on until bytes are wanted or the file is read.
  Status Run();
  /// Takes in the record that stands at records_; kMore = it is done.
  Status TakeRecord();
  Status TakeLargeRecord();
  Status Store(const Record& record, Log::SpanReader reader, void* context);
  void CountDamage(const Damage& damage);
  /// The record that stands at records_ is no event.
  void CountBadRecord();
  void CountLoss(ReportPlace place);
  /// Tells the losses before the event which step came next.
  void NoteStep();
  void Conclude();

  Log& log_;
  FileId file_;
  RecordReader records_;
  Event event_;
  std::vector<uint8_t> start_;  // first bytes of the file, to say what it is
  uint64_t fed_ = 0;
  uint64_t events_ = 0;  // records with a field of Event in them
  std::optional<int64_t> last_step_;
  bool open_losses_ = false;  // some were counted since the last step
  /// A record that is read through windows.
  struct Large {
    WindowedRecord record;
    WindowedWalk walk;
    bool walked = false;
  };
  std::optional<Large> large_;
  WindowedRecord::Range request_{};
  bool finished_ = false;
};

}  // namespace tensorpane
