#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "events/dtype.h"

namespace tensorpane {

/// A value of the scalars plugin, whatever way it was stored.
struct Scalar {
  double value = 0;
  DType dtype = DType::kFloat;
  std::vector<int64_t> shape;
  /// JSON of what a double cannot hold: an integer beyond 2^53, a string, a tensor of another size, an error.
  /// Empty for all ordinary values.
  std::string exact;
  /// It is a number. Otherwise `value` is NaN and `exact` says what is there instead.
  bool is_number = true;
};

/// Decodes a TensorProto that should hold one number: any numeric dtype, `tensor_content` or typed list,
/// packed or not, any rank with one element (tensorboard/util/tensor_util.py, make_ndarray, and what it
/// refuses: bfloat16 and the unsigned lists). `scalar` is overwritten.
void DecodeScalarTensor(Bytes tensor, Scalar* scalar);

}  // namespace tensorpane
