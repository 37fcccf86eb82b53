#pragma once

#include <string_view>

namespace tensorpane {

/// Reads a number as Python's float() does, without "_" and with spaces around it: through the nearest double
/// to the nearest float. False if it is none.
bool ParseNumber(std::string_view text, float* value);
bool ParseNumber(std::string_view text, double* value);

/// Reads a plain decimal number that begins at `at`, as ParseNumber does: [+-] digits [. digits] [e [+-]
/// digits].
/// @return where it ends; null if none begins here, or it must be left to ParseNumber
const char* ScanNumber(const char* at, const char* end, float* value);

}  // namespace tensorpane
