#include "events/event_walker.h"

namespace tensorpane {

const char* Name(EventKind kind) {
  constexpr const char* kNames[kEventKinds] = {
      "none",        "file_version", "graph_def",           "summary",
      "log_message", "session_log",  "tagged_run_metadata", "meta_graph_def"};
  return kNames[static_cast<size_t>(kind)];
}

const char* Name(Storage storage) {
  constexpr const char* kNames[kStorages] = {"none",   "simple_value", "obsolete_old_style_histogram",
                                             "image",  "histo",        "audio",
                                             "tensor", "graph_def",    "tagged_run_metadata"};
  return kNames[static_cast<size_t>(storage)];
}

namespace {

template <class Record>
class Walker {
 public:
  Walker(Record& record, Event* event) : record_(record), event_(*event) {}

  WalkResult Walk() {
    event_.wall_time = 0;
    event_.step = 0;
    event_.kind = EventKind::kNone;
    event_.any_field = false;
    event_.values.clear();
    event_.source_metadata.reset();
    Cursor<Record> cursor(record_, 0, record_.size());
    Field field;
    while (cursor.Next(&field)) {
      if (!EventField(field)) return result_;
    }
    return ResultOf(cursor);
  }

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
    Cursor<Record> cursor(record_, summary.offset, summary.length);
    Field field;
    while (cursor.Next(&field)) {
      if (field.number == 1 && field.type == WireType::kBytes && !Value(field)) return false;
    }
    result_ = ResultOf(cursor);
    return result_ == WalkResult::kOk;
  }

  bool Value(const Field& whole) {
    if (event_.values.size() == kMaxValues) return Fail(WalkResult::kNotAnEvent);
    EventValue& value = event_.values.emplace_back();
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
            value.has_metadata = true;
            value.metadata = {field.offset, field.length};
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
};

}  // namespace

WalkResult WalkEvent(WholeRecord& record, Event* event) { return Walker<WholeRecord>(record, event).Walk(); }
WalkResult WalkEvent(WindowedRecord& record, Event* event) {
  return Walker<WindowedRecord>(record, event).Walk();
}

}  // namespace tensorpane
