#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

/// How a frame gives way to the next one (GIF89a, 23, "Disposal Method").
enum class GifDisposal : uint8_t { kKeep, kClear, kRestore };

/// One picture of a GIF, as its headers say; offsets are into the bytes of the file.
struct GifFrame {
  uint32_t left = 0, top = 0, width = 0, height = 0;
  /// Hundredths of a second, as written.
  uint16_t delay = 0;
  GifDisposal disposal = GifDisposal::kKeep;
  bool interlaced = false;
  /// Index of the colour that leaves what was there; -1 = none.
  int16_t transparent = -1;
  /// Of the colour table, the local one or else that of the screen; 0 colours = there is none.
  uint16_t colours = 0;
  uint64_t palette = 0;
  /// Of the LZW minimum code size, behind which the sub-blocks are.
  uint64_t data = 0;
  /// The last frame up to this one that is drawn on an empty screen.
  uint32_t begins_at = 0;
};

/// Decodes a GIF frame by frame, each as it is seen: laid over those before it. The frames are listed first,
/// without decoding them. A frame is made out of the nearest one before it whose picture is kept; at most
/// `kept_bytes` of pictures are. The bytes must outlive the decoder.
class GifDecoder {
 public:
  /// Larger screens and more frames are not decoded.
  static constexpr uint64_t kMaxPixels = uint64_t{1} << 24;
  static constexpr size_t kMaxFrames = size_t{1} << 17;
  static constexpr size_t kKeptBytes = size_t{64} << 20;

  explicit GifDecoder(Bytes bytes, size_t kept_bytes = kKeptBytes);

  /// Of the screen, made larger by a first frame that is; as browsers do.
  uint32_t width() const { return width_; }
  uint32_t height() const { return height_; }
  const std::vector<GifFrame>& frames() const { return frames_; }
  /// The file ends before its trailer, or is no GIF at all.
  bool cut() const { return cut_; }
  bool too_large() const { return uint64_t{width_} * height_ > kMaxPixels; }

  /// Makes one frame on the way to frame `n`; true = it is reached. `n` is one of frames(), and the screen
  /// not too large. Takes time in proportion to one frame.
  bool Step(size_t n);
  /// Steps up to frame `n` and returns its pixels: R, G, B, A, row by row; not premultiplied. Valid until
  /// the next call.
  Bytes Frame(size_t n);
  /// The pixels of the frame that was reached.
  Bytes pixels() const { return {canvas_.data(), canvas_.size()}; }
  /// Whether the data of the frame that was reached had all its pixels.
  bool whole() const { return whole_; }

 private:
  /// A canvas as it is before frame `next` is drawn on it.
  struct Kept {
    size_t next;
    std::vector<uint8_t> canvas;
  };

  void ReadBlocks();
  void StartNear(size_t n);
  void Dispose(const GifFrame& frame);
  void Keep();
  void Draw(const GifFrame& frame);

  Bytes bytes_;
  uint32_t width_ = 0, height_ = 0;
  std::vector<GifFrame> frames_;
  bool cut_ = true;

  std::vector<uint8_t> canvas_;
  /// The frame that is drawn next; canvas_ shows the one before it, if one was drawn.
  size_t next_ = 0;
  bool drawn_ = false;
  bool whole_ = true;
  /// What was there before the frame that canvas_ shows, if it is to be restored.
  std::vector<uint8_t> before_;
  /// Every how many frames the canvas is kept.
  size_t interval_ = 1;
  std::vector<Kept> kept_;  // in order of frames
};

}  // namespace tensorpane
