#include "media/image_info.h"

#include <algorithm>
#include <array>

#include "media/byte_reader.h"
#include "media/mime.h"

namespace tensorpane {
namespace {

using Order = ByteReader::Order;

// Each Read… of a format fills in what it finds and returns whether the header is whole and right.

/// CRC-32 of PNG (W3C PNG, annex D), which is not the CRC-32C of records.
uint32_t Crc32(Bytes bytes) {
  static constexpr std::array<uint32_t, 256> kTable = [] {
    std::array<uint32_t, 256> table{};
    for (uint32_t i = 0; i < table.size(); ++i) {
      uint32_t crc = i;
      for (int bit = 0; bit < 8; ++bit) crc = (crc & 1 ? 0xEDB88320 : 0) ^ crc >> 1;
      table[i] = crc;
    }
    return table;
  }();
  uint32_t crc = UINT32_MAX;
  for (const uint8_t byte : bytes) crc = kTable[(crc ^ byte) & 255] ^ crc >> 8;
  return ~crc;
}

/// W3C PNG (third edition), 5.3 chunks, 11.2.1 IHDR, 11.3.6 APNG. Ends at the first chunk of pixels; up to
/// there checksums must be right, as they must for Pillow.
bool ReadPng(Bytes bytes, ImageInfo* info) {
  constexpr uint32_t kMaxNumber = 0x7FFFFFFF;  // 7.1
  ByteReader in(bytes, Order::kBigEndian);
  in.Skip(8);
  uint32_t animated = 0;        // frames of an animation
  bool is_first_frame = false;  // the default image is the first of them
  for (;;) {
    const ByteReader chunk = in;
    const uint32_t length = in.U32();
    const std::string_view type = AsText(in.Take(4));
    if (!in.ok()) return false;
    if (type == "IDAT" || type == "fdAT" || type == "IEND") break;
    ByteReader content(in.Take(length), Order::kBigEndian);
    ByteReader checked = chunk;
    checked.Skip(4);
    if (in.U32() != Crc32(checked.Take(uint64_t{length} + 4)) || !in.ok()) return false;
    if (type == "IHDR") {
      info->width = content.U32();
      info->height = content.U32();
      info->frames = 1;
      content.Skip(5);
    } else if (type == "acTL") {
      const uint32_t frames = content.U32();
      if (frames <= kMaxNumber) animated = frames;
    } else if (type == "fcTL") {
      is_first_frame = true;
    }
    if (!content.ok()) return false;
  }
  if (animated > 0) info->frames = animated + (is_first_frame ? 0 : 1);
  return true;
}

/// ITU T.81, B.1.1.3 markers, B.2.2 frame header. Every kind of frame has the same header.
bool ReadJpeg(Bytes bytes, ImageInfo* info) {
  constexpr uint8_t kHuffmanTables = 0xC4, kExtension = 0xC8, kArithmeticConditioning = 0xCC,
                    kRestart0 = 0xD0, kEndOfImage = 0xD9, kStartOfScan = 0xDA;
  ByteReader in(bytes, Order::kBigEndian);
  in.Skip(2);
  while (!in.at_end()) {
    if (in.U8() != 0xFF) continue;  // junk between segments, which decoders step over
    uint8_t marker = in.U8();
    while (marker == 0xFF && in.ok()) marker = in.U8();  // fill bytes
    if (!in.ok()) break;
    if (marker == 0 || (marker >= kRestart0 && marker <= kEndOfImage)) continue;  // no segment follows
    if (marker < 0xC0) return false;
    ByteReader segment(in.Take(std::max<uint16_t>(in.U16(), 2) - 2u), Order::kBigEndian);
    if (!in.ok()) return false;
    if (marker == kStartOfScan) break;
    if (marker > 0xCF || marker == kHuffmanTables || marker == kExtension ||
        marker == kArithmeticConditioning) {
      continue;
    }
    const uint8_t bits = segment.U8();
    info->height = segment.U16();
    info->width = segment.U16();
    info->frames = 1;
    const uint8_t components = segment.U8();
    if (!segment.ok()) return false;
    // What neither Pillow nor a browser decodes.
    if (bits != 8 || (components != 1 && components != 3 && components != 4)) return false;
  }
  return true;
}

/// Steps over data sub-blocks (GIF89a, 15); they may be cut.
void SkipSubBlocks(ByteReader* in) {
  while (!in->at_end()) {
    const uint8_t size = in->U8();
    if (size == 0) return;
    in->Skip(std::min<uint64_t>(size, in->remaining()));
  }
}

/// Steps over a colour table, if the flags say that there is one (GIF89a, 18 and 20).
void SkipColourTable(uint8_t flags, ByteReader* in) {
  if (flags & 0x80) in->Skip(uint64_t{6} << (flags & 7));
}

/// GIF89a specification: 18 screen, 20 image, 23 extensions, 27 trailer. Counts frames without decoding them.
bool ReadGif(Bytes bytes, ImageInfo* info) {
  ByteReader in(bytes, Order::kLittleEndian);
  if (!in.Accept("GIF87a") && !in.Accept("GIF89a")) return false;
  info->width = in.U16();
  info->height = in.U16();
  const uint8_t flags = in.U8();
  in.Skip(2);
  SkipColourTable(flags, &in);
  while (in.ok() && !in.at_end()) {
    switch (in.U8()) {
      case ';':
        return info->frames > 0;
      case '!':
        in.Skip(1);
        SkipSubBlocks(&in);
        break;
      case ',': {
        const uint32_t left = in.U16(), top = in.U16(), width = in.U16(), height = in.U16();
        SkipColourTable(in.U8(), &in);
        in.Skip(1);  // LZW minimum code size
        if (!in.ok()) return false;
        // A first frame beyond the screen makes the screen larger, as for Pillow.
        if (info->frames == 0) {
          info->width = std::max(info->width, left + width);
          info->height = std::max(info->height, top + height);
        }
        ++info->frames;
        SkipSubBlocks(&in);
        break;
      }
      default:  // junk between blocks, which decoders step over
        break;
    }
  }
  return in.ok() && info->frames > 0;
}

/// BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER and its successors (Windows GDI, "Bitmap header
/// types").
bool ReadBmp(Bytes bytes, ImageInfo* info) {
  ByteReader file(bytes, Order::kLittleEndian);
  file.Skip(14);
  const uint32_t size = file.U32();
  if (size < 12) return false;
  const bool whole = size - 4 <= file.remaining();
  ByteReader in(file.Take(std::min<uint64_t>(size - 4, file.remaining())), Order::kLittleEndian);
  uint32_t compression = 0;
  uint16_t bits;
  if (size == 12) {
    info->width = in.U16();
    info->height = in.U16();
    in.Skip(2);
    bits = in.U16();
  } else {
    info->width = in.U32();
    const uint32_t height = in.U32();
    const bool top_down = height >> 31 != 0;
    info->height = top_down ? 0 - height : height;
    in.Skip(2);
    bits = in.U16();
    compression = in.U32();
  }
  info->frames = 1;
  constexpr uint32_t kBitFields = 3;
  constexpr uint32_t kSizes[] = {12, 40, 52, 56, 64, 108, 124};
  constexpr uint16_t kBits[] = {1, 4, 8, 16, 24, 32};
  const auto is_one_of = [](const auto& list, auto value) {
    return std::find(std::begin(list), std::end(list), value) != std::end(list);
  };
  return whole && in.ok() && compression <= kBitFields && is_one_of(kSizes, size) && is_one_of(kBits, bits);
}

struct Size {
  uint32_t width;
  uint32_t height;
};

/// Size of a lossy (RFC 6386, 9.1) or lossless (WebP Lossless Bitstream Specification, 3) picture.
std::optional<Size> ReadWebpPicture(bool lossless, ByteReader in) {
  Size size;
  bool right;
  if (lossless) {
    right = in.U8() == 0x2F;
    const uint32_t bits = in.U32();
    size = {(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
  } else {
    in.Skip(3);
    right = in.Accept("\x9d\x01\x2a");
    size.width = in.U16() & 0x3FFF;
    size.height = in.U16() & 0x3FFF;
  }
  return in.ok() && right ? std::optional(size) : std::nullopt;
}

/// WebP Container Specification: simple and extended file format. Pillow wants all bytes of the container.
bool ReadWebp(Bytes bytes, ImageInfo* info) {
  constexpr uint8_t kAnimation = 2;
  ByteReader file(bytes, Order::kLittleEndian);
  file.Skip(4);
  const uint64_t size = file.U32();
  bool whole = size <= file.remaining();
  ByteReader in(file.Take(std::min(size, file.remaining())), Order::kLittleEndian);
  in.Skip(4);
  bool extended = false, animated = false;
  while (in.ok() && !in.at_end()) {
    const std::string_view type = AsText(in.Take(4));
    const uint64_t length = in.U32();
    if (length > in.remaining()) whole = false;  // and yet the size may be there
    ByteReader content(in.Take(std::min(length, in.remaining())), Order::kLittleEndian);
    in.Skip(std::min(length & 1, in.remaining()));
    if (type == "VP8X") {
      extended = true;
      animated = (content.U8() & kAnimation) != 0;
      content.Skip(3);
      const uint32_t width = content.U24(), height = content.U24();
      if (!content.ok()) return false;
      info->width = width + 1;
      info->height = height + 1;
    } else if (type == "ANMF") {
      if (animated) ++info->frames;
    } else if ((type == "VP8 " || type == "VP8L") && !animated) {
      const std::optional<Size> picture = ReadWebpPicture(type == "VP8L", content);
      if (!picture) return false;
      info->frames = 1;
      if (!extended) {
        info->width = picture->width;
        info->height = picture->height;
        break;  // nothing else belongs to the simple format
      }
    }
  }
  return whole && in.ok() && info->frames > 0;
}

/// TIFF 6.0, section 2 (header, directories, values) and 8 (ImageWidth, ImageLength, Orientation); BigTIFF
/// (AWare Systems) has the same with wider numbers.
bool ReadTiff(Bytes bytes, ImageInfo* info) {
  constexpr uint16_t kWidth = 256, kHeight = 257, kOrientation = 274;
  constexpr uint16_t kByte = 1, kShort = 3, kLong = 4;
  const Order order = bytes[0] == 'M' ? Order::kBigEndian : Order::kLittleEndian;
  ByteReader in(bytes, order);
  in.Skip(2);
  const bool big = in.U16() == 43;
  if (big) in.Skip(4);
  const auto offset = [&in, big] { return big ? in.U64() : in.U32(); };
  const uint64_t entry_bytes = big ? 20 : 12;
  // A chain of more directories than there is room for goes round.
  const uint64_t most = bytes.size() / ((big ? 16 : 6) + entry_bytes);
  uint64_t next = offset();
  uint32_t orientation = 1;
  while (next != 0) {
    if (info->frames >= most) return false;
    in.Seek(next);
    const uint64_t entries = big ? in.U64() : in.U16();
    if (!in.ok()) return false;
    const uint64_t present = std::min(entries, in.remaining() / entry_bytes);
    ByteReader directory(in.Take(present * entry_bytes), order);
    while (info->frames == 0 && !directory.at_end()) {
      ByteReader entry(directory.Take(entry_bytes), order);
      const uint16_t tag = entry.U16(), type = entry.U16();
      const uint64_t count = big ? entry.U64() : entry.U32();
      const uint32_t value = type == kByte    ? entry.U8()
                             : type == kShort ? entry.U16()
                             : type == kLong  ? entry.U32()
                                              : 0;
      if (count != 1) continue;
      if (tag == kWidth) info->width = value;
      if (tag == kHeight) info->height = value;
      if (tag == kOrientation) orientation = value;
    }
    ++info->frames;
    next = offset();
    if (present < entries || !in.ok()) break;  // cut: the last one
  }
  const bool on_its_side = orientation >= 5 && orientation <= 8;
  if (on_its_side) std::swap(info->width, info->height);
  return true;
}

bool IsTiff(std::string_view text) {
  using namespace std::literals;
  // The second row is wrong but written, and read by Pillow.
  for (const std::string_view magic : {"II\x2a\0"sv, "MM\0\x2a"sv, "II\x2b\0"sv, "MM\0\x2b"sv,  //
                                       "II\0\x2a"sv, "MM\x2a\0"sv}) {
    if (text.starts_with(magic)) return true;
  }
  return false;
}

bool ReadHeader(Bytes bytes, ImageInfo* info) {
  if (info->mime == "image/png") return ReadPng(bytes, info);
  if (info->mime == "image/jpeg") return ReadJpeg(bytes, info);
  if (info->mime == "image/gif") return ReadGif(bytes, info);
  if (info->mime == "image/bmp") return ReadBmp(bytes, info);
  if (info->mime == "image/webp") return ReadWebp(bytes, info);
  return IsTiff(AsText(bytes)) && ReadTiff(bytes, info);
}

}  // namespace

ImageInfo ReadImageInfo(Bytes bytes) {
  ImageInfo info;
  info.mime = MimeOf(bytes);
  const bool right = ReadHeader(bytes, &info);
  info.error = !right || info.width == 0 || info.height == 0;
  return info;
}

}  // namespace tensorpane
