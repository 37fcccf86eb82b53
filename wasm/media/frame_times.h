#pragma once

#include <vector>

#include "base/bytes.h"

namespace tensorpane {

/// How long each picture of a GIF, APNG or animated WebP is shown, in seconds and in order; empty for
/// anything else. As in browsers, one that would be shown for a hundredth of a second or less is for a tenth:
/// writers that say 0 mean "some time". Only headers are looked at. At most GifDecoder::kMaxFrames.
std::vector<float> FrameTimesOf(Bytes bytes);

}  // namespace tensorpane
