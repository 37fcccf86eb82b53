#pragma once

#include <string>

#include "log/log.h"

namespace tensorpane {

/// Everything in `log` as JSON, in the schema of tests/tools/compare.py (keys as TensorBoard's own readers
/// name them): the output of `tensorpane dump`, natively and in the page. Runs are in natural order of their
/// names.
std::string Dump(const Log& log);

}  // namespace tensorpane
