#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "log/log.h"

namespace tensorpane {

/// What all graphs of a log are like, as JSON: {runs: [{run, tags: {tag: [{graph, profile}]}}]}, runs in
/// natural order, tags and points in the order of the log. A profile {entries, unknown, graph} is of a run
/// metadata with node stats, joined to the last graph of its run. `read` gives the bytes of a payload.
std::string DescribeGraphs(const Log& log, const std::function<std::vector<uint8_t>(const BlobRef&)>& read);

}  // namespace tensorpane
