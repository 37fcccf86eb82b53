#pragma once

#include <span>
#include <string_view>

namespace tensorpane {

/// Reads a number as Python's float() does, without "_" and with spaces around it: through the nearest double
/// to the nearest float. False if it is none.
bool ParseNumber(std::string_view text, float* value);
bool ParseNumber(std::string_view text, double* value);

/// Reads a row of plain decimal numbers, each as ParseNumber does: [+-] digits [. digits] [e [+-] digits]. A
/// separator is between them, of spaces one or more. All are finite.
/// @param end of what may be looked at, which may be behind the row
/// @return where the last one ends; null if there are fewer, or some must be left to ParseNumber
const char* ScanNumbers(const char* at, const char* end, char separator, std::span<float> numbers);

}  // namespace tensorpane
