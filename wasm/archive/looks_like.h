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

/// How a file is to be opened before there are events in it.
enum class ArchiveKind : uint8_t { kNone, kGzip, kZlib, kZip, kTar };

/// The kind of a file that begins with `start`, up to kKindBytes of it. Of every tar the whole first header
/// is looked at, and of a record file that happens to begin as zlib does the length field, so give all there
/// are.
ArchiveKind KindOf(Bytes start);
inline constexpr size_t kKindBytes = 512;

}  // namespace tensorpane
