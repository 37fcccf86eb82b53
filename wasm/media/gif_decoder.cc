#include "media/gif_decoder.h"

#include <algorithm>
#include <array>

#include "media/byte_reader.h"

namespace tensorpane {
namespace {

constexpr size_t kPixelBytes = 4;

/// The bytes of data sub-blocks (GIF89a, 15) one after the other, as codes of LZW: least significant bits
/// first (annex F).
class CodeReader {
 public:
  explicit CodeReader(Bytes bytes) : in_(bytes, ByteReader::Order::kLittleEndian) {}

  /// The next `bits`, 12 at most; -1 = there are no more.
  int Next(int bits) {
    while (have_ < bits) {
      if (block_ == 0) {
        block_ = in_.U8();
        if (block_ == 0) return -1;
      }
      if (in_.at_end()) return -1;
      bits_ |= uint32_t{in_.U8()} << have_;
      --block_;
      have_ += 8;
    }
    const auto code = static_cast<int>(bits_ & ((1u << bits) - 1));
    bits_ >>= bits;
    have_ -= bits;
    return code;
  }

 private:
  ByteReader in_;
  uint32_t bits_ = 0;
  int have_ = 0;
  int block_ = 0;
};

/// Calls put(pixel) with each index of a frame, `count` at most; put says whether more are wanted. Returns
/// whether all came. GIF89a, annex F: after a full table codes go on with 12 bits until the next clear code.
template <class Put>
bool Unpack(Bytes data, uint64_t count, Put put) {
  constexpr int kMaxBits = 12, kTable = 1 << kMaxBits;
  const int root_bits = data.empty() ? 0 : data[0];
  if (root_bits < 1 || root_bits >= kMaxBits) return false;
  const int clear = 1 << root_bits, end = clear + 1;
  // A string is the one named by `prefix` and one pixel behind it.
  std::array<uint16_t, kTable> prefix;
  std::array<uint8_t, kTable> pixel;
  std::array<uint8_t, kTable> text;  // a string, last pixel first
  for (int i = 0; i < clear; ++i) pixel[i] = static_cast<uint8_t>(i);
  CodeReader codes(data.subspan(1));
  int bits = root_bits + 1, next = end + 1, last = -1;
  uint8_t first = 0;
  while (count > 0) {
    const int code = codes.Next(bits);
    if (code < 0 || code == end) return false;
    if (code == clear) {
      bits = root_bits + 1;
      next = end + 1;
      last = -1;
      continue;
    }
    if (code > next || (code == next && last < 0)) return false;
    size_t length = 0;
    int rest = code;
    if (code == next) {
      // Not there yet: it is the last string and its own first pixel.
      text[length++] = first;
      rest = last;
    }
    for (; rest > end; rest = prefix[rest]) text[length++] = pixel[rest];
    first = pixel[rest];
    text[length++] = first;
    if (last >= 0 && next < kTable) {
      prefix[next] = static_cast<uint16_t>(last);
      pixel[next] = first;
      ++next;
      if (next == 1 << bits && bits < kMaxBits) ++bits;
    }
    last = code;
    while (length > 0 && count > 0) {
      if (!put(text[--length])) return true;
      --count;
    }
  }
  return true;
}

/// Row of the picture that comes as number `i` of an interlaced frame (GIF89a, annex E).
uint32_t InterlacedRow(uint32_t i, uint32_t height) {
  struct Pass {
    uint32_t first, step;
  };
  for (const Pass pass : {Pass{0, 8}, Pass{4, 8}, Pass{2, 4}, Pass{1, 2}}) {
    const uint32_t rows = height > pass.first ? (height - pass.first - 1) / pass.step + 1 : 0;
    if (i < rows) return pass.first + i * pass.step;
    i -= rows;
  }
  return height;
}

}  // namespace

GifDecoder::GifDecoder(Bytes bytes, size_t kept_bytes) : bytes_(bytes) {
  ReadBlocks();
  const uint64_t canvas = std::max<uint64_t>(1, uint64_t{width_} * height_ * kPixelBytes);
  const size_t keepable = std::max<size_t>(1, static_cast<size_t>(kept_bytes / canvas));
  interval_ = frames_.size() / keepable + 1;
}

/// GIF89a: 17 header, 18 screen, 19 and 21 colour tables, 20 image, 23 graphic control, 24 to 26 other
/// extensions, 27 trailer.
void GifDecoder::ReadBlocks() {
  constexpr uint8_t kHasTable = 0x80, kInterlaced = 0x40, kHasTransparent = 1;
  constexpr uint8_t kGraphicControl = 0xF9;
  ByteReader in(bytes_, ByteReader::Order::kLittleEndian);
  if (!in.Accept("GIF87a") && !in.Accept("GIF89a")) return;
  width_ = in.U16();
  height_ = in.U16();
  struct Table {
    uint16_t colours = 0;
    uint64_t at = 0;
  };
  const auto take_table = [&in](uint8_t flags) {
    if ((flags & kHasTable) == 0) return Table{};
    const Table table{static_cast<uint16_t>(2 << (flags & 7)), in.position()};
    in.Skip(uint64_t{3} * table.colours);
    return table;
  };
  const auto skip_sub_blocks = [&in] {
    while (const uint8_t size = in.U8()) in.Skip(size);
  };
  const auto covers = [this](const GifFrame& frame) {
    return frame.left == 0 && frame.top == 0 && frame.width >= width_ && frame.height >= height_;
  };
  const uint8_t screen_flags = in.U8();
  in.Skip(2);  // background colour, which no browser shows, and aspect ratio
  const Table screen = take_table(screen_flags);
  GifFrame next;
  while (in.ok() && !in.at_end()) {
    const uint8_t block = in.U8();
    if (block == ';') {
      cut_ = false;
      return;
    }
    if (block == '!') {
      if (in.U8() == kGraphicControl) {
        ByteReader control(in.Take(in.U8()), ByteReader::Order::kLittleEndian);
        const uint8_t flags = control.U8();
        next.delay = control.U16();
        const uint8_t transparent = control.U8();
        next.transparent = flags & kHasTransparent ? transparent : -1;
        // 4 was written for 3, since some took the third of the bits for the number.
        const uint8_t disposal = flags >> 2 & 7;
        next.disposal = disposal == 2                    ? GifDisposal::kClear
                        : disposal == 3 || disposal == 4 ? GifDisposal::kRestore
                                                         : GifDisposal::kKeep;
        if (!control.ok()) next = {};
      }
      skip_sub_blocks();
      continue;
    }
    if (block != ',') continue;  // junk between blocks, which decoders step over
    next.left = in.U16();
    next.top = in.U16();
    next.width = in.U16();
    next.height = in.U16();
    const uint8_t flags = in.U8();
    next.interlaced = (flags & kInterlaced) != 0;
    const Table local = take_table(flags);
    const Table& table = local.colours > 0 ? local : screen;
    next.colours = table.colours;
    next.palette = table.at;
    next.data = in.position();
    in.Skip(1);
    if (!in.ok() || frames_.size() == kMaxFrames) return;
    if (frames_.empty()) {
      width_ = std::max(width_, next.left + next.width);
      height_ = std::max(height_, next.top + next.height);
    }
    const bool cleared =
        !frames_.empty() && frames_.back().disposal == GifDisposal::kClear && covers(frames_.back());
    const auto number = static_cast<uint32_t>(frames_.size());
    next.begins_at = frames_.empty() || cleared ? number : frames_.back().begins_at;
    frames_.push_back(next);
    next = {};
    skip_sub_blocks();
  }
}

bool GifDecoder::Step(size_t n) {
  if (drawn_ && next_ == n + 1) return true;
  StartNear(n);
  if (drawn_) Dispose(frames_[next_ - 1]);
  Keep();
  if (frames_[next_].disposal == GifDisposal::kRestore) before_ = canvas_;
  Draw(frames_[next_]);
  drawn_ = true;
  return next_++ == n;
}

Bytes GifDecoder::Frame(size_t n) {
  while (!Step(n)) {
  }
  return pixels();
}

/// Stays where it is if that is the shortest way to frame `n`, or else takes up a canvas that is kept or
/// empty.
void GifDecoder::StartNear(size_t n) {
  const auto after = std::upper_bound(kept_.begin(), kept_.end(), n,
                                      [](size_t frame, const Kept& kept) { return frame < kept.next; });
  const Kept* const kept = after == kept_.begin() ? nullptr : &*std::prev(after);
  const size_t begin = frames_[n].begins_at;
  const size_t nearest = kept ? std::max(begin, kept->next) : begin;
  if (drawn_ && next_ <= n && next_ >= nearest) return;
  if (nearest == begin) {
    canvas_.assign(static_cast<size_t>(uint64_t{width_} * height_ * kPixelBytes), 0);
  } else {
    canvas_ = kept->canvas;
  }
  next_ = nearest;
  drawn_ = false;
}

/// Keeps the canvas on which the next frame is drawn, if it is time to.
void GifDecoder::Keep() {
  if (next_ % interval_ != 0 || frames_[next_].begins_at == next_) return;
  const auto at = std::lower_bound(kept_.begin(), kept_.end(), next_,
                                   [](const Kept& kept, size_t frame) { return kept.next < frame; });
  if (at == kept_.end() || at->next != next_) kept_.insert(at, {next_, canvas_});
}

void GifDecoder::Dispose(const GifFrame& frame) {
  if (frame.disposal == GifDisposal::kRestore) canvas_.swap(before_);
  if (frame.disposal != GifDisposal::kClear) return;
  const uint64_t right = std::min<uint64_t>(width_, uint64_t{frame.left} + frame.width);
  const uint64_t bottom = std::min<uint64_t>(height_, uint64_t{frame.top} + frame.height);
  for (uint64_t y = frame.top; y < bottom && frame.left < right; ++y) {
    uint8_t* const row = &canvas_[static_cast<size_t>(y * width_ * kPixelBytes)];
    std::fill(row + frame.left * kPixelBytes, row + right * kPixelBytes, uint8_t{0});
  }
}

void GifDecoder::Draw(const GifFrame& frame) {
  whole_ = false;
  if (frame.colours == 0) return;
  // Indices without a colour are black.
  std::array<std::array<uint8_t, kPixelBytes>, 256> palette{};
  for (auto& colour : palette) colour[3] = 255;
  for (size_t i = 0; i < frame.colours; ++i) {
    std::copy_n(&bytes_[static_cast<size_t>(frame.palette + 3 * i)], 3, palette[i].begin());
  }
  uint32_t column = 0, row = 0;
  uint64_t y = frame.top;
  whole_ = Unpack(bytes_.subspan(static_cast<size_t>(frame.data)), uint64_t{frame.width} * frame.height,
                  [&](uint8_t index) {
                    const uint64_t x = uint64_t{frame.left} + column;
                    if (index != frame.transparent && x < width_ && y < height_) {
                      std::copy_n(palette[index].begin(), kPixelBytes,
                                  &canvas_[static_cast<size_t>((y * width_ + x) * kPixelBytes)]);
                    }
                    if (++column < frame.width) return true;
                    column = 0;
                    ++row;
                    y = frame.top + uint64_t{frame.interlaced ? InterlacedRow(row, frame.height) : row};
                    // What comes below the screen is not looked at.
                    return frame.interlaced || y < height_;
                  });
}

}  // namespace tensorpane
