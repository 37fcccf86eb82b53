#include "media/frame_times.h"

#include <algorithm>

#include "media/byte_reader.h"
#include "media/gif_decoder.h"
#include "media/mime.h"

namespace tensorpane {
namespace {

using Order = ByteReader::Order;

std::vector<float> GifTimes(Bytes bytes) {
  std::vector<float> times;
  const GifDecoder gif(bytes);
  for (const GifFrame& frame : gif.frames()) times.push_back(static_cast<float>(frame.delay) / 100);
  return times;
}

/// W3C PNG (third edition), 11.3.6: acTL says that it is an animation, each fcTL begins a picture of it.
std::vector<float> PngTimes(Bytes bytes) {
  std::vector<float> times;
  bool animated = false;
  ByteReader in(bytes, Order::kBigEndian);
  in.Skip(8);
  while (times.size() < GifDecoder::kMaxFrames) {
    const uint32_t length = in.U32();
    const std::string_view type = AsText(in.Take(4));
    ByteReader content(in.Take(length), Order::kBigEndian);
    in.Skip(4);  // checksum
    if (!in.ok() || type == "IEND" || (type == "IDAT" && !animated)) break;
    if (type == "acTL") animated = true;
    if (type != "fcTL" || !animated) continue;
    content.Skip(20);
    const auto numerator = static_cast<float>(content.U16());
    const uint16_t denominator = content.U16();
    if (!content.ok()) break;
    times.push_back(numerator / static_cast<float>(denominator == 0 ? 100 : denominator));
  }
  return times;
}

/// WebP Container Specification, "Animation": an ANMF chunk a picture, times in milliseconds.
std::vector<float> WebpTimes(Bytes bytes) {
  std::vector<float> times;
  ByteReader in(bytes, Order::kLittleEndian);
  in.Skip(12);
  while (times.size() < GifDecoder::kMaxFrames) {
    const std::string_view type = AsText(in.Take(4));
    const uint64_t length = in.U32();
    if (!in.ok()) break;
    ByteReader content(in.Take(std::min(length, in.remaining())), Order::kLittleEndian);
    if (type == "ANMF") {
      content.Skip(12);
      const auto milliseconds = static_cast<float>(content.U24());
      if (!content.ok()) break;
      times.push_back(milliseconds / 1000);
    }
    in.Skip(length & 1);
  }
  return times;
}

}  // namespace

std::vector<float> FrameTimesOf(Bytes bytes) {
  constexpr float kShortest = 0.0101f, kDefault = 0.1f;
  const std::optional<std::string_view> mime = MimeOf(bytes);
  std::vector<float> times = mime == "image/gif"    ? GifTimes(bytes)
                             : mime == "image/png"  ? PngTimes(bytes)
                             : mime == "image/webp" ? WebpTimes(bytes)
                                                    : std::vector<float>();
  for (float& time : times) {
    if (time < kShortest) time = kDefault;
  }
  return times;
}

}  // namespace tensorpane
