#include "projector/element_type.h"

#include "events/half.h"

namespace tensorpane {
namespace {

/// An element as the bits of a number of its size.
uint64_t LoadBits(const uint8_t* p, const ElementType& type) {
  uint64_t bits = 0;
  for (int i = 0; i < type.bytes; ++i) bits = bits << 8 | p[type.big_endian ? i : type.bytes - 1 - i];
  return bits;
}

float ToFloat(uint64_t bits, const ElementType& type) {
  switch (type.kind) {
    case ElementType::Kind::kFloat:
      if (type.bytes == 2) return HalfToFloat(static_cast<uint16_t>(bits));
      if (type.bytes == 4) return BitCast<float>(static_cast<uint32_t>(bits));
      return static_cast<float>(BitCast<double>(bits));
    case ElementType::Kind::kBfloat16:
      return Bfloat16ToFloat(static_cast<uint16_t>(bits));
    case ElementType::Kind::kSigned: {
      const int unused = 64 - 8 * type.bytes;
      return static_cast<float>(static_cast<int64_t>(bits << unused) >> unused);
    }
    case ElementType::Kind::kUnsigned:
      return static_cast<float>(bits);
  }
  return 0;
}

}  // namespace

std::optional<ElementType> ElementTypeOf(DType dtype) {
  const DTypeInfo info = InfoOf(dtype);
  switch (info.kind) {
    case NumberKind::kFloat:
      if (dtype == DType::kBfloat16) return ElementType{ElementType::Kind::kBfloat16, 2};
      if (info.bytes == 1) return std::nullopt;
      return ElementType{ElementType::Kind::kFloat, info.bytes};
    case NumberKind::kSigned:
      return ElementType{ElementType::Kind::kSigned, info.bytes};
    case NumberKind::kUnsigned:
    case NumberKind::kBool:
      return ElementType{ElementType::Kind::kUnsigned, info.bytes};
    case NumberKind::kComplex:
    case NumberKind::kNotANumber:
      return std::nullopt;
  }
  return std::nullopt;
}

void AppendFloats(const ElementType& type, Bytes elements, std::vector<float>* values) {
  const size_t count = elements.size() / type.bytes, start = values->size();
  values->resize(start + count);
  float* const to = values->data() + start;
  if (type.kind == ElementType::Kind::kFloat && type.bytes == 4 && !type.big_endian) {
    if (count > 0) std::memcpy(to, elements.data(), count * sizeof(float));
    return;
  }
  for (size_t i = 0; i < count; ++i) to[i] = ToFloat(LoadBits(&elements[i * type.bytes], type), type);
}

}  // namespace tensorpane
