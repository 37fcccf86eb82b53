#pragma once

#include <string_view>

#include "base/bytes.h"

namespace tensorpane {

/// What a file is that holds no event: judged by its first bytes, never by its name. `start` = up to kSniffed
/// of them.
std::string_view LooksLike(Bytes start);
inline constexpr size_t kSniffed = 64 << 10;

/// What happened to an event file on its way, or nothing: a transfer in text mode (every 0A became 0D 0A), or
/// bytes read as UTF-8 and written back (invalid ones became EF BF BD). Only for a file that is damaged.
std::string_view LooksMangled(Bytes start);

}  // namespace tensorpane
