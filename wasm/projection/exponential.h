#pragma once

#include <cstring>

#include "projection/simd.h"

namespace tensorpane {

/// eˣ of four numbers, to 2 units in the last place; 0 below -87, as of -infinity. Not for x > 88.
inline F4 Exponential(F4 x) {
  const F4 least = Splat(-87.0f);
  const I4 is_usual = x > least;
  const F4 clamped =
      reinterpret_cast<F4>((reinterpret_cast<I4>(x) & is_usual) | (reinterpret_cast<I4>(least) & ~is_usual));
  // 2ⁿ eʳ, |r| ≤ log 2 / 2; n is rounded by adding 1.5 · 2²³. log 2 in two parts (Cody and Waite 1980).
  const F4 magic = Splat(12582912.0f);
  const F4 shifted = clamped * Splat(1.44269504f) + magic;
  const F4 n = shifted - magic;
  const F4 r = clamped - n * Splat(0.693359375f) + n * Splat(2.12194440e-4f);
  // Taylor's series: the next term is below 2e-8.
  F4 sum = Splat(1.0f / 5040);
  for (const float factor : {1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f}) {
    sum = sum * r + Splat(factor);
  }
  const I4 power = (reinterpret_cast<I4>(shifted) << 23) + (I4{127, 127, 127, 127} << 23);
  return reinterpret_cast<F4>(reinterpret_cast<I4>(sum * reinterpret_cast<F4>(power)) & is_usual);
}

}  // namespace tensorpane
