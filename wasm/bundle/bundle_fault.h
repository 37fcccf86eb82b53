#pragma once

#include <cstdint>

namespace tensorpane {

/// Why a TensorFlow checkpoint, or a variable of it, cannot be read.
enum class BundleFault : uint8_t {
  kNone,
  kCutOff,          ///< A file ends before its end.
  kNotACheckpoint,  ///< The .index does not end as a table, or has no header of a checkpoint.
  kDamaged,         ///< Something in the .index is not what it can be.
  kChecksum,        ///< The CRC of a block or a variable is another.
  kCompressed,      ///< A block is compressed, which TensorFlow does not do.
  kBigEndian,       ///< Written by a big-endian machine.
  kTooMany,         ///< Over a limit of this reader.
  kNoVariable,      ///< None has this name.
  kNumberType,      ///< A variable that holds no real numbers.
  kSize,            ///< A variable has another number of bytes than its shape says.
  kSlices,          ///< The parts of a variable do not make up the whole.
  kNoShard,         ///< A .data file is not there.
};

/// Names cross to the page.
constexpr const char* Name(BundleFault fault) {
  switch (fault) {
    case BundleFault::kNone:
      return "none";
    case BundleFault::kCutOff:
      return "cut_off";
    case BundleFault::kNotACheckpoint:
      return "not_a_checkpoint";
    case BundleFault::kDamaged:
      return "damaged";
    case BundleFault::kChecksum:
      return "checksum";
    case BundleFault::kCompressed:
      return "compressed";
    case BundleFault::kBigEndian:
      return "big_endian";
    case BundleFault::kTooMany:
      return "too_many";
    case BundleFault::kNoVariable:
      return "no_variable";
    case BundleFault::kNumberType:
      return "number_type";
    case BundleFault::kSize:
      return "size";
    case BundleFault::kSlices:
      return "slices";
    case BundleFault::kNoShard:
      return "no_shard";
  }
  return "none";
}

}  // namespace tensorpane
