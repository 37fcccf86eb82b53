#pragma once

#include <cstdint>
#include <optional>

namespace tensorpane {

/// An IEEE 754 binary16 as a float; exact.
float HalfToFloat(uint16_t bits);
/// A bfloat16 as a float: its upper half.
float Bfloat16ToFloat(uint16_t bits);
/// A float8 of 4 exponent and 3 fraction bits, without infinities (OCP 8-bit floating point, E4M3), as a
/// float; exact.
float Float8E4m3ToFloat(uint8_t bits);

/// The half or bfloat16 that a float is exactly; nothing if it is none. Any NaN is one NaN.
std::optional<uint16_t> ExactHalf(float number);
std::optional<uint16_t> ExactBfloat16(float number);

}  // namespace tensorpane
