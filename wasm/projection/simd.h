#pragma once

#include <cstdint>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tensorpane {

/// Four floats or two doubles at once, by the vector extension that gcc and clang share: SIMD128 in wasm,
/// SSE2 natively, and plain code elsewhere.
using F4 = float __attribute__((vector_size(16)));
using I4 = int32_t __attribute__((vector_size(16)));
using D2 = double __attribute__((vector_size(16)));

inline F4 Load4(const float* p) {
  F4 v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline D2 Load2(const double* p) {
  D2 v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline void Store(F4 v, float* p) { std::memcpy(p, &v, sizeof v); }
inline void Store(D2 v, double* p) { std::memcpy(p, &v, sizeof v); }
inline F4 Splat(float v) { return F4{v, v, v, v}; }
inline D2 Splat(double v) { return D2{v, v}; }
inline float Sum(F4 v) { return (v[0] + v[2]) + (v[1] + v[3]); }

/// Bit i: whether a comparison holds for lane i. No vector extension has this.
inline uint32_t Bits(I4 mask) {
#if defined(__wasm_simd128__)
  return wasm_i32x4_bitmask(reinterpret_cast<v128_t>(mask));
#elif defined(__SSE2__)
  return static_cast<uint32_t>(_mm_movemask_ps(reinterpret_cast<__m128>(mask)));
#else
  return (mask[0] & 1) | (mask[1] & 2) | (mask[2] & 4) | (mask[3] & 8);
#endif
}

}  // namespace tensorpane
