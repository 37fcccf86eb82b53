#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "events/event.h"

namespace tensorpane {

/// The encoded images, sounds or videos of one point.
struct MediaValue {
  /// JSON of MediaFacts (web/src/engine/values/media.ts), which says where each is: in the payload, or in
  /// `joined`.
  std::string facts;
  /// The payload as one message, if it stood in parts; else empty.
  std::string joined;
};

/// More images or sounds of one point are only counted.
inline constexpr size_t kMaxMediaItems = 1000;
/// So much of a label is told, bytes.
inline constexpr size_t kMaxLabel = 10'000;

/// Finds what is encoded in a payload as it is in the file (BlobRef; `split` = it is the whole
/// Summary.Value): a Summary.Image, a Summary.Audio, or a tensor of strings, which `plugin` says how to read.
/// Nothing is decoded: of each the facts are told that its header says.
MediaValue ReadMediaValue(std::string_view plugin, Storage storage, bool split, Bytes payload);

}  // namespace tensorpane
