#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "events/dtype.h"

namespace tensorpane {

class JsonWriter;

/// A decoded tensor. Numbers lie row by row, little-endian, in `data`; strings are views into the bytes that
/// were decoded.
struct Tensor {
  DType dtype = DType::kInvalid;
  uint64_t dtype_number = 0;   ///< as written, also where it is no DType
  std::vector<int64_t> shape;  ///< empty = rank 0
  std::string data;
  std::vector<Bytes> strings;
  /// Why nothing could be decoded; empty if all is well.
  std::string_view error;

  uint64_t elements() const;
};

inline constexpr uint64_t kMaxTensor = 1 << 30;

/// Decodes a TensorProto (tensorflow/core/framework/tensor.proto) of any dtype: `tensor_content`, or the
/// typed list of its dtype, packed or not. One value stands for all elements, and where there are fewer than
/// elements the last one goes on to the end (tensor.cc, FromProto). At most `max_bytes` are made of it, and
/// 16 MiB of values that are not written.
Tensor DecodeTensor(Bytes tensor, uint64_t max_bytes = kMaxTensor);

/// How a dump names a tensor without error that it does not print: {dtype, shape, sha256} of its bytes,
/// bfloat16 as float32; strings count with their length as a 64-bit number before each. `min` and `max` too,
/// if `extremes` and there are numbers.
void WriteTensorInfo(const Tensor& tensor, JsonWriter* json, bool extremes = false);
/// The same of a tensor of strings alone, without the code for numbers: all that the page's reader needs.
void WriteStringsInfo(const Tensor& tensor, JsonWriter* json);
/// Element `i` as JSON; what is no number is a string.
void WriteTensorElement(const Tensor& tensor, uint64_t i, JsonWriter* json);
/// All elements as JSON, nested by the shape.
void WriteTensorElements(const Tensor& tensor, JsonWriter* json);
/// "float32" …, as it lies in `data`; "bfloat16" says the dtype itself.
std::string_view DTypeName(const Tensor& tensor);

/// Element `i` as a double; bfloat16 and half are widened, complex is its real part.
double ElementAsDouble(const Tensor& tensor, uint64_t i);
/// Real (0) or imaginary (1) part of element `i` of a complex tensor.
double ComplexPart(const Tensor& tensor, uint64_t i, int part);

/// Strings in one piece: before each, its length as a 64-bit number.
std::string LengthPrefixed(const std::vector<Bytes>& strings);

}  // namespace tensorpane
