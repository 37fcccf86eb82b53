#pragma once

#include <cstdint>
#include <string_view>

namespace tensorpane {

/// tensorflow.DataType (tensorflow/core/framework/types.proto). A file may hold any other number.
enum class DType : uint8_t {
  kInvalid = 0,
  kFloat = 1,
  kDouble = 2,
  kInt32 = 3,
  kUint8 = 4,
  kInt16 = 5,
  kInt8 = 6,
  kString = 7,
  kComplex64 = 8,
  kInt64 = 9,
  kBool = 10,
  kQint8 = 11,
  kQuint8 = 12,
  kQint32 = 13,
  kBfloat16 = 14,
  kQint16 = 15,
  kQuint16 = 16,
  kUint16 = 17,
  kComplex128 = 18,
  kHalf = 19,
  kUint32 = 22,
  kUint64 = 23,
  kFloat8E5m2 = 24,
  kFloat8E4m3fn = 25,
};

/// How the numbers of a type are kept.
enum class NumberKind : uint8_t { kNotANumber, kFloat, kSigned, kUnsigned, kBool, kComplex };

struct DTypeInfo {
  /// Name as NumPy has it: float32, int64, … (as ml_dtypes has it for those that NumPy lacks); empty for a
  /// type that is not known.
  std::string_view name;
  NumberKind kind = NumberKind::kNotANumber;
  /// Size of one element in `tensor_content`, in bytes.
  uint8_t bytes = 0;
  /// The repeated field of TensorProto that holds the values otherwise (tensor.proto).
  uint8_t field = 0;
};

DTypeInfo InfoOf(DType dtype);

/// The number that the low bits are, as a dtype of NumberKind::kFloat has them; exact.
double FloatOfBits(DType dtype, uint64_t bits);

}  // namespace tensorpane
