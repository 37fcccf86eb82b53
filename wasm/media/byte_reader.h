#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace tensorpane {

/// Reads numbers of one byte order out of bytes that may end anywhere. A read or move beyond the end gives
/// zero or nothing, and ok() is false from then on: a parser may ask once for several reads.
class ByteReader {
 public:
  enum class Order : uint8_t { kLittleEndian, kBigEndian };

  ByteReader(Bytes bytes, Order order) : bytes_(bytes), order_(order) {}

  bool ok() const { return ok_; }
  bool at_end() const { return at_ == bytes_.size(); }
  uint64_t position() const { return at_; }
  uint64_t remaining() const { return bytes_.size() - at_; }

  void Seek(uint64_t offset) {
    at_ = 0;
    Skip(offset);
  }
  void Skip(uint64_t count) { Take(count); }
  Bytes Take(uint64_t count) {
    if (count > remaining()) {
      ok_ = false;
      at_ = bytes_.size();
      return {};
    }
    const Bytes taken = bytes_.subspan(at_, static_cast<size_t>(count));
    at_ += taken.size();
    return taken;
  }
  /// Whether `text` is next; then it is read.
  bool Accept(std::string_view text) {
    if (!AsText(bytes_.subspan(at_)).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }

  uint8_t U8() { return static_cast<uint8_t>(Number(1)); }
  uint16_t U16() { return static_cast<uint16_t>(Number(2)); }
  uint32_t U24() { return static_cast<uint32_t>(Number(3)); }
  uint32_t U32() { return static_cast<uint32_t>(Number(4)); }
  uint64_t U64() { return Number(8); }

 private:
  uint64_t Number(size_t size) {
    const Bytes bytes = Take(size);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size(); ++i) {
      value = value << 8 | bytes[order_ == Order::kBigEndian ? i : bytes.size() - 1 - i];
    }
    return value;
  }

  Bytes bytes_;
  Order order_;
  size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace tensorpane
