// GIFs: a frame is the same whatever was decoded before, and whatever is kept. Input: which frame is asked
// for after which, then a GIF.

#include "base/sha256.h"
#include "input.h"
#include "media/frame_times.h"
#include "media/gif_decoder.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  const uint8_t first = input.Byte(), second = input.Byte();
  const Bytes bytes = input.Rest();
  GifDecoder gif(bytes, 4096);
  FUZZ_CHECK(FrameTimesOf(bytes).size() == (AsText(bytes).starts_with("GIF8") ? gif.frames().size() : 0));
  const size_t count = gif.frames().size();
  // Large pictures take long and are like small ones.
  if (count == 0 || uint64_t{gif.width()} * gif.height() > 1 << 16) return 0;
  const auto sha = [](GifDecoder& decoder, size_t n) { return Sha256Hex(decoder.Frame(n)); };
  gif.Frame(first % count);
  const std::string jumped = sha(gif, second % count);
  GifDecoder straight(bytes, 0);
  for (size_t i = 0; i < second % count; ++i) straight.Frame(i);
  FUZZ_CHECK(sha(straight, second % count) == jumped);
  return 0;
}
