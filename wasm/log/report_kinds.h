#pragma once

#include <cstddef>
#include <cstdint>

namespace tensorpane {

/// What the report may count. Lost data is an error, never silent. `errors` of a dump lists the kinds from
/// data_crc to proto, in the words of the fixtures; the page's words for all of them are in
/// web/src/model/errors.ts.
///
///   X(enumerator, name, severity, description)
#define TENSORPANE_REPORT_KINDS(X)                                                                \
  X(kDataCrc, "data_crc", "loss", "a record whose data checksum is wrong was skipped")            \
  X(kLengthCrc, "length_crc", "loss", "bytes without a right length checksum were skipped")       \
  X(kLength, "length", "loss", "a record that says it goes beyond the end of the file")           \
  X(kTruncated, "truncated", "note", "the file ends inside a record: normal while it is written") \
  X(kProto, "proto", "loss", "a record that is not an event was skipped")                         \
  X(kBadValue, "bad_value", "loss", "a scalar that is no single number")                          \
  X(kNoValue, "no_value", "note", "a tag was written without a value")                            \
  X(kNonFiniteWallTime, "non_finite_wall_time", "info", "the wall time is NaN or infinite")

enum class ReportKind : uint8_t {
#define TENSORPANE_ENUMERATOR(enumerator, name, severity, description) enumerator,
  TENSORPANE_REPORT_KINDS(TENSORPANE_ENUMERATOR)
#undef TENSORPANE_ENUMERATOR
};

struct ReportKindInfo {
  const char* name;
  const char* severity;
  const char* description;
};

inline constexpr ReportKindInfo kReportKinds[] = {
#define TENSORPANE_INFO(enumerator, name, severity, description) {name, severity, description},
    TENSORPANE_REPORT_KINDS(TENSORPANE_INFO)
#undef TENSORPANE_INFO
};
inline constexpr size_t kReportKindCount = sizeof kReportKinds / sizeof kReportKinds[0];

}  // namespace tensorpane
