#pragma once

#include <cstdint>

#include "base/error_code.h"

namespace tensorpane {

/// Why an archive, or one entry of it, cannot be read or not to its end. What came before stays good.
enum class ArchiveFault : uint8_t {
  kNone,
  kCutOff,       ///< It ends before its end.
  kNoDirectory,  ///< A zip without its end, where its entries are listed: none can be told.
  kDamaged,      ///< Bytes that the format does not allow.
  kChecksum,     ///< A checksum of data or of a header is wrong.
  kSize,         ///< Another number of bytes than was said.
  kOverlap,      ///< Entries share bytes: zip bombs do, nothing else.
  kName,  ///< A name that leads out of the archive: "..", a drive letter; or one that is empty or has a NUL.
  kEncrypted,       ///< Needs a password.
  kMethod,          ///< Compressed by something else than deflate, or with a preset dictionary.
  kSplit,           ///< One of several volumes.
  kSparse,          ///< A tar entry with holes.
  kNotAFile,        ///< A link, device or pipe.
  kTooManyBytes,    ///< Over the limit of bytes.
  kTooManyEntries,  ///< Over the limit of entries.
  kRatio,           ///< Over the limit of output per input.
};

/// Names cross to the page.
constexpr const char* Name(ArchiveFault fault) {
  switch (fault) {
    case ArchiveFault::kNone:
      return "none";
    case ArchiveFault::kCutOff:
      return "cut_off";
    case ArchiveFault::kNoDirectory:
      return "no_directory";
    case ArchiveFault::kDamaged:
      return "damaged";
    case ArchiveFault::kChecksum:
      return "checksum";
    case ArchiveFault::kSize:
      return "size";
    case ArchiveFault::kOverlap:
      return "overlap";
    case ArchiveFault::kName:
      return "name";
    case ArchiveFault::kEncrypted:
      return "encrypted";
    case ArchiveFault::kMethod:
      return "method";
    case ArchiveFault::kSplit:
      return "split";
    case ArchiveFault::kSparse:
      return "sparse";
    case ArchiveFault::kNotAFile:
      return "not_a_file";
    case ArchiveFault::kTooManyBytes:
      return "too_many_bytes";
    case ArchiveFault::kTooManyEntries:
      return "too_many_entries";
    case ArchiveFault::kRatio:
      return "ratio";
  }
  return "none";
}

constexpr ErrorCode CodeOf(ArchiveFault fault) {
  switch (fault) {
    case ArchiveFault::kNone:
      return ErrorCode::kNone;
    case ArchiveFault::kCutOff:
    case ArchiveFault::kNoDirectory:
    case ArchiveFault::kDamaged:
    case ArchiveFault::kChecksum:
    case ArchiveFault::kSize:
    case ArchiveFault::kOverlap:
    case ArchiveFault::kName:
      return ErrorCode::kBadArchive;
    case ArchiveFault::kEncrypted:
    case ArchiveFault::kMethod:
    case ArchiveFault::kSplit:
    case ArchiveFault::kSparse:
    case ArchiveFault::kNotAFile:
      return ErrorCode::kUnsupported;
    case ArchiveFault::kTooManyBytes:
    case ArchiveFault::kTooManyEntries:
    case ArchiveFault::kRatio:
      return ErrorCode::kTooBig;
  }
  return ErrorCode::kNone;
}

}  // namespace tensorpane
