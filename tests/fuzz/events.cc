// The walker of events: a record in memory and the same through windows give the same event.
// Input: bytes of the first window, in pieces of 16; the payload of a record.

#include "base/json_writer.h"
#include "events/event_walker.h"
#include "events/metadata.h"
#include "events/proto_json.h"
#include "input.h"

namespace tensorpane::fuzz {
namespace {

std::string PlaceOf(Span span) {
  return std::to_string(span.offset) + '+' + std::to_string(span.length) + ' ';
}

/// All that an event tells, as text.
std::string Describe(WalkResult result, const Event& event) {
  if (result != WalkResult::kOk) return "not an event";
  std::string text = std::to_string(BitCast<uint64_t>(event.wall_time)) + ' ' + std::to_string(event.step) +
                     ' ' + Name(event.kind) + (event.any_field ? " fields " : " ") + PlaceOf(event.payload);
  if (event.kind == EventKind::kFileVersion) text += AsText(event.file_version);
  if (event.kind == EventKind::kSessionLog) text += AsText(event.session_log);
  if (event.kind == EventKind::kTaggedRunMetadata) text += AsText(event.run_metadata_tag);
  if (event.source_metadata) text += AsText(*event.source_metadata);
  for (const EventValue& value : event.values) {
    text += Name(value.storage);
    text += PlaceOf(value.payload) + PlaceOf(value.metadata);
    text += std::to_string(BitCast<uint32_t>(value.simple_value));
    text += {value.split ? 's' : '-', value.has_metadata ? 'm' : '-', value.metadata_split ? 'p' : '-'};
    text += AsText(value.tag);
    text += AsText(value.node_name);
  }
  return text;
}

}  // namespace
}  // namespace tensorpane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  const size_t first = 16 * input.Byte();
  const Bytes payload = input.Rest();

  Event event;
  WholeRecord whole(payload);
  const std::string expected = fuzz::Describe(WalkEvent(whole, &event), event);
  for (const EventValue& value : event.values) {
    const Bytes metadata = payload.subspan(value.metadata.offset, value.metadata.length);
    const std::string joined = value.metadata_split ? JoinParts(metadata, kMetadataField) : "";
    MetadataOfFirst(value.storage, AsText(value.tag), value.metadata_split ? AsBytes(joined) : metadata);
  }

  Event windowed_event;
  WindowedRecord windowed(payload.size(), payload.first(std::min(first, payload.size())));
  WindowedWalk walk;
  WalkResult result;
  while ((result = walk.Go(windowed, &windowed_event)) == WalkResult::kMissing) {
    const auto [offset, length] = windowed.missing();
    FUZZ_CHECK(length > 0 && offset + length <= payload.size());
    const std::string window(AsText(payload.subspan(offset, length)));
    windowed.Add(offset, AsBytes(window));
  }
  FUZZ_CHECK(fuzz::Describe(result, windowed_event) == expected);
  return 0;
}
