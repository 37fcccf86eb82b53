#include "records/crc32c.h"

#include <algorithm>
#include <array>

namespace tensorpane {
namespace {

constexpr uint32_t kPolynomial = 0x82F63B78;

// kTable[k][b] = CRC of byte b followed by k zero bytes: eight bytes are looked up at once.
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

/// Goes on from the inner state `crc`, which is the CRC without its final inversion.
uint32_t ByTables(Bytes bytes, uint32_t crc) {
  const uint8_t* p = bytes.data();
  const uint8_t* const end = p + bytes.size();
  for (; end - p >= 8; p += 8) {
    const uint32_t low = LoadLittleEndian<uint32_t>(p) ^ crc;
    const uint32_t high = LoadLittleEndian<uint32_t>(p + 4);
    uint32_t ready = kTable[3][high & 255] ^ kTable[2][high >> 8 & 255] ^ kTable[1][high >> 16 & 255] ^
                     kTable[0][high >> 24];
    // What does not wait for the eight bytes before is looked up and joined first; without this the compiler
    // chains all of it behind what does.
    asm volatile("" : "+r"(ready));
    crc = kTable[7][low & 255] ^ kTable[6][low >> 8 & 255] ^ kTable[5][low >> 16 & 255] ^
          kTable[4][low >> 24] ^ ready;
  }
  for (; p != end; ++p) crc = crc >> 8 ^ kTable[0][(crc ^ *p) & 255];
  return crc;
}

// Long inputs are folded first. Adding a multiple of the generator to the message does not change the
// remainder, and the generator has the multiple 1 + x^(8·32) + x^(8·107) + x^(8·113) + x^(8·136) + x^(8·290),
// which is sparse and all of whole bytes: so each byte in turn can be cleared by XOR-ing it into those 154,
// 177, 183, 258 and 290 places behind, until only the last 290 and a few are left. That takes no tables and
// sixteen bytes at once, where wasm has neither a CRC nor a carry-less multiplication ("Chorba": Sam Russell,
// arXiv 2412.16398, there for CRC-32).
constexpr size_t kReach = 290;
constexpr size_t kStep = 64;  // bytes at a time: less than any delay, so that they don't wait for each other
constexpr size_t kHistory = 320;    // of cleared bytes that are looked back on: kReach, in whole steps
constexpr size_t kPiece = 8 << 10;  // bytes between two moves of the history; it stays in the first cache
constexpr size_t kFoldFrom = 1024;  // shorter ones are faster by tables alone

/// Sixteen bytes; compilers make v128 of it, or SSE2.
typedef uint64_t Block __attribute__((vector_size(16)));

Block Load(const uint8_t* p) {
  Block block;
  std::memcpy(&block, p, sizeof block);
  return block;
}
void Store(uint8_t* p, Block block) { std::memcpy(p, &block, sizeof block); }

/// `block` and all that is carried to its place, which is `at` in the cleared bytes.
Block Carried(Block block, const uint8_t* at) {
  return block ^ Load(at - 154) ^ Load(at - 177) ^ Load(at - 183) ^ Load(at - 258) ^ Load(at - kReach);
}

/// Clears kStep bytes of the message; `at` is their place among the cleared ones.
void Clear(const uint8_t* bytes, uint8_t* at) {
  const Block a = Carried(Load(bytes), at), b = Carried(Load(bytes + 16), at + 16);
  const Block c = Carried(Load(bytes + 32), at + 32), d = Carried(Load(bytes + 48), at + 48);
  Store(at, a);
  Store(at + 16, b);
  Store(at + 32, c);
  Store(at + 48, d);
}

uint32_t ByFolding(Bytes bytes, uint32_t crc) {
  // Cleared bytes: kHistory of those before the piece, and the piece. Before the message stands nothing.
  alignas(16) uint8_t cleared[kHistory + kPiece + kHistory];
  std::memset(cleared, 0, kHistory);
  const size_t body = (bytes.size() - kReach) / kStep * kStep;
  // The state so far belongs to the first four bytes.
  uint8_t first[kStep];
  std::memcpy(first, bytes.data(), kStep);
  for (int i = 0; i < 4; ++i) first[i] ^= static_cast<uint8_t>(crc >> 8 * i);
  Clear(first, cleared + kHistory);
  size_t done = 0, in_piece = kStep;
  for (;;) {
    const size_t piece = std::min(kPiece, body - done);
    for (; in_piece < piece; in_piece += kStep) {
      Clear(bytes.data() + done + in_piece, cleared + kHistory + in_piece);
    }
    done += piece;
    if (done == body) break;
    std::memcpy(cleared, cleared + piece, kHistory);
    in_piece = 0;
  }
  // The rest, kReach to kReach + kStep − 1 bytes, with what is carried into it and nothing cleared any more.
  const Bytes rest = bytes.subspan(body);
  uint8_t* const at = cleared + kHistory + in_piece;
  std::memset(at, 0, kHistory);
  uint8_t carried[kReach + kStep];
  for (size_t i = 0; i < rest.size(); i += 16) {
    i = std::min(i, rest.size() - 16);
    Store(carried + i, Carried(Load(rest.data() + i), at + i));
  }
  return ByTables({carried, rest.size()}, 0);
}

}  // namespace

uint32_t Crc32c(Bytes bytes, uint32_t crc) {
  return ~(bytes.size() < kFoldFrom ? ByTables(bytes, ~crc) : ByFolding(bytes, ~crc));
}

}  // namespace tensorpane
