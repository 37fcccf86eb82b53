#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/error_code.h"
#include "log/report_kinds.h"
#include "records/record_reader.h"

namespace tensorpane {

class JsonWriter;

/// A stretch of a file that the report speaks of.
struct ReportPlace {
  ReportKind kind;
  uint64_t offset;
  uint64_t bytes;
  /// Of what could not be read as a record.
  std::optional<Damage> damage = {};
  /// Of the last summary before it and the first one behind it, where lost data is.
  std::optional<int64_t> step_before = {};
  std::optional<int64_t> step_after = {};
};

/// What one event file is, and what of it could not be read.
struct FileReport {
  /// More places than this are counted, not listed.
  static constexpr size_t kMaxPlaces = 1000;

  std::string name;
  uint64_t size = 0;     ///< bytes seen
  uint64_t records = 0;  ///< whole records with right CRCs
  ErrorCode error = ErrorCode::kNone;
  std::string looks_like;  ///< what it is instead of an event file
  std::array<uint64_t, kReportKindCount> counts{};
  std::vector<ReportPlace> places;
  bool changed = true;  ///< since it was last told

  void Count(ReportPlace place);
  uint64_t count(ReportKind kind) const { return counts[static_cast<size_t>(kind)]; }
  /// There is something to tell a person.
  bool HasNews() const;
  /// A FileReport of web/src/engine/protocol.ts.
  void WriteJson(const std::string& run, JsonWriter* json) const;
};

}  // namespace tensorpane
