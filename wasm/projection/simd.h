#pragma once

#include <cstdint>
#include <cstring>

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

/// Whether a comparison holds for any lane.
inline bool Any(I4 mask) {
  uint64_t halves[2];
  std::memcpy(halves, &mask, sizeof mask);
  return (halves[0] | halves[1]) != 0;
}

}  // namespace tensorpane
