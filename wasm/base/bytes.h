#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace tensorpane {

/// Bytes that somebody else owns.
using Bytes = std::span<const uint8_t>;

/// `length` bytes that are in memory: sizes of files have 64 bits, sizes in wasm memory 32.
inline Bytes InMemory(const uint8_t* p, uint64_t length) { return {p, static_cast<size_t>(length)}; }

/// Reads a little-endian number at `p`, aligned or not. All targets are little-endian.
template <class T>
T LoadLittleEndian(const uint8_t* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

/// The same bits as another type. Not std::bit_cast: libc++ of LLVM 14 has none.
template <class To, class From>
To BitCast(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace tensorpane
