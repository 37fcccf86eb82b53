// Samples of WAVs: peaks and spectra. Input: where to look, then a WAV.

#include <cmath>

#include "input.h"
#include "media/audio_info.h"
#include "media/spectrogram.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  const double from = input.Byte() * 10.0 - 200, length = 0.25 + input.Byte() * 10.0;
  const uint8_t how = input.Byte();
  const Bytes bytes = input.Rest();
  const WavSamples sound(bytes);
  if (!sound.ok()) return 0;
  FUZZ_CHECK(ReadAudioInfo(bytes).sample_rate == sound.sample_rate());
  FUZZ_CHECK(ReadAudioInfo(bytes).frames + 1 >= sound.frames() || ReadAudioInfo(bytes).error);
  const uint32_t channel = how % sound.channels();
  const std::vector<float> peaks = PeaksOf(sound, channel, from, from + length, 7);
  for (size_t i = 0; i < peaks.size(); i += 2) FUZZ_CHECK(peaks[i] <= peaks[i + 1]);
  const SpectrogramQuery query{from, from + length, 2, 9, static_cast<FrequencyScale>(how % 3), 64};
  for (const float level : SpectrogramOf(sound, query)) FUZZ_CHECK(std::isfinite(level) && level >= kSilence);
  return 0;
}
