#pragma once

#include <cstdint>

namespace tensorpane {

/// Why a whole file could not be read. Damage inside a file is not an error but a report entry
/// (log/report_kinds.h). The names cross to the page, whose table of words is web/src/model/errors.ts.
enum class ErrorCode : uint8_t {
  kNone,            ///< Nothing is wrong.
  kTooBig,          ///< The log would grow over its memory budget; what was read before stays.
  kNotAnEventFile,  ///< No record of an event in it; `looks_like` says what it is instead.
};

constexpr const char* Name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNone:
      return "none";
    case ErrorCode::kTooBig:
      return "too_big";
    case ErrorCode::kNotAnEventFile:
      return "not_an_event_file";
  }
  return "none";
}

}  // namespace tensorpane
