#pragma once

#include "events/event.h"
#include "events/wire.h"

namespace tensorpane {

enum class WalkResult : uint8_t {
  kOk,
  kNotAnEvent,  ///< The bytes are no protobuf message with the shape of an Event.
  kMissing,     ///< Add record.missing() to the record and walk again.
};

/// Reads the Event in `record` without protobuf objects: the hot path. Both encodings of repeated fields,
/// fields in any order, merged and repeated fields and unknown ones are read as protobuf does. Fields:
/// tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto. `event` is overwritten; reuse
/// it, it keeps its memory.
WalkResult WalkEvent(WholeRecord& record, Event* event);
WalkResult WalkEvent(WindowedRecord& record, Event* event);

}  // namespace tensorpane
