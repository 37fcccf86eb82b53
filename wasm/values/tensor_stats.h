#pragma once

#include <cstdint>
#include <optional>

#include "events/tensor.h"

namespace tensorpane {

/// What stands for the numbers of a tensor. NaN and infinities are counted, and no part of the rest.
struct TensorStats {
  uint64_t nan = 0;  ///< of complex numbers: either part is NaN
  uint64_t positive_infinite = 0;
  uint64_t negative_infinite = 0;
  /// Indices of the first smallest and the first largest finite number; nothing if there is none, or if the
  /// numbers have no order (complex).
  std::optional<uint64_t> min_at;
  std::optional<uint64_t> max_at;
  double mean = 0;  ///< of the finite ones
};

/// Of a tensor that was decoded; strings have none, all is 0.
TensorStats StatsOf(const Tensor& tensor);

}  // namespace tensorpane
