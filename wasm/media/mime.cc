#include "media/mime.h"

namespace tensorpane {

std::optional<std::string_view> MimeOf(Bytes bytes) {
  using namespace std::literals;
  struct Magic {
    size_t offset;
    std::string_view bytes;
    std::string_view mime;
  };
  static constexpr Magic kMagics[] = {
      {0, "\x89PNG\r\n\x1a\n"sv, "image/png"},  // W3C PNG, 5.2
      {0, "\xff\xd8\xff"sv, "image/jpeg"},      // ITU T.81, B.1.1.3: SOI and the next marker
      {0, "GIF8"sv, "image/gif"},
      {0, "BM"sv, "image/bmp"},
      {0, "fLaC"sv, "audio/flac"},  // RFC 9639, 6
      {0, "OggS"sv, "audio/ogg"},   // RFC 3533, 6
      {0, "ID3"sv, "audio/mpeg"},
      {0, "<svg"sv, "image/svg+xml"},
      {0, "<?xml"sv, "image/svg+xml"},
      {4, "ftypavif"sv, "image/avif"},  // ISO/IEC 14496-12, 4.3; brands of AV1 Image File Format, 6
      {4, "ftypavis"sv, "image/avif"},
      {4, "ftyp"sv, "video/mp4"},
      {0, "\x1a\x45\xdf\xa3"sv, "video/webm"},  // RFC 8794, 11.2.1: EBML
  };
  const std::string_view text = AsText(bytes);
  if (text.starts_with("RIFF")) {
    const std::string_view form = text.size() < 12 ? "" : text.substr(8, 4);
    if (form == "WAVE") return "audio/wav";
    if (form == "WEBP") return "image/webp";
    return std::nullopt;
  }
  for (const Magic& magic : kMagics) {
    if (text.size() >= magic.offset && text.substr(magic.offset).starts_with(magic.bytes)) return magic.mime;
  }
  return std::nullopt;
}

}  // namespace tensorpane
