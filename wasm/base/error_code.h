#pragma once

#include <cstdint>

namespace tensorpane {

/// Why a whole file could not be read. Damage inside a file is not an error but a report entry
/// (log/report_kinds.h). The names cross to the page, whose table of words is web/src/model/errors.ts.
enum class ErrorCode : uint8_t {
  kNone,            ///< Nothing is wrong.
  kTooBig,          ///< Over a limit: the log's memory budget, or a bomb. What was read before stays.
  kNotAnEventFile,  ///< No record of an event in it; `looks_like` says what it is instead.
  kBadArchive,  ///< An archive, or an entry of one, is cut off, damaged or hostile (archive/archive_fault.h).
  kUnsupported,  ///< An archive, or an entry of one, is in a form that is not read.
};

constexpr const char* Name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNone:
      return "none";
    case ErrorCode::kTooBig:
      return "too_big";
    case ErrorCode::kNotAnEventFile:
      return "not_an_event_file";
    case ErrorCode::kBadArchive:
      return "bad_archive";
    case ErrorCode::kUnsupported:
      return "unsupported";
  }
  return "none";
}

}  // namespace tensorpane
