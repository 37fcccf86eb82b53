#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

/// What the chunks of a WAV say in front of its samples.
struct WavHeader {
  /// As written, or of WAVE_FORMAT_EXTENSIBLE the one that it wraps.
  uint16_t format = 0;
  bool extensible = false;
  uint32_t channels = 0;
  uint32_t sample_rate = 0;  ///< Hz
  uint32_t block_bytes = 0;  ///< of a sample of each channel, as written
  uint32_t bits = 0;         ///< of a sample
  /// Of the samples: what the header promises, and what there is of it.
  uint64_t promised = 0;
  Bytes data;
  /// Whether there are both chunks that a WAV must have.
  bool found_format = false, found_data = false;
};

/// Reads the chunks up to and with "data"; nothing behind is looked at.
WavHeader ReadWavHeader(Bytes bytes);

/// The samples of a WAV: PCM of 8 to 32 bits, or float of 32 or 64. The bytes must outlive it.
class WavSamples {
 public:
  /// ok() is false if the bytes are no such WAV.
  explicit WavSamples(Bytes bytes);

  bool ok() const { return kind_ != Kind::kNone; }
  uint32_t sample_rate() const { return sample_rate_; }
  uint32_t channels() const { return channels_; }
  /// Samples of each channel that there are, whatever the header promises.
  uint64_t frames() const { return ok() ? data_.size() / (channels_ * sample_bytes_) : 0; }

  /// A sample, −1 to 1; float ones may be beyond, up to 10^9, and what is no number is 0.
  double At(uint64_t frame, uint32_t channel) const;

 private:
  enum class Kind : uint8_t { kNone, kUnsigned8, kSigned16, kSigned24, kSigned32, kFloat32, kFloat64 };

  Kind kind_ = Kind::kNone;
  uint32_t sample_rate_ = 0;
  uint32_t channels_ = 0;
  uint32_t sample_bytes_ = 1;
  Bytes data_;
};

/// The smallest and the largest sample in each of `columns` equal parts of the frames [from, to) of one
/// channel: min, max, min, max … A part shorter than a frame has the one that it lies in; beyond the sound
/// there is silence. Takes time linear in the frames.
std::vector<float> PeaksOf(const WavSamples& sound, uint32_t channel, double from, double to,
                           uint32_t columns);

}  // namespace tensorpane
