#pragma once

#include <cstdint>

namespace tensorpane {

/// An IEEE 754 binary16 as a float; exact.
float HalfToFloat(uint16_t bits);
/// A bfloat16 as a float: its upper half.
float Bfloat16ToFloat(uint16_t bits);

}  // namespace tensorpane
