#include "log/file_reader.h"

#include <algorithm>
#include <utility>

#include "archive/looks_like.h"

namespace tensorpane {

FileReader::Status FileReader::Feed(Bytes bytes) {
  if (fed_ == start_.size() && fed_ < kSniffed) {
    const size_t take = std::min(kSniffed - start_.size(), bytes.size());
    start_.insert(start_.end(), bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(take));
  }
  fed_ += bytes.size();
  FileReport& report = log_.report(file_);
  report.size = std::max(report.size, fed_);
  records_.Append(bytes);
  return Run();
}

FileReader::Status FileReader::Finish() {
  records_.End();
  return Run();
}

FileReader::Status FileReader::Provide(Bytes bytes) {
  if (bytes.size() < request_.length) {
    // The file became shorter than its checked record: what is gone cannot be read.
    CountBadRecord();
    large_.reset();
    return Run();
  }
  large_->record.Add(request_.offset - records_.record().payload_offset(), bytes);
  const Status status = TakeLargeRecord();
  return status == Status::kMore ? Run() : status;
}

FileReader::Status FileReader::Run() {
  for (;;) {
    switch (records_.Next()) {
      case RecordReader::Step::kRecord:
        if (const Status status = TakeRecord(); status != Status::kMore) return status;
        break;
      case RecordReader::Step::kDamage:
        CountDamage(records_.damage());
        break;
      case RecordReader::Step::kNeedMore:
        return Status::kMore;
      case RecordReader::Step::kRewind:
        request_ = {records_.rewind_offset(), 0};
        fed_ = records_.rewind_offset();
        return Status::kRewind;
      case RecordReader::Step::kEnd:
        if (!finished_) Conclude();
        return Status::kMore;
    }
  }
}

FileReader::Status FileReader::TakeRecord() {
  const Record& record = records_.record();
  ++log_.report(file_).records;
  if (!record.whole()) {
    large_.emplace(Large{WindowedRecord(record.length, record.payload), {}});
    return TakeLargeRecord();
  }
  WholeRecord whole(record.payload);
  if (WalkEvent(whole, &event_) != WalkResult::kOk) {
    CountBadRecord();
    return Status::kMore;
  }
  const auto read = [](void* context, Span span) {
    return static_cast<WholeRecord*>(context)->Get(span.offset, span.length);
  };
  return Store(record, read, &whole);
}

FileReader::Status FileReader::TakeLargeRecord() {
  const Record& record = records_.record();
  WindowedRecord& windows = large_->record;
  const auto need = [&] {
    request_ = {record.payload_offset() + windows.missing().offset, windows.missing().length};
    return Status::kNeed;
  };
  const WalkResult result = large_->walked ? WalkResult::kOk : large_->walk.Go(windows, &event_);
  Status status = Status::kMore;
  if (result == WalkResult::kMissing) return need();
  if (result == WalkResult::kOk) {
    large_->walked = true;
    // Small parts that are wanted beyond the walk: metadata, tensors of scalars, and how images and tensors
    // begin.
    constexpr uint64_t kSmall = 1 << 20;
    for (const EventValue& value : event_.values) {
      const bool is_tensor = value.storage == Storage::kTensor;
      const bool has_head = value.storage == Storage::kImage || (is_tensor && value.payload.length > kSmall);
      const Span head = {value.payload.offset, std::min(Log::kHead, value.payload.length)};
      for (const Span span : {value.metadata, is_tensor ? value.payload : Span{}, has_head ? head : Span{}}) {
        if (span.length > 0 && span.length <= kSmall && windows.Get(span.offset, span.length) == nullptr)
          return need();
      }
    }
    const auto read = [](void* context, Span span) {
      return static_cast<WindowedRecord*>(context)->Get(span.offset, span.length);
    };
    status = Store(record, read, &windows);
  } else {
    CountBadRecord();
  }
  large_.reset();
  return status;
}

FileReader::Status FileReader::Store(const Record& record, Log::SpanReader reader, void* context) {
  events_ += event_.any_field;
  NoteStep();
  if (log_.Add(file_, record.offset, record.length + 16, event_, reader, context)) return Status::kMore;
  log_.report(file_).error = ErrorCode::kTooBig;
  log_.report(file_).changed = true;
  return Status::kStop;
}

void FileReader::CountDamage(const Damage& damage) {
  constexpr ReportKind kKinds[] = {ReportKind::kDataCrc, ReportKind::kLengthCrc, ReportKind::kLength,
                                   ReportKind::kTruncated};
  const ReportPlace place = {kKinds[static_cast<size_t>(damage.kind)], damage.offset, damage.bytes};
  // Nothing is lost yet where the file ends.
  if (damage.kind == DamageKind::kTruncated) return log_.report(file_).Count(place);
  CountLoss({place.kind, place.offset, place.bytes, damage});
}

void FileReader::CountBadRecord() {
  CountLoss({ReportKind::kProto, records_.record().offset, records_.record().length + 16});
}

void FileReader::CountLoss(ReportPlace place) {
  place.step_before = last_step_;
  log_.report(file_).Count(std::move(place));
  open_losses_ = true;
}

void FileReader::NoteStep() {
  if (event_.kind != EventKind::kSummary) return;
  last_step_ = event_.step;
  if (!open_losses_) return;
  open_losses_ = false;
  FileReport& report = log_.report(file_);
  for (auto place = report.places.rbegin(); place != report.places.rend(); ++place) {
    if (place->kind > ReportKind::kProto || place->kind == ReportKind::kTruncated) continue;
    if (place->step_after) break;
    place->step_after = last_step_;
  }
  report.changed = true;
}

void FileReader::Conclude() {
  finished_ = true;
  FileReport& report = log_.report(file_);
  report.changed = true;
  const uint64_t bad_data = report.count(ReportKind::kDataCrc);
  const uint64_t searched = report.count(ReportKind::kLengthCrc) + report.count(ReportKind::kLength);
  if (bad_data + searched + report.count(ReportKind::kProto) > 0) report.looks_like = LooksMangled(start_);
  if (events_ == 0 && report.looks_like.empty()) {
    if (report.records > 0) {
      report.looks_like = "TFRecord without events";
    } else if (searched > 0) {
      report.looks_like = LooksLike(start_);
    } else if (bad_data > 0) {
      report.looks_like = "every checksum is wrong";
    }
  }
  if (events_ == 0 && !report.looks_like.empty()) report.error = ErrorCode::kNotAnEventFile;
}

}  // namespace tensorpane
