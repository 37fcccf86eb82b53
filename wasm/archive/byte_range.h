#pragma once

#include <cstdint>

namespace tensorpane {

/// Bytes [offset, offset + length) of a file.
struct ByteRange {
  uint64_t offset = 0;
  uint64_t length = 0;
};

/// No reader of archives wants more bytes at a time.
inline constexpr uint64_t kMaxWanted = 1 << 20;

}  // namespace tensorpane
