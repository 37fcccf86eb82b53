#include "media/audio_info.h"

#include <algorithm>

#include "media/byte_reader.h"
#include "media/mime.h"
#include "media/wav.h"

namespace tensorpane {
namespace {

using Order = ByteReader::Order;

// Each Read… of a format fills in what it finds and returns whether rate, channels and length are known.

/// As in Python's `wave`, the length is what the data chunk's header says.
bool ReadWav(Bytes bytes, AudioInfo* info) {
  constexpr uint16_t kPcm = 1, kFloat = 3, kALaw = 6, kMuLaw = 7;
  const WavHeader header = ReadWavHeader(bytes);
  info->channels = header.channels;
  info->sample_rate = header.sample_rate;
  if (!header.found_format || !header.found_data || header.channels == 0) return false;
  uint32_t frame_bytes = 0;  // compressed: bytes do not tell frames
  if (header.format == kPcm || header.format == kFloat || header.extensible) {
    frame_bytes = header.channels * ((header.bits + 7) / 8);
  } else if (header.format == kALaw || header.format == kMuLaw) {
    frame_bytes = header.block_bytes;
  }
  if (frame_bytes == 0) return false;
  info->frames = header.promised / frame_bytes;
  return true;
}

/// RFC 9639, 8.1 and 8.2: STREAMINFO is the first metadata block.
bool ReadFlac(Bytes bytes, AudioInfo* info) {
  ByteReader in(bytes, Order::kBigEndian);
  in.Skip(4);
  const bool is_stream_info = (in.U8() & 127) == 0;
  const uint32_t size = in.U24();
  in.Skip(10);
  const uint64_t packed = in.U64();  // 20 bits rate, 3 channels - 1, 5 bits per sample - 1, 36 frames
  in.Skip(16);                       // MD5
  if (!in.ok() || !is_stream_info || size < 34) return false;
  info->sample_rate = static_cast<uint32_t>(packed >> 44);
  info->channels = static_cast<uint32_t>(packed >> 41 & 7) + 1;
  info->frames = packed & ((uint64_t{1} << 36) - 1);
  return info->sample_rate > 0 && info->frames > 0;  // no frames = unknown
}

/// One page of an Ogg stream (RFC 3533, 6).
struct OggPage {
  uint64_t granule_position;
  uint32_t serial;
  Bytes content;
};

/// The page at `in`; false if no whole one is there.
bool ReadOggPage(ByteReader* in, OggPage* page) {
  if (!in->Accept(std::string_view("OggS\0", 5))) return false;
  in->Skip(1);
  page->granule_position = in->U64();
  page->serial = in->U32();
  in->Skip(8);  // sequence number and checksum
  uint64_t size = 0;
  for (const uint8_t segment : in->Take(in->U8())) size += segment;
  page->content = in->Take(size);
  return in->ok();
}

/// Vorbis I specification, 4.2.2; Ogg Opus: RFC 7845, 4 and 5.1. The position on the last page of the first
/// stream is the length.
bool ReadOgg(Bytes bytes, AudioInfo* info) {
  constexpr uint64_t kNoPacketEnds = UINT64_MAX;
  constexpr uint32_t kOpusRate = 48000;
  ByteReader in(bytes, Order::kLittleEndian);
  OggPage page{};
  if (!ReadOggPage(&in, &page)) return false;
  ByteReader head(page.content, Order::kLittleEndian);
  uint32_t pre_skip = 0, granule_rate;
  if (head.Accept("\x01vorbis")) {
    head.Skip(4);  // version
    info->channels = head.U8();
    info->sample_rate = granule_rate = head.U32();
  } else if (head.Accept("OpusHead")) {
    head.Skip(1);  // version
    info->channels = head.U8();
    pre_skip = head.U16();
    const uint32_t input_rate = head.U32();
    granule_rate = kOpusRate;
    // The rates that an encoder has; the field may hold another, or 0.
    info->sample_rate = kOpusRate;
    for (const uint32_t rate : {24000u, 16000u, 12000u, 8000u}) {
      if (input_rate != 0 && input_rate <= rate) info->sample_rate = rate;
    }
  } else {
    return false;
  }
  if (!head.ok() || info->channels == 0 || info->sample_rate == 0) return false;
  const uint32_t serial = page.serial;
  uint64_t length = 0;
  while (ReadOggPage(&in, &page)) {
    if (page.serial == serial && page.granule_position != kNoPacketEnds) length = page.granule_position;
  }
  if (length > INT64_MAX) return false;
  length -= std::min<uint64_t>(length, pre_skip);
  info->frames = length / (granule_rate / info->sample_rate);
  return true;
}

/// Header of a frame of MPEG audio (ISO/IEC 11172-3, 2.4.1.3 and 2.4.2.3; ISO/IEC 13818-3 for half the rates;
/// MPEG 2.5, a quarter, is Fraunhofer's).
struct MpegFrame {
  uint32_t samples;
  uint32_t bytes;
  uint32_t sample_rate;
  uint32_t channels;
  /// Where an encoder puts its tag: behind header and side information.
  uint32_t tag_offset;
  /// Bits that all frames of a stream share.
  uint32_t kind;
};

bool ReadMpegFrame(ByteReader in, MpegFrame* frame) {
  // kbit/s by index: layers I, II, III of MPEG 1, then I, and II and III, of MPEG 2.
  static constexpr uint16_t kBitRates[5][15] = {
      {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
      {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
      {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}};
  static constexpr uint32_t kSampleRates[3] = {44100, 48000, 32000};
  constexpr uint32_t kMpeg25 = 0, kReserved = 1, kMpeg1 = 3, kMono = 3;
  const uint32_t header = in.U32();
  const uint32_t version = header >> 19 & 3, bit_rate_index = header >> 12 & 15,
                 sample_rate_index = header >> 10 & 3, padding = header >> 9 & 1;
  const uint32_t layer = 4 - (header >> 17 & 3);  // 4 is reserved
  // Bit rate 0 is "free": the length of a frame is not in its header.
  if (!in.ok() || header >> 21 != 0x7FF || version == kReserved || layer == 4 || bit_rate_index == 0 ||
      bit_rate_index == 15 || sample_rate_index == 3) {
    return false;
  }
  const bool mpeg1 = version == kMpeg1;
  const bool mono = (header >> 6 & 3) == kMono;
  const bool has_checksum = (header >> 16 & 1) == 0;
  const uint32_t bit_rate = 1000u * kBitRates[mpeg1 ? layer - 1 : std::min(layer + 2, 4u)][bit_rate_index];
  frame->sample_rate = kSampleRates[sample_rate_index] >> (mpeg1 ? 0 : version == kMpeg25 ? 2 : 1);
  frame->channels = mono ? 1 : 2;
  frame->samples = layer == 1 ? 384 : layer == 3 && !mpeg1 ? 576 : 1152;
  frame->bytes = layer == 1 ? (12 * bit_rate / frame->sample_rate + padding) * 4
                            : frame->samples / 8 * bit_rate / frame->sample_rate + padding;
  frame->tag_offset = 4 + (has_checksum ? 2 : 0) + (mpeg1 ? (mono ? 17 : 32) : (mono ? 9 : 17));
  frame->kind = header & 0xFFFE0C00;  // sync, version, layer, sample rate
  return true;
}

/// What an encoder says in the first frame, which then holds no sound: the tags of Xing and LAME (R.
/// Hegemann, "MP3 Info Tag, revision 1"). False if there is none.
bool ReadEncoderTag(ByteReader in, const MpegFrame& frame, uint64_t* samples) {
  in.Skip(frame.tag_offset);
  if (!in.Accept("Xing") && !in.Accept("Info")) return false;
  const uint32_t flags = in.U32();
  if ((flags & 1) == 0) return false;
  *samples = uint64_t{in.U32()} * frame.samples;
  if (!in.ok()) return false;
  in.Skip((flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0) + 21);
  const uint32_t added = in.U24();  // 12 bits before, 12 behind the sound
  *samples -= std::min<uint64_t>(*samples, (added >> 12) + (added & 0xFFF));
  return true;
}

bool ReadMp3(Bytes bytes, AudioInfo* info) {
  ByteReader in(bytes, Order::kBigEndian);
  const bool tagged = in.Accept("ID3");
  if (tagged) {  // ID3v2.4.0, 3.1: the size has seven bits a byte
    in.Skip(2);
    const uint8_t flags = in.U8();
    uint64_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 7 | (in.U8() & 127);
    in.Skip(size + (flags & 0x10 ? 10 : 0));
  }
  MpegFrame frame;
  if (!ReadMpegFrame(in, &frame)) return false;
  // Eleven bits are found by chance: what has no other sign of an MP3 needs a second frame.
  MpegFrame next;
  ByteReader rest = in;
  rest.Skip(frame.bytes);
  if (!tagged && !rest.at_end() && !(ReadMpegFrame(rest, &next) && next.kind == frame.kind)) return false;
  info->mime = "audio/mpeg";
  info->sample_rate = frame.sample_rate;
  info->channels = frame.channels;
  if (ReadEncoderTag(in, frame, &info->frames)) return true;
  const uint32_t kind = frame.kind;
  while (ReadMpegFrame(in, &frame) && frame.kind == kind && frame.bytes <= in.remaining()) {
    info->frames += frame.samples;
    in.Skip(frame.bytes);
  }
  return info->frames > 0;
}

bool ReadHeader(Bytes bytes, AudioInfo* info) {
  if (info->mime == "audio/wav") return ReadWav(bytes, info);
  if (info->mime == "audio/flac") return ReadFlac(bytes, info);
  if (info->mime == "audio/ogg") return ReadOgg(bytes, info);
  return ReadMp3(bytes, info);
}

}  // namespace

AudioInfo ReadAudioInfo(Bytes bytes) {
  AudioInfo info;
  info.mime = MimeOf(bytes);
  info.error = !ReadHeader(bytes, &info);
  return info;
}

}  // namespace tensorpane
