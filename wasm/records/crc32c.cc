#include "records/crc32c.h"

#include <array>

namespace tensorpane {
namespace {

constexpr uint32_t kPolynomial = 0x82F63B78;

// kTable[k][b] = CRC of byte b followed by k zero bytes: slice-by-8 looks eight bytes up at once.
constexpr auto kTable = [] {
  std::array<std::array<uint32_t, 256>, 8> table{};
  for (uint32_t b = 0; b < 256; ++b) {
    uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? kPolynomial : 0);
    table[0][b] = crc;
  }
  for (int k = 1; k < 8; ++k) {
    for (int b = 0; b < 256; ++b) table[k][b] = table[k - 1][b] >> 8 ^ table[0][table[k - 1][b] & 255];
  }
  return table;
}();

}  // namespace

uint32_t Crc32c(Bytes bytes, uint32_t crc) {
  crc = ~crc;
  const uint8_t* p = bytes.data();
  const uint8_t* const end = p + bytes.size();
  for (; end - p >= 8; p += 8) {
    const uint32_t low = LoadLittleEndian<uint32_t>(p) ^ crc;
    const uint32_t high = LoadLittleEndian<uint32_t>(p + 4);
    crc = kTable[7][low & 255] ^ kTable[6][low >> 8 & 255] ^ kTable[5][low >> 16 & 255] ^
          kTable[4][low >> 24] ^ kTable[3][high & 255] ^ kTable[2][high >> 8 & 255] ^
          kTable[1][high >> 16 & 255] ^ kTable[0][high >> 24];
  }
  for (; p != end; ++p) crc = crc >> 8 ^ kTable[0][(crc ^ *p) & 255];
  return ~crc;
}

}  // namespace tensorpane
