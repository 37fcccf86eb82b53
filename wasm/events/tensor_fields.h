#pragma once

#include <optional>
#include <vector>

#include "events/dtype.h"
#include "events/wire.h"

namespace tensorpane {

// TensorProto (tensorflow/core/framework/tensor.proto).
inline constexpr uint32_t kTensorDtype = 1, kTensorShape = 2, kTensorContent = 4;
/// Typed lists are fields 5 … 18; the last one is a string of bytes that are numbers (float8_val).
inline constexpr uint32_t kFirstTensorList = 5, kTensorLists = 19;
inline constexpr uint32_t kStringList = 8, kHalfList = 13, kUint32List = 16, kFloat8List = 18;

/// Wire type of one value of the typed list `field`, when it is not packed.
WireType TensorListType(uint32_t field);

inline constexpr uint64_t kNoElements = UINT64_MAX;

/// Reads a TensorShapeProto: dim = 2 {size = 1}. `elements` becomes the product of the sizes, or kNoElements
/// if one is negative or the product overflows. False = the message is malformed.
bool ReadTensorShape(WholeRecord& record, const Field& shape, std::vector<int64_t>* sizes,
                     uint64_t* elements);

/// What stands before the elements of a TensorProto.
struct TensorHead {
  DType dtype = DType::kInvalid;
  std::vector<int64_t> shape;  ///< empty = rank 0
  uint64_t elements = 1;       ///< as of ReadTensorShape
};
/// Reads it from the first bytes of a TensorProto. Nothing if they are malformed.
std::optional<TensorHead> ReadTensorHead(Bytes start);

/// Calls `f(bits)` for each value of a packed list, low bits first; false if the list does not end with a
/// whole value.
template <class F>
bool ForEachPacked(WireType type, Bytes bytes, F f) {
  if (type == WireType::kVarint) {
    uint64_t value = 0;
    int shift = 0;
    for (const uint8_t byte : bytes) {
      if (shift < 64) value |= static_cast<uint64_t>(byte & 127) << shift;
      shift += 7;
      if (byte >= 128) continue;
      f(value);
      value = 0;
      shift = 0;
    }
    return shift == 0;
  }
  const size_t size = type == WireType::kFixed32 ? 4 : 8;
  if (bytes.size() % size != 0) return false;
  for (size_t at = 0; at < bytes.size(); at += size) {
    const uint8_t* const p = bytes.data() + at;
    f(size == 4 ? LoadLittleEndian<uint32_t>(p) : LoadLittleEndian<uint64_t>(p));
  }
  return true;
}

}  // namespace tensorpane
