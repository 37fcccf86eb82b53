#include "archive/looks_like.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "archive/tar_reader.h"

namespace tensorpane {
namespace {

bool IsText(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](uint8_t c) { return c >= 0x20 || (c >= 9 && c <= 13); });
}

bool IsZlib(Bytes bytes) {
  // RFC 1950: deflate with a window of at most 32 KiB, and a check sum of the two bytes.
  return bytes.size() > 2 && (bytes[0] & 15) == 8 && bytes[0] >> 4 <= 7 &&
         (bytes[0] << 8 | bytes[1]) % 31 == 0;
}

bool IsBzip2(std::string_view text) {
  // bzip2 1.0.8, compress.c (BZ2_compressBlock): "BZh", the block size, then pi or, of no data, its square
  // root.
  using namespace std::literals;
  if (!text.starts_with("BZh") || text.size() < 10 || text[3] < '1' || text[3] > '9') return false;
  const std::string_view block = text.substr(4, 6);
  return block == "\x31\x41\x59\x26\x53\x59"sv || block == "\x17\x72\x45\x38\x50\x90"sv;
}

bool IsTarMagic(std::string_view text) { return text.size() > 262 && text.substr(257, 5) == "ustar"; }

/// The framing and payload of a file_version event, whatever its checksums are.
bool IsUncheckedRecord(Bytes bytes) {
  constexpr uint8_t kWallTimeTag = 0x09;
  return bytes.size() > 16 && LoadLittleEndian<uint64_t>(bytes.data()) <= 1 << 20 &&
         bytes[12] == kWallTimeTag;
}

}  // namespace

std::string_view LooksLike(Bytes start) {
  const std::string_view text = AsText(start);
  struct Magic {
    std::string_view bytes;
    std::string_view what;
  };
  using namespace std::literals;
  for (const Magic& magic :
       {Magic{"\x1f\x8b"sv, "gzip"}, Magic{"PK\x03\x04"sv, "zip archive"},
        Magic{"\x89PNG\r\n\x1a\n"sv, "image"}, Magic{"\xff\xd8\xff"sv, "image"}, Magic{"GIF8"sv, "image"},
        Magic{"\xfd"
              "7zXZ\0"sv,
              "xz"},                                  // xz-file-format.txt 2.1.1.1
        Magic{"\x28\xb5\x2f\xfd"sv, "zstd"},          // RFC 8878, 3.1.1
        Magic{"7z\xbc\xaf\x27\x1c"sv, "7z archive"},  // 7zFormat.txt, kSignature
        Magic{"Rar!\x1a\x07"sv, "rar archive"},  // RAR 5.0 archive format, "RAR 5.0 signature"; 4 has it too
        Magic{"\x89HDF\r\n\x1a\n"sv, "HDF5 file"}, Magic{"version https://git-lfs"sv, "git-lfs pointer"}}) {
    if (text.starts_with(magic.bytes)) return magic.what;
  }
  if (IsBzip2(text)) return "bzip2";
  if (IsTarMagic(text)) return "tar archive";
  if (std::all_of(start.begin(), start.end(), [](uint8_t c) { return c == 0; })) return "only zero bytes";
  std::string lower(text.substr(0, 256));
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (const size_t first = lower.find_first_not_of(" \t\r\n"); first != std::string::npos) {
    const std::string_view page = std::string_view(lower).substr(first);
    if (page.starts_with("<!doctype html") || page.starts_with("<html")) return "HTML page";
  }
  if (IsText(start)) return "text";
  if (IsZlib(start)) return "zlib";
  if (IsUncheckedRecord(start)) return "no right checksum in the file";
  return "not an event file";
}

std::string_view LooksMangled(Bytes start) {
  size_t newlines = 0, after_return = 0, replaced = 0;
  for (size_t i = 0; i < start.size(); ++i) {
    if (start[i] == '\n') {
      ++newlines;
      if (i > 0 && start[i - 1] == '\r') ++after_return;
    }
    if (i >= 2 && start[i] == 0xBD && start[i - 1] == 0xBF && start[i - 2] == 0xEF) ++replaced;
  }
  constexpr size_t kEnough = 3;  // not by chance
  if (replaced >= kEnough) return "looks like text conversion";
  if (newlines >= kEnough && newlines == after_return) return "looks like a text-mode transfer";
  return {};
}

ArchiveKind KindOf(Bytes start) {
  using namespace std::literals;
  start = start.first(std::min(start.size(), kKindBytes));
  const std::string_view text = AsText(start);
  if (text.starts_with("\x1f\x8b\x08"sv)) return ArchiveKind::kGzip;
  // APPNOTE.TXT 4.3: the first local header, or the end record of an empty archive.
  if (text.starts_with("PK\x03\x04"sv) || text.starts_with("PK\x05\x06"sv)) return ArchiveKind::kZip;
  if (IsTarMagic(text) || IsTarHeader(start)) return ArchiveKind::kTar;
  // A record's length of 64 bits has zeros above; and "x^" begins a text.
  const bool record_length = text.size() >= 8 && text.substr(4, 4) == "\0\0\0\0"sv;
  if (IsZlib(start) && !IsText(start) && !record_length) return ArchiveKind::kZlib;
  return ArchiveKind::kNone;
}

}  // namespace tensorpane
