#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "events/dtype.h"

namespace tensorpane {

/// The type of the elements of a binary array: real numbers, 1, 2, 4 or 8 bytes each.
struct ElementType {
  enum class Kind : uint8_t { kFloat, kSigned, kUnsigned, kBfloat16 };
  Kind kind = Kind::kFloat;
  uint8_t bytes = 4;
  bool big_endian = false;
};

/// Nothing if it holds no real numbers, or floats of 8 bits.
std::optional<ElementType> ElementTypeOf(DType dtype);

/// Appends whole elements as the nearest floats.
void AppendFloats(const ElementType& type, Bytes elements, std::vector<float>* values);

}  // namespace tensorpane
