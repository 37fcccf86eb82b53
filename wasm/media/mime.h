#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace tensorpane {

/// Media type of an image, sound or video by its first bytes; nullopt if no browser shows it (TIFF) or it is
/// unknown. Text that begins with "<?xml" is taken for SVG. An MP3 without ID3 tag has no magic number: see
/// ReadAudioInfo.
std::optional<std::string_view> MimeOf(Bytes bytes);

}  // namespace tensorpane
