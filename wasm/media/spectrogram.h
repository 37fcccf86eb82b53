#pragma once

#include <cstdint>
#include <vector>

#include "media/wav.h"

namespace tensorpane {

/// How frequencies are laid out from 0 Hz, or of kLog a thousandth of the highest, to half the sample rate.
enum class FrequencyScale : uint8_t { kLinear, kMel, kLog };

struct SpectrogramQuery {
  /// Frames; beyond the sound there is silence.
  double from = 0;
  double to = 0;
  uint32_t columns = 0;
  uint32_t bands = 0;
  FrequencyScale scale = FrequencyScale::kLinear;
  /// Samples that a spectrum is of: a power of two from 4 on.
  uint32_t window = 1024;
};

/// Silence, and whatever is less, dB.
inline constexpr float kSilence = -200;

/// How loud each band of frequencies is in each of the equal parts of the range, in dB of a full sine, column
/// by column from the lowest band on; of the mean of all channels. A column is the mean power of up to 16
/// Hann windows spread over it, a quarter of a window apart or more (Welch 1967). A band is the loudest of
/// the frequencies of the transform in it; a band between two of them is interpolated.
std::vector<float> SpectrogramOf(const WavSamples& sound, const SpectrogramQuery& query);

}  // namespace tensorpane
