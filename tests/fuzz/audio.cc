// Headers of sounds. Input: an encoded sound.

#include "input.h"
#include "media/audio_info.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  const AudioInfo info = ReadAudioInfo({data, size});
  if (!info.error) FUZZ_CHECK(info.mime && info.channels > 0);
  return 0;
}
