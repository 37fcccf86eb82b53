#pragma once

#include "events/event.h"
#include "events/wire.h"

namespace tensorpane {

enum class WalkResult : uint8_t {
  kOk,
  kNotAnEvent,  ///< The bytes are no protobuf message with the shape of an Event.
  kMissing,     ///< Add record.missing() to the record and walk again.
};

/// Reads the Event in `record` without protobuf objects: the hot path. Fields in any order, repeated ones,
/// messages in parts (but for tagged_run_metadata, whose last part counts) and unknown fields are read as
/// protobuf does. Fields: tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto. `event`
/// is overwritten; reuse it, it keeps its memory.
WalkResult WalkEvent(WholeRecord& record, Event* event);

/// The same through windows. After kMissing and record.Add() the next call goes on where this one stopped: a
/// record with many values is walked once.
class WindowedWalk {
 public:
  WalkResult Go(WindowedRecord& record, Event* event);

 private:
  bool begun_ = false;
  uint64_t event_at_ = 0;    // next field of the event
  uint64_t summary_at_ = 0;  // next field of the Summary that has begun
  uint64_t summary_end_ = 0;
};

}  // namespace tensorpane
