#pragma once

#include <string>

#include "base/bytes.h"

namespace tensorpane {

/// `bytes` as valid UTF-8. Each maximal part that is not becomes U+FFFD, as Unicode 15 §3.9 and Python's
/// "replace" do.
std::string ToValidUtf8(Bytes bytes);

}  // namespace tensorpane
