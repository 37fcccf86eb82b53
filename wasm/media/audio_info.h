#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace tensorpane {

/// What the bytes of an encoded sound say about it.
struct AudioInfo {
  /// As MimeOf, and "audio/mpeg" for an MP3 without ID3 tag.
  std::optional<std::string_view> mime;
  /// Hz. Of Opus, which always plays at 48 kHz, the rate of what was encoded.
  uint32_t sample_rate = 0;
  uint32_t channels = 0;
  /// Samples per channel, without those that the encoder added (Opus, MP3). Of a cut WAV, FLAC or
  /// tagged MP3 those that the header promises, of others those that are there.
  uint64_t frames = 0;
  /// No length, or no header: damaged, cut, or of a format that is not read. What is set nevertheless is what
  /// the header says. No error says that the samples are right.
  bool error = false;
};

/// Reads the header of a WAV, FLAC, Ogg (Vorbis, Opus) or MP3, and for the length of the last two all page or
/// frame headers. Allocates nothing; takes time linear in the size of the bytes at most.
AudioInfo ReadAudioInfo(Bytes bytes);

}  // namespace tensorpane
