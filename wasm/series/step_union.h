#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "log/log.h"
#include "log/restarts.h"

namespace tensorpane {

/// The steps that some of several series have, each once, in order.
struct StepUnion {
  std::vector<int64_t> steps;
  /// By step: whether every run that has points has one there, in whichever of its series.
  std::vector<bool> in_every_run;
};

/// Of the points that the reading keeps.
StepUnion UnionOfSteps(const Log& log, std::span<const SeriesId> series, Purge purge);

}  // namespace tensorpane
