#include "media/wav.h"

#include <algorithm>
#include <cmath>

#include "media/byte_reader.h"

namespace tensorpane {
namespace {

constexpr uint16_t kPcm = 1, kFloat = 3, kExtensible = 0xFFFE;
/// Squares of samples, and sums of those, stay numbers.
constexpr double kLoudest = 1e9;

}  // namespace

/// Multimedia Programming Interface and Data Specifications 1.0, "WAVE"; WAVE_FORMAT_EXTENSIBLE of mmreg.h:
/// the format is the first two bytes of its SubFormat.
WavHeader ReadWavHeader(Bytes bytes) {
  WavHeader header;
  ByteReader in(bytes, ByteReader::Order::kLittleEndian);
  if (!in.Accept("RIFF")) return header;
  in.Skip(4);
  if (!in.Accept("WAVE")) return header;
  for (;;) {
    const std::string_view type = AsText(in.Take(4));
    const uint64_t size = in.U32();
    if (!in.ok()) return header;
    const Bytes content = in.Take(std::min(size, in.remaining()));
    in.Skip(size & 1);
    if (type == "data") {
      header.promised = size;
      header.data = content;
      header.found_data = true;
      return header;
    }
    if (type != "fmt ") continue;
    ByteReader format(content, ByteReader::Order::kLittleEndian);
    header.format = format.U16();
    header.channels = format.U16();
    header.sample_rate = format.U32();
    format.Skip(4);  // bytes per second
    header.block_bytes = format.U16();
    header.bits = format.U16();
    if (!format.ok()) return header;
    header.found_format = true;
    header.extensible = header.format == kExtensible;
    if (!header.extensible) continue;
    format.Skip(8);  // its size, bits that count, places of the speakers
    const uint16_t wrapped = format.U16();
    if (format.ok()) header.format = wrapped;
  }
}

WavSamples::WavSamples(Bytes bytes) {
  const WavHeader header = ReadWavHeader(bytes);
  if (!header.found_format || !header.found_data || header.channels == 0 || header.sample_rate == 0) return;
  sample_bytes_ = (header.bits + 7) / 8;
  if (header.format == kPcm && sample_bytes_ >= 1 && sample_bytes_ <= 4) {
    constexpr Kind kKinds[] = {Kind::kUnsigned8, Kind::kSigned16, Kind::kSigned24, Kind::kSigned32};
    kind_ = kKinds[sample_bytes_ - 1];
  } else if (header.format == kFloat && (header.bits == 32 || header.bits == 64)) {
    kind_ = header.bits == 32 ? Kind::kFloat32 : Kind::kFloat64;
  } else {
    return;
  }
  sample_rate_ = header.sample_rate;
  channels_ = header.channels;
  data_ = header.data;
}

double WavSamples::At(uint64_t frame, uint32_t channel) const {
  const uint8_t* const at = &data_[static_cast<size_t>((frame * channels_ + channel) * sample_bytes_)];
  double value = 0;
  switch (kind_) {
    case Kind::kNone:
      break;
    case Kind::kUnsigned8:
      return (at[0] - 128) / 128.0;
    case Kind::kSigned16:
      return LoadLittleEndian<int16_t>(at) / 32768.0;
    case Kind::kSigned24:
      // As the upper bytes of 32 bits, so that the sign is in its place.
      return static_cast<int32_t>(uint32_t{at[0]} << 8 | uint32_t{at[1]} << 16 | uint32_t{at[2]} << 24) /
             2147483648.0;
    case Kind::kSigned32:
      return LoadLittleEndian<int32_t>(at) / 2147483648.0;
    case Kind::kFloat32:
      value = LoadLittleEndian<float>(at);
      break;
    case Kind::kFloat64:
      value = LoadLittleEndian<double>(at);
      break;
  }
  return std::isfinite(value) ? std::clamp(value, -kLoudest, kLoudest) : 0;
}

std::vector<float> PeaksOf(const WavSamples& sound, uint32_t channel, double from, double to,
                           uint32_t columns) {
  std::vector<float> peaks(size_t{2} * columns, 0.0f);
  const auto frames = static_cast<double>(sound.frames());
  for (uint32_t column = 0; column < columns; ++column) {
    const double begin = std::floor(from + (to - from) * column / columns);
    const double end = std::max(begin + 1, std::ceil(from + (to - from) * (column + 1) / columns));
    if (!(begin < frames) || !(end > 0)) continue;
    const auto first = static_cast<uint64_t>(std::max(0.0, begin));
    const auto last = static_cast<uint64_t>(std::min(frames, end));
    if (first >= last) continue;
    double low = sound.At(first, channel), high = low;
    for (uint64_t frame = first + 1; frame < last; ++frame) {
      const double sample = sound.At(frame, channel);
      low = std::min(low, sample);
      high = std::max(high, sample);
    }
    peaks[2 * column] = static_cast<float>(low);
    peaks[2 * column + 1] = static_cast<float>(high);
  }
  return peaks;
}

}  // namespace tensorpane
