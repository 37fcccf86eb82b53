#include "events/half.h"

#include <cmath>

#include "base/bytes.h"

namespace tensorpane {

float HalfToFloat(uint16_t bits) {
  const uint32_t exponent = bits >> 10 & 31, fraction = bits & 1023;
  float magnitude;
  if (exponent == 0) {
    magnitude = std::ldexp(static_cast<float>(fraction), -24);
  } else if (exponent == 31) {
    magnitude = fraction == 0 ? INFINITY : NAN;
  } else {
    magnitude = std::ldexp(static_cast<float>(fraction + 1024), static_cast<int>(exponent) - 25);
  }
  return bits >> 15 ? -magnitude : magnitude;
}

float Bfloat16ToFloat(uint16_t bits) { return BitCast<float>(static_cast<uint32_t>(bits) << 16); }

float Float8E4m3ToFloat(uint8_t bits) {
  const int exponent = bits >> 3 & 15, fraction = bits & 7;
  float magnitude;
  if ((bits & 127) == 127) {
    magnitude = NAN;
  } else if (exponent == 0) {
    magnitude = std::ldexp(static_cast<float>(fraction), -9);
  } else {
    magnitude = std::ldexp(static_cast<float>(fraction + 8), exponent - 10);
  }
  return bits >> 7 ? -magnitude : magnitude;
}

std::optional<uint16_t> ExactHalf(float number) {
  const auto bits = BitCast<uint32_t>(number);
  const uint16_t sign = bits >> 16 & 0x8000;
  if (std::isnan(number)) return sign | 0x7E00;
  if (std::isinf(number)) return sign | 0x7C00;
  const float magnitude = std::fabs(number);
  if (magnitude >= 65536) return {};
  uint32_t half;
  if (magnitude < std::ldexp(1.f, -14)) {
    half = static_cast<uint32_t>(std::ldexp(magnitude, 24));  // subnormal
  } else {
    half = ((bits >> 23 & 255) - 112) << 10 | (bits >> 13 & 1023);
  }
  const auto candidate = static_cast<uint16_t>(sign | half);
  return HalfToFloat(candidate) == number ? std::optional(candidate) : std::nullopt;
}

std::optional<uint16_t> ExactBfloat16(float number) {
  const auto bits = BitCast<uint32_t>(number);
  if (std::isnan(number)) return bits >> 16 | 0x7FC0;
  return (bits & UINT16_MAX) == 0 ? std::optional(static_cast<uint16_t>(bits >> 16)) : std::nullopt;
}

}  // namespace tensorpane
