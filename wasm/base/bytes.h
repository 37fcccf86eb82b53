#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace tensorpane {

/// Bytes that somebody else owns.
using Bytes = std::span<const uint8_t>;

/// Reads a little-endian number at `p`, aligned or not. All targets are little-endian.
template <class T>
T LoadLittleEndian(const uint8_t* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace tensorpane
