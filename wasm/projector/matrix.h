#pragma once

#include <cstdint>
#include <vector>

namespace tensorpane {

/// Values of a matrix that is read, unless the caller sets another limit: 512 MiB of floats. Rows and columns
/// of a matrix without values are not more either.
constexpr uint64_t kMaxMatrixValues = 128 << 20;

/// What a reader does with the values of a matrix: all are checked, and kept or only counted, which takes no
/// memory.
enum class MatrixValues : uint8_t { kKept, kCounted };

/// The tensor of an embedding: a row per point.
struct Matrix {
  uint64_t rows = 0;
  uint64_t columns = 0;
  std::vector<float> values;  ///< rows × columns, row-major; none if they are only counted
};

}  // namespace tensorpane
