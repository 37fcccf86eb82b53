#include "records/crc32c.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <vector>

namespace tensorpane {
namespace {

uint32_t BytewiseCrc(Bytes bytes) {
  uint32_t crc = ~0u;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78 : 0);
  }
  return ~crc;
}

TEST(Crc32c, KnownValues) {
  // RFC 3720 B.4.
  EXPECT_EQ(Crc32c(AsBytes("123456789")), 0xE3069283u);
  EXPECT_EQ(Crc32c(std::vector<uint8_t>(32, 0)), 0x8A9136AAu);
  EXPECT_EQ(Crc32c(std::vector<uint8_t>(32, 0xFF)), 0x62A8AB43u);
}

TEST(Crc32c, EqualsTheBytewiseOneAtAllLengthsAndOffsets) {
  std::vector<uint8_t> bytes(4096 + 16);
  std::mt19937 random(1);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  for (size_t offset = 0; offset < 16; ++offset) {
    // Bytewise, each length goes on from the one before.
    uint32_t crc = ~0u;
    for (size_t length = 0; length <= 4096; ++length) {
      ASSERT_EQ(Crc32c(Bytes(bytes).subspan(offset, length)), ~crc) << offset << ' ' << length;
      crc ^= bytes[offset + length];
      for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78 : 0);
    }
  }
}

TEST(Crc32c, EqualsTheBytewiseOneOnLongInputs) {
  // Around the ends of the pieces that long inputs are folded in.
  std::vector<uint8_t> bytes(40'000);
  std::mt19937 random(2);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  for (size_t length = 8192; length < bytes.size(); length += length % 8192 < 700 ? 7 : 1131) {
    ASSERT_EQ(Crc32c(Bytes(bytes).first(length)), BytewiseCrc(Bytes(bytes).first(length))) << length;
  }
}

TEST(Crc32c, GoesOnFromPartToPart) {
  std::vector<uint8_t> bytes(3000);
  std::iota(bytes.begin(), bytes.end(), uint8_t{0});
  for (size_t cut = 0; cut <= bytes.size(); cut += 41) {
    EXPECT_EQ(Crc32c(Bytes(bytes).subspan(cut), Crc32c(Bytes(bytes).first(cut))), BytewiseCrc(bytes));
  }
}

}  // namespace
}  // namespace tensorpane
