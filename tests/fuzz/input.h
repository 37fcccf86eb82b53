#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/bytes.h"

/// Ends the run as a finding unless `condition` holds; not assert, which a release build leaves out.
#define FUZZ_CHECK(condition)                                                             \
  do {                                                                                    \
    if (!(condition)) {                                                                   \
      std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                       \
    }                                                                                     \
  } while (false)

namespace tensorpane::fuzz {

/// Takes an input apart: first bytes that choose how it is read, then what is read. tests/fuzz/seeds.py
/// writes the same.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : rest_(data, size) {}

  /// The next byte; 0 if there are no more.
  uint8_t Byte() {
    const Bytes byte = Take(1);
    return byte.empty() ? 0 : byte[0];
  }
  /// Up to `length` of the bytes that are left.
  Bytes Take(size_t length) {
    const Bytes taken = rest_.first(std::min(length, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  Bytes Rest() { return Take(rest_.size()); }
  bool empty() const { return rest_.empty(); }

 private:
  Bytes rest_;
};

/// Lengths of pieces to cut a stream into: 0 gives it whole, other seeds pieces of 1 to 64 bytes.
class Cuts {
 public:
  explicit Cuts(uint8_t seed) : state_(seed) {}

  size_t Next() {
    if (state_ == 0) return size_t{1} << 30;
    state_ = state_ * 1664525 + 1013904223;  // Numerical Recipes, "An Even Quicker Generator"
    state_ |= 1;
    return 1 + (state_ >> 26);
  }

 private:
  uint32_t state_;
};

/// Calls `use(piece)` for each piece of `bytes`, copied, so that a view that is kept too long is seen.
template <class Use>
void ForEachPiece(Bytes bytes, Cuts cuts, Use use) {
  while (!bytes.empty()) {
    const size_t length = std::min(cuts.Next(), bytes.size());
    const std::string piece(AsText(bytes.first(length)));
    bytes = bytes.subspan(length);
    use(AsBytes(piece));
  }
}

}  // namespace tensorpane::fuzz
