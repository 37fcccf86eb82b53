#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace tensorpane {

/// What the bytes of an encoded image say about it.
struct ImageInfo {
  /// As MimeOf.
  std::optional<std::string_view> mime;
  /// Pixels; 0 = the bytes do not say. A TIFF is measured as it is shown, turned by its orientation; a JPEG,
  /// whose orientation is not part of its own format, as it is stored.
  uint32_t width = 0;
  uint32_t height = 0;
  /// Pictures of an animation, or pages; 0 = the bytes do not say. Those of an APNG are what its header says,
  /// all others are counted. A multi-picture JPEG is one picture, as browsers show it.
  uint32_t frames = 0;
  /// Damaged or cut so that Pillow refuses it, or of a format whose size is not read (SVG, AVIF, video). What
  /// is set nevertheless is what the header says. No error says that the pixels are right.
  bool error = false;
};

/// Reads the header of a PNG, JPEG, GIF, BMP, WebP or TIFF. Allocates nothing; takes time linear in the size
/// of the bytes at most. Any size may come out: the caller limits what it decodes.
ImageInfo ReadImageInfo(Bytes bytes);

}  // namespace tensorpane
