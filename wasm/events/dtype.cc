#include "events/dtype.h"

#include "base/bytes.h"
#include "events/half.h"

namespace tensorpane {

DTypeInfo InfoOf(DType dtype) {
  constexpr uint8_t kFloatVal = 5, kDoubleVal = 6, kIntVal = 7, kStringVal = 8, kScomplexVal = 9,
                    kInt64Val = 10, kBoolVal = 11, kDcomplexVal = 12, kHalfVal = 13, kUint32Val = 16,
                    kUint64Val = 17, kFloat8Val = 18;
  switch (dtype) {
    case DType::kFloat:
      return {"float32", NumberKind::kFloat, 4, kFloatVal};
    case DType::kDouble:
      return {"float64", NumberKind::kFloat, 8, kDoubleVal};
    case DType::kHalf:
      return {"float16", NumberKind::kFloat, 2, kHalfVal};
    case DType::kBfloat16:
      return {"bfloat16", NumberKind::kFloat, 2, kHalfVal};
    case DType::kFloat8E5m2:
      return {"float8_e5m2", NumberKind::kFloat, 1, kFloat8Val};
    case DType::kFloat8E4m3fn:
      return {"float8_e4m3fn", NumberKind::kFloat, 1, kFloat8Val};
    case DType::kInt8:
    case DType::kQint8:
      return {"int8", NumberKind::kSigned, 1, kIntVal};
    case DType::kInt16:
    case DType::kQint16:
      return {"int16", NumberKind::kSigned, 2, kIntVal};
    case DType::kInt32:
    case DType::kQint32:
      return {"int32", NumberKind::kSigned, 4, kIntVal};
    case DType::kInt64:
      return {"int64", NumberKind::kSigned, 8, kInt64Val};
    case DType::kUint8:
    case DType::kQuint8:
      return {"uint8", NumberKind::kUnsigned, 1, kIntVal};
    case DType::kUint16:
    case DType::kQuint16:
      return {"uint16", NumberKind::kUnsigned, 2, kIntVal};
    case DType::kUint32:
      return {"uint32", NumberKind::kUnsigned, 4, kUint32Val};
    case DType::kUint64:
      return {"uint64", NumberKind::kUnsigned, 8, kUint64Val};
    case DType::kBool:
      return {"bool", NumberKind::kBool, 1, kBoolVal};
    case DType::kComplex64:
      return {"complex64", NumberKind::kComplex, 8, kScomplexVal};
    case DType::kComplex128:
      return {"complex128", NumberKind::kComplex, 16, kDcomplexVal};
    case DType::kString:
      return {"string", NumberKind::kNotANumber, 0, kStringVal};
    case DType::kInvalid:
      break;
  }
  return {};
}

double FloatOfBits(DType dtype, uint64_t bits) {
  switch (dtype) {
    case DType::kDouble:
      return BitCast<double>(bits);
    case DType::kHalf:
      return HalfToFloat(static_cast<uint16_t>(bits));
    case DType::kBfloat16:
      return Bfloat16ToFloat(static_cast<uint16_t>(bits));
    case DType::kFloat8E5m2:
      return HalfToFloat(static_cast<uint16_t>(bits << 8));  // the upper half of a binary16
    case DType::kFloat8E4m3fn:
      return Float8E4m3ToFloat(static_cast<uint8_t>(bits));
    default:
      return BitCast<float>(static_cast<uint32_t>(bits));
  }
}

}  // namespace tensorpane
