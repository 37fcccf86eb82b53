#pragma once

#include "log/log.h"

namespace tensorpane {

class JsonWriter;

/// Which files a run has and where it was restarted: a RestartReport of web/src/engine/protocol.ts.
void WriteRestarts(const Log& log, const Run& run, JsonWriter* json);

}  // namespace tensorpane
