#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "events/event.h"

namespace tensorpane {

/// What a view shows of the payload of one point.
struct PointValue {
  /// JSON of ValueFacts (web/src/engine/values/values.ts), which says what `numbers` are.
  std::string facts;
  std::vector<double> numbers;
};

/// Payloads beyond it, and tensors that would be larger in memory, are not decoded: the log itself may have
/// taken the rest of the 4 GiB that there are.
inline constexpr uint64_t kMaxValueBytes = 256 << 20;
/// So many numbers or strings of a tensor are listed; more, if they are rows and columns of real numbers.
inline constexpr uint64_t kMaxListed = 10'000;
inline constexpr uint64_t kMaxMapped = 1 << 20;
/// So much of a string is shown, and of all strings of a tensor together, in bytes.
inline constexpr size_t kMaxShownString = 10'000;
inline constexpr size_t kMaxShownStrings = 1 << 20;

/// Reads a payload as it is in the file (BlobRef): `split` = it is the whole Summary.Value, with the payload
/// in parts.
PointValue ReadPointValue(Storage storage, bool split, Bytes payload);

/// What is saved of it: the numbers of a tensor, little-endian and row by row, or its strings with their
/// length as a 64-bit number before each; of anything else the payload itself.
std::string ContentOf(Storage storage, bool split, Bytes payload);

}  // namespace tensorpane
