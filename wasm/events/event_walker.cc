#include "events/event_walker.h"

namespace tensorpane {

const char* Name(EventKind kind) {
  constexpr const char* kNames[kEventKinds] = {
      "none",        "file_version", "graph_def",           "summary",
      "log_message", "session_log",  "tagged_run_metadata", "meta_graph_def"};
  return kNames[static_cast<size_t>(kind)];
}

const char* Name(Storage storage) {
  constexpr const char* kNames[kStorages] = {
      "none",   "simple_value", "obsolete_old_style_histogram", "image",         "histo", "audio",
      "tensor", "graph_def",    "tagged_run_metadata",          "meta_graph_def"};
  return kNames[static_cast<size_t>(storage)];
}

uint32_t PayloadField(Storage storage) {
  switch (storage) {
    case Storage::kImage:
      return 4;
    case Storage::kHisto:
      return 5;
    case Storage::kAudio:
      return 6;
    default:
      return 8;
  }
}

std::string JoinParts(Bytes value, uint32_t field_number) {
  std::string joined;
  WholeRecord record(value);
  Cursor<WholeRecord> cursor(record, 0, value.size());
  Field field;
  while (cursor.Next(&field)) {
    if (field.number != field_number || field.type != WireType::kBytes) continue;
    joined.append(AsText(InMemory(value.data() + field.offset, field.length)));
  }
  return joined;
}

namespace {

template <class Record>
class Walker {
 public:
  Walker(Record& record, Event* event) : record_(record), event_(*event) {}

  /// Forgets what the event held.
  void Clear() {
    event_.wall_time = 0;
    event_.step = 0;
    event_.kind = EventKind::kNone;
    event_.any_field = false;
    event_.values.clear();
    event_.source_metadata.reset();
  }

  /// Walks the fields from `*at` on, which becomes the first that is not taken in.
  WalkResult Walk(uint64_t* at) {
    Cursor<Record> cursor(record_, *at, record_.size() - *at);
    Field field;
    while (cursor.Next(&field)) {
      if (!EventField(field)) return result_;
      *at = cursor.position();
    }
    return ResultOf(cursor);
  }

  /// Values of a Summary from `*at` on, which becomes the first that is not taken in.
  WalkResult Values(uint64_t* at, uint64_t end) {
    Cursor<Record> cursor(record_, *at, end - *at);
    Field field;
    while (cursor.Next(&field)) {
      if (field.number == 1 && field.type == WireType::kBytes && !Value(field)) {
        event_.values.pop_back();
        return result_;
      }
      *at = cursor.position();
    }
    return ResultOf(cursor);
  }

  /// Where the Summary stopped that was walked last, if it did not end.
  uint64_t summary_at() const { return summary_at_; }
  uint64_t summary_end() const { return summary_end_; }

 private:
  /// Tags and versions are short; a window of this size can always be had.
  static constexpr uint64_t kMaxText = 8 << 20;
  /// More values than any writer puts into one event: two bytes each in the file must not become a hundred in
  /// memory.
  static constexpr size_t kMaxValues = 1 << 20;

  static WalkResult ResultOf(const Cursor<Record>& cursor) {
    switch (cursor.stop()) {
      case Cursor<Record>::Stop::kEnd:
        return WalkResult::kOk;
      case Cursor<Record>::Stop::kMissing:
        return WalkResult::kMissing;
      case Cursor<Record>::Stop::kMalformed:
        break;
    }
    return WalkResult::kNotAnEvent;
  }

  /// Takes `field` of Event in; false = result_ says why not. Fields of an unexpected wire type are unknown
  /// fields.
  bool EventField(const Field& field) {
    if (field.number == 1 && field.type == WireType::kFixed64) {
      event_.wall_time = BitCast<double>(field.value);
    } else if (field.number == 2 && field.type == WireType::kVarint) {
      event_.step = static_cast<int64_t>(field.value);
    } else if (field.type == WireType::kBytes) {
      switch (field.number) {
        case 3:
          SetKind(EventKind::kFileVersion);
          return Text(field, &event_.file_version);
        case 4:
          SetKind(EventKind::kGraphDef);
          event_.payload = {field.offset, field.length};
          return true;
        case 5:
          SetKind(EventKind::kSummary);
          return SummaryFields(field);
        case 6:
          SetKind(EventKind::kLogMessage);
          return true;
        case 7:
          SetKind(EventKind::kSessionLog);
          return Text(field, &event_.session_log);
        case 8:
          SetKind(EventKind::kTaggedRunMetadata);
          return TaggedRunMetadataFields(field);
        case 9:
          SetKind(EventKind::kMetaGraphDef);
          event_.payload = {field.offset, field.length};
          return true;
        case 10:
          event_.any_field = true;
          return Text(field, &event_.source_metadata.emplace());
        default:
          return true;
      }
    } else {
      return true;
    }
    event_.any_field = true;
    return true;
  }

  /// The last member of a oneof wins; a second Summary right behind the first adds to it.
  void SetKind(EventKind kind) {
    if (event_.kind != kind) event_.values.clear();
    event_.kind = kind;
    event_.any_field = true;
  }

  bool Text(const Field& field, Bytes* text) {
    if (field.length > kMaxText) return Fail(WalkResult::kNotAnEvent);
    const uint8_t* const p = record_.Get(field.offset, field.length);
    if (p == nullptr) return Fail(WalkResult::kMissing);
    *text = InMemory(p, field.length);
    return true;
  }

  bool Fail(WalkResult result) {
    result_ = result;
    return false;
  }

  bool TaggedRunMetadataFields(const Field& tagged) {
    event_.run_metadata_tag = {};
    event_.payload = {};
    Cursor<Record> cursor(record_, tagged.offset, tagged.length);
    Field field;
    while (cursor.Next(&field)) {
      if (field.type != WireType::kBytes) continue;
      if (field.number == 1 && !Text(field, &event_.run_metadata_tag)) return false;
      if (field.number == 2) event_.payload = {field.offset, field.length};
    }
    result_ = ResultOf(cursor);
    return result_ == WalkResult::kOk;
  }

  bool SummaryFields(const Field& summary) {
    summary_at_ = summary.offset;
    summary_end_ = summary.offset + summary.length;
    result_ = Values(&summary_at_, summary_end_);
    return result_ == WalkResult::kOk;
  }

  bool Value(const Field& whole) {
    EventValue& value = event_.values.emplace_back();
    if (event_.values.size() > kMaxValues) return Fail(WalkResult::kNotAnEvent);
    Cursor<Record> cursor(record_, whole.offset, whole.length);
    Field field;
    while (cursor.Next(&field)) {
      if (field.number == 2 && field.type == WireType::kFixed32) {
        value.storage = Storage::kSimpleValue;
        value.simple_value = BitCast<float>(static_cast<uint32_t>(field.value));
      } else if (field.type == WireType::kBytes) {
        switch (field.number) {
          case 1:
            if (!Text(field, &value.tag)) return false;
            break;
          case 3:
            SetPayload(value, Storage::kOldStyleHistogram, field, whole);
            break;
          case 4:
            SetPayload(value, Storage::kImage, field, whole);
            break;
          case 5:
            SetPayload(value, Storage::kHisto, field, whole);
            break;
          case 6:
            SetPayload(value, Storage::kAudio, field, whole);
            break;
          case 7:
            if (!Text(field, &value.node_name)) return false;
            break;
          case 8:
            SetPayload(value, Storage::kTensor, field, whole);
            break;
          case 9:
            value.metadata_split = value.has_metadata;
            value.metadata =
                value.has_metadata ? Span{whole.offset, whole.length} : Span{field.offset, field.length};
            value.has_metadata = true;
            break;
          default:
            break;
        }
      }
    }
    result_ = ResultOf(cursor);
    return result_ == WalkResult::kOk;
  }

  static void SetPayload(EventValue& value, Storage storage, const Field& field, const Field& whole) {
    // Bytes replace each other, messages merge.
    value.split = value.storage == storage && storage != Storage::kOldStyleHistogram;
    value.storage = storage;
    value.payload = value.split ? Span{whole.offset, whole.length} : Span{field.offset, field.length};
  }

  Record& record_;
  Event& event_;
  WalkResult result_ = WalkResult::kOk;
  uint64_t summary_at_ = 0;
  uint64_t summary_end_ = 0;
};

/// Reads an event as nearly all scalars are written: wall time, step and one
/// value, fields in order and nothing else. Most time of a walk goes into what may be different; here nothing
/// may. False = walk it; what was set until then is of no account.
bool ReadPlainEvent(Bytes record, Event* event) {
  constexpr uint8_t kWallTime = 1 << 3 | 1, kStep = 2 << 3, kSummary = 5 << 3 | 2;
  constexpr uint8_t kValue = 1 << 3 | 2, kTag = 1 << 3 | 2, kSimpleValue = 2 << 3 | 5;
  constexpr uint8_t kTensor = 8 << 3 | 2, kMetadata = 9 << 3 | 2;
  const uint8_t* const start = record.data();
  const uint8_t* const end = start + record.size();
  const uint8_t* p = start;
  size_t length = 0;
  // A bytes field with that key, and a length of one or two bytes.
  const auto begins = [&](uint8_t key) {
    if (end - p < 3 || p[0] != key) return false;
    length = p[1];
    p += 2;
    if (length >= 128) {
      if (*p >= 128) return false;
      length = (length & 127) | static_cast<size_t>(*p++) << 7;
    }
    return length <= static_cast<size_t>(end - p);
  };
  // One that goes to the end of the record.
  const auto is_rest = [&](uint8_t key) { return begins(key) && length == static_cast<size_t>(end - p); };
  const auto span = [&] { return Span{static_cast<uint64_t>(p - start), length}; };

  if (record.size() < 16 || *p != kWallTime) return false;
  event->wall_time = LoadLittleEndian<double>(p + 1);
  p += 9;
  uint64_t step = 0;
  if (*p == kStep) {
    for (int shift = 0;; shift += 7) {
      if (++p == end || shift == 63) return false;
      step |= static_cast<uint64_t>(*p & 127) << shift;
      if (*p < 128) break;
    }
    ++p;
  }
  event->step = static_cast<int64_t>(step);
  if (!is_rest(kSummary) || !is_rest(kValue) || !begins(kTag)) return false;
  event->values.clear();
  EventValue& value = event->values.emplace_back();
  value.tag = {p, length};
  p += length;
  if (end - p == 5 && *p == kSimpleValue) {
    value.storage = Storage::kSimpleValue;
    value.simple_value = LoadLittleEndian<float>(p + 1);
  } else {
    if (!begins(kTensor)) return false;
    value.storage = Storage::kTensor;
    value.payload = span();
    p += length;
    if (p != end) {
      if (!is_rest(kMetadata)) return false;
      value.has_metadata = true;
      value.metadata = span();
    }
  }
  event->kind = EventKind::kSummary;
  event->any_field = true;
  event->source_metadata.reset();
  return true;
}

}  // namespace

WalkResult WalkEvent(WholeRecord& record, Event* event) {
  if (ReadPlainEvent(InMemory(record.Get(0, record.size()), record.size()), event)) return WalkResult::kOk;
  Walker<WholeRecord> walker(record, event);
  walker.Clear();
  uint64_t at = 0;
  return walker.Walk(&at);
}

WalkResult WindowedWalk::Go(WindowedRecord& record, Event* event) {
  Walker<WindowedRecord> walker(record, event);
  if (!begun_) walker.Clear();
  begun_ = true;
  if (summary_at_ < summary_end_) {
    // The Summary that was being walked; its field then is behind.
    const WalkResult result = walker.Values(&summary_at_, summary_end_);
    if (result != WalkResult::kOk) return result;
    event_at_ = summary_end_;
  }
  const WalkResult result = walker.Walk(&event_at_);
  summary_at_ = walker.summary_at();
  summary_end_ = result == WalkResult::kMissing ? walker.summary_end() : 0;
  if (result == WalkResult::kMissing && event_at_ >= summary_end_) summary_at_ = summary_end_ = 0;
  return result;
}

}  // namespace tensorpane
