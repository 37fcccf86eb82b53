#pragma once

#include "../cpp/event_bytes.h"
#include "input.h"

namespace tensorpane::fuzz {

/// A record file made of what is left of `input`. Chance finds no CRC: so most pieces get right ones, and a
/// byte before each piece says how it is framed.
inline std::string MadeFile(Input& input) {
  enum Form : uint8_t { kRecord, kWrongData, kWrongLength, kBare, kHeaderAlone };
  std::string file;
  while (!input.empty()) {
    const uint8_t form = input.Byte() % 8;
    const size_t length = input.Byte() | input.Byte() << 8;
    const std::string piece(AsText(input.Take(length)));
    std::string framed = testing::Frame(piece);
    switch (form) {
      case kWrongData:
        framed.back() ^= 1;
        break;
      case kWrongLength:
        framed[8] ^= 1;
        break;
      case kBare:
        framed = piece;
        break;
      case kHeaderAlone:
        // A length that may be anything, under a right CRC.
        framed =
            testing::Header(piece.size() < 8 ? length : LoadLittleEndian<uint64_t>(AsBytes(piece).data()));
        break;
      default:
        break;
    }
    file += framed;
  }
  return file;
}

}  // namespace tensorpane::fuzz
