#pragma once

#include <string>

#include "base/bytes.h"

namespace tensorpane {

/// SHA-256 (FIPS 180-4) of `bytes` in lower-case hex: how a dump names data that it does not print.
std::string Sha256Hex(Bytes bytes);

}  // namespace tensorpane
