#pragma once

#include <map>
#include <utility>

#include "log/log.h"

namespace tensorpane {

class JsonWriter;

/// Restarts of one run that lie between the same two files, or in one file, of all its tags together.
struct RestartPlace {
  uint64_t restarts = 0;
  uint64_t superseded = 0;  ///< points
  uint32_t tags = 0;
  int64_t step = 0;       ///< the lowest that was gone back to
  int64_t last_step = 0;  ///< the highest that was gone back from
};
/// By the files before and after: their indices in the run.
using RestartPlaces = std::map<std::pair<uint32_t, uint32_t>, RestartPlace>;
RestartPlaces PlacesOf(const Log& log, const Run& run);

/// Which files a run has and where it was restarted: a RestartReport of web/src/engine/protocol.ts.
void WriteRestarts(const Log& log, const Run& run, JsonWriter* json);

}  // namespace tensorpane
