#include "events/scalar_tensor.h"

#include <array>
#include <cmath>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "events/wire.h"
#include "tensor.pb.h"

namespace tensorpane {
namespace {

// TensorProto (tensorflow/core/framework/tensor.proto).
constexpr uint32_t kDtypeField = 1, kShapeField = 2, kContentField = 4;
constexpr size_t kLists = 18;  // typed lists are fields 5 … 17

/// A typed list: how many values, and the first of them as it is on the wire.
struct List {
  uint64_t count = 0;
  uint64_t first = 0;
};

constexpr uint64_t kNoSize = UINT64_MAX;

struct Tensor {
  DType dtype = DType::kInvalid;
  uint64_t dtype_number = 0;
  /// Product of the sizes; kNoSize if a size is negative or the product overflows.
  uint64_t elements = 1;
  Bytes content;
  std::array<List, kLists> lists;
};

WireType ElementType(uint32_t field) {
  switch (field) {
    case 5:
    case 9:
      return WireType::kFixed32;
    case 6:
    case 12:
      return WireType::kFixed64;
    case 8:
      return WireType::kBytes;
    default:
      return WireType::kVarint;
  }
}

/// Counts the values of a packed list; false if it does not end with a whole one.
bool AddPacked(WireType type, Bytes bytes, List* list) {
  if (type == WireType::kVarint) {
    uint64_t value = 0;
    int shift = 0;
    for (const uint8_t byte : bytes) {
      if (shift < 64) value |= static_cast<uint64_t>(byte & 127) << shift;
      shift += 7;
      if (byte >= 128) continue;
      if (list->count++ == 0) list->first = value;
      value = 0;
      shift = 0;
    }
    return shift == 0;
  }
  const size_t size = type == WireType::kFixed32 ? 4 : 8;
  if (bytes.size() % size != 0) return false;
  if (list->count == 0 && !bytes.empty()) {
    list->first =
        size == 4 ? LoadLittleEndian<uint32_t>(bytes.data()) : LoadLittleEndian<uint64_t>(bytes.data());
  }
  list->count += bytes.size() / size;
  return true;
}

/// TensorShapeProto: dim = 2 {size = 1}.
bool ReadShape(WholeRecord& record, const Field& shape, Tensor* tensor, std::vector<int64_t>* sizes) {
  Cursor<WholeRecord> dims(record, shape.offset, shape.length);
  Field dim;
  while (dims.Next(&dim)) {
    if (dim.number != 2 || dim.type != WireType::kBytes) continue;
    int64_t size = 0;
    Cursor<WholeRecord> fields(record, dim.offset, dim.length);
    Field field;
    while (fields.Next(&field)) {
      if (field.number == 1 && field.type == WireType::kVarint) size = static_cast<int64_t>(field.value);
    }
    if (fields.stop() != Cursor<WholeRecord>::Stop::kEnd) return false;
    sizes->push_back(size);
    if (size < 0 || tensor->elements == kNoSize ||
        __builtin_mul_overflow(tensor->elements, static_cast<uint64_t>(size), &tensor->elements)) {
      tensor->elements = kNoSize;
    }
  }
  return dims.stop() == Cursor<WholeRecord>::Stop::kEnd;
}

bool ReadTensor(Bytes bytes, Tensor* tensor, std::vector<int64_t>* sizes) {
  WholeRecord record(bytes);
  Cursor<WholeRecord> cursor(record, 0, bytes.size());
  Field field;
  while (cursor.Next(&field)) {
    const Bytes content =
        field.type == WireType::kBytes ? InMemory(bytes.data() + field.offset, field.length) : Bytes();
    if (field.number == kDtypeField && field.type == WireType::kVarint) {
      tensor->dtype_number = field.value;
      tensor->dtype = field.value < 256 ? static_cast<DType>(field.value) : DType::kInvalid;
    } else if (field.number == kShapeField && field.type == WireType::kBytes) {
      if (!ReadShape(record, field, tensor, sizes)) return false;
    } else if (field.number == kContentField && field.type == WireType::kBytes) {
      tensor->content = content;
    } else if (field.number > kContentField && field.number < kLists) {
      List& list = tensor->lists[field.number];
      const WireType type = ElementType(field.number);
      if (field.type == type) {
        if (list.count++ == 0) list.first = field.value;
      } else if (field.type == WireType::kBytes && !AddPacked(type, content, &list)) {
        return false;
      }
    }
  }
  return cursor.stop() == Cursor<WholeRecord>::Stop::kEnd;
}

float HalfToFloat(uint16_t bits) {
  const uint32_t sign = bits >> 15, exponent = bits >> 10 & 31, fraction = bits & 1023;
  float magnitude;
  if (exponent == 0) {
    magnitude = std::ldexp(static_cast<float>(fraction), -24);
  } else if (exponent == 31) {
    magnitude = fraction == 0 ? INFINITY : NAN;
  } else {
    magnitude = std::ldexp(static_cast<float>(fraction + 1024), static_cast<int>(exponent) - 25);
  }
  return sign ? -magnitude : magnitude;
}

/// The first element as bits, low bytes first, from whichever place it is stored in.
uint64_t FirstBits(const Tensor& tensor, const DTypeInfo& info) {
  if (tensor.content.empty()) return tensor.lists[info.field].first;
  uint64_t bits = 0;
  std::memcpy(&bits, tensor.content.data(), std::min<size_t>(info.bytes, sizeof bits));
  return bits;
}

template <class Integer>
double IntegerValue(Integer integer, Scalar* scalar) {
  constexpr auto kExactLimit = Integer{1} << 53;
  if (integer > kExactLimit || (std::is_signed_v<Integer> && integer < -kExactLimit)) {
    scalar->exact = std::to_string(integer);
  }
  return static_cast<double>(integer);
}

double NumberOf(uint64_t bits, const Tensor& tensor, const DTypeInfo& info, Scalar* scalar) {
  const int unused = 64 - 8 * std::min<int>(info.bytes, 8);
  switch (info.kind) {
    case NumberKind::kFloat:
      if (info.bytes == 8) return BitCast<double>(bits);
      if (info.bytes == 4) return BitCast<float>(static_cast<uint32_t>(bits));
      if (tensor.dtype == DType::kHalf) return HalfToFloat(static_cast<uint16_t>(bits));
      return BitCast<float>(static_cast<uint32_t>(bits) << 16);
    case NumberKind::kSigned:
      return IntegerValue(static_cast<int64_t>(bits << unused) >> unused, scalar);
    case NumberKind::kUnsigned:
      return IntegerValue(bits << unused >> unused, scalar);
    case NumberKind::kBool:
      return bits != 0;
    case NumberKind::kComplex:
    case NumberKind::kNotANumber:
      break;
  }
  return NAN;
}

void SetError(std::string_view error, Scalar* scalar) {
  JsonWriter json;
  json.BeginObject();
  json.Key("error");
  json.Text(error);
  json.EndObject();
  scalar->exact = json.Take();
  scalar->value = NAN;
  scalar->is_number = false;
}

/// Strings where a number should be: described like any tensor of strings in a dump.
void DescribeStrings(Bytes bytes, Scalar* scalar) {
  TensorProto tensor;
  if (!tensor.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return SetError("malformed tensor", scalar);
  std::string data;
  for (const std::string& text : tensor.string_val()) {
    const uint64_t size = text.size();
    data.append(reinterpret_cast<const char*>(&size), sizeof size);
    data.append(text);
  }
  JsonWriter json;
  json.BeginObject();
  json.Key("dtype");
  json.Text("string");
  json.Key("shape");
  json.BeginArray();
  for (const int64_t size : scalar->shape) json.Integer(size);
  json.EndArray();
  json.Key("sha256");
  json.Text(Sha256Hex(AsBytes(data)));
  json.EndObject();
  scalar->exact = json.Take();
  scalar->value = NAN;
  scalar->is_number = false;
}

}  // namespace

void DecodeScalarTensor(Bytes bytes, Scalar* scalar) {
  scalar->shape.clear();
  scalar->exact.clear();
  scalar->is_number = true;
  Tensor tensor;
  if (!ReadTensor(bytes, &tensor, &scalar->shape)) {
    scalar->dtype = DType::kInvalid;
    return SetError("malformed tensor", scalar);
  }
  scalar->dtype = tensor.dtype;
  if (tensor.dtype == DType::kString) return DescribeStrings(bytes, scalar);
  const DTypeInfo info = InfoOf(tensor.dtype);
  if (info.kind == NumberKind::kNotANumber) {
    return SetError("dtype " + std::to_string(tensor.dtype_number) + ", want a number", scalar);
  }
  if (info.kind == NumberKind::kComplex) return SetError("a complex number, want a real one", scalar);
  if (tensor.elements != 1) return SetError("a tensor of several numbers or none, want one", scalar);
  const bool right_size =
      tensor.content.empty() ? tensor.lists[info.field].count <= 1 : tensor.content.size() == info.bytes;
  if (!right_size) return SetError("more or fewer bytes than the shape says", scalar);
  // No value at all under a shape of one element is the default value: tensorflow/core/framework/tensor.cc,
  // FromProto.
  scalar->value = NumberOf(FirstBits(tensor, info), tensor, info, scalar);
}

}  // namespace tensorpane
