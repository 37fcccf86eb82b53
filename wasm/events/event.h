#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

/// Member of the oneof `what` of tensorflow.Event that is set. The names are those of the proto.
enum class EventKind : uint8_t {
  kNone,
  kFileVersion,
  kGraphDef,
  kSummary,
  kLogMessage,
  kSessionLog,
  kTaggedRunMetadata,
  kMetaGraphDef,
};
inline constexpr size_t kEventKinds = 8;
const char* Name(EventKind kind);

/// How a value is stored in the file: member of the oneof of Summary.Value, or the event that holds it.
enum class Storage : uint8_t {
  kNone,  ///< a tag, perhaps metadata, and nothing else
  kSimpleValue,
  kOldStyleHistogram,
  kImage,
  kHisto,
  kAudio,
  kTensor,
  kGraphDef,
  kTaggedRunMetadata,
  kMetaGraphDef,
};
inline constexpr size_t kStorages = 10;
const char* Name(Storage storage);

/// Bytes [offset, offset + length) of a record's payload.
struct Span {
  uint64_t offset = 0;
  uint64_t length = 0;
};

/// One Summary.Value; texts point into the record.
struct EventValue {
  Bytes tag;
  Bytes node_name;
  Storage storage = Storage::kNone;
  /// The payload field stands more than once: its parts merge (protobuf encoding), and `payload` is the whole
  /// Value.
  bool split = false;
  bool has_metadata = false;
  /// The metadata stand in parts, and `metadata` is the whole Value.
  bool metadata_split = false;
  float simple_value = 0;
  Span payload;
  Span metadata;
};

/// A message of a Summary.Value whose parts stand in several fields: `value` is the whole Summary.Value, and
/// the contents of its fields with that number are joined, which is how protobuf merges messages.
std::string JoinParts(Bytes value, uint32_t field_number);
/// Number of the field that holds the payload of a storage, and of the one that holds metadata.
uint32_t PayloadField(Storage storage);
inline constexpr uint32_t kMetadataField = 9;

/// One Event. Heavy parts stay where they are: only their places are told.
struct Event {
  double wall_time = 0;  ///< seconds since 1970
  int64_t step = 0;
  EventKind kind = EventKind::kNone;
  /// Whether any field of Event was there: a record without is hardly an event.
  bool any_field = false;
  std::vector<EventValue> values;
  Bytes file_version;
  std::optional<Bytes> source_metadata;
  Bytes session_log;
  Bytes run_metadata_tag;
  /// graph_def, meta_graph_def, or the run_metadata of tagged_run_metadata.
  Span payload;
};

}  // namespace tensorpane
