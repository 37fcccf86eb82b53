#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "projection/points.h"
#include "projection/simd.h"

namespace tensorpane {

/// Rows packed for products with many others: eight side by side, dimension by dimension, so that one load
/// has the same dimension of four of them.
class Panels {
 public:
  static constexpr uint32_t kWidth = 8;
  static constexpr uint32_t kPadding = 0xFFFFFFFF;  ///< the row of a place that is empty

  explicit Panels(uint32_t dimensions) : dimensions_(dimensions) {}

  void Reserve(size_t rows);
  /// Packs some rows, behind what is there; the last panel of them is filled up with padding.
  void Add(const Points& points, std::span<const uint32_t> rows);

  /// Of panels.
  size_t size() const { return rows_.size() / kWidth; }
  const float* Panel(size_t i) const { return &values_[i * dimensions_ * kWidth]; }
  const uint32_t* Rows(size_t i) const { return &rows_[i * kWidth]; }

 private:
  uint32_t dimensions_;
  std::vector<float> values_;
  std::vector<uint32_t> rows_;
};

/// The products of four rows with the eight of a panel. Each is summed dimension by dimension, as Product
/// does, so that equal rows have equal products.
struct Products {
  F4 low[4] = {}, high[4] = {};

  Products(const float* const* rows, const float* panel, uint32_t dimensions) {
    const float *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3];
    F4 a0{}, a1{}, b0{}, b1{}, c0{}, c1{}, d0{}, d1{};
    for (size_t i = 0; i < dimensions; ++i, panel += Panels::kWidth) {
      const F4 left = Load4(panel), right = Load4(panel + 4);
      const F4 x = Splat(a[i]), y = Splat(b[i]), z = Splat(c[i]), w = Splat(d[i]);
      a0 += x * left;
      a1 += x * right;
      b0 += y * left;
      b1 += y * right;
      c0 += z * left;
      c1 += z * right;
      d0 += w * left;
      d1 += w * right;
    }
    low[0] = a0, low[1] = b0, low[2] = c0, low[3] = d0;
    high[0] = a1, high[1] = b1, high[2] = c1, high[3] = d1;
  }
};

inline float Product(const float* a, const float* b, uint32_t dimensions) {
  float sum = 0;
  for (size_t i = 0; i < dimensions; ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace tensorpane
