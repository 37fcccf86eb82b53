#pragma once

// The yardstick for our CRC: slice-by-16, the best known way by tables alone (Intel's "slicing-by-8", twice
// as wide).

#include <array>

#include "base/bytes.h"

namespace tensorpane::bench {

inline const auto kSlice16 = [] {
  std::array<std::array<uint32_t, 256>, 16> table{};
  for (uint32_t b = 0; b < 256; ++b) {
    uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78 : 0);
    table[0][b] = crc;
  }
  for (int k = 1; k < 16; ++k) {
    for (int b = 0; b < 256; ++b) table[k][b] = table[k - 1][b] >> 8 ^ table[0][table[k - 1][b] & 255];
  }
  return table;
}();

inline uint32_t Slice16(Bytes bytes) {
  uint32_t crc = ~0u;
  const uint8_t* p = bytes.data();
  const uint8_t* const end = p + bytes.size();
  const auto four = [](uint32_t word, int k) {
    return kSlice16[k + 3][word & 255] ^ kSlice16[k + 2][word >> 8 & 255] ^
           kSlice16[k + 1][word >> 16 & 255] ^ kSlice16[k][word >> 24];
  };
  for (; end - p >= 16; p += 16) {
    crc = four(LoadLittleEndian<uint32_t>(p) ^ crc, 12) ^ four(LoadLittleEndian<uint32_t>(p + 4), 8) ^
          four(LoadLittleEndian<uint32_t>(p + 8), 4) ^ four(LoadLittleEndian<uint32_t>(p + 12), 0);
  }
  for (; p != end; ++p) crc = crc >> 8 ^ kSlice16[0][(crc ^ *p) & 255];
  return ~crc;
}

}  // namespace tensorpane::bench
