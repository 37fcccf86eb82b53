#include "events/scalar_tensor.h"

#include <array>
#include <cmath>

#include "base/json_writer.h"
#include "events/half.h"
#include "events/tensor.h"
#include "events/tensor_fields.h"

namespace tensorpane {
namespace {

/// A typed list: how many values, and the first of them as it is on the wire.
struct List {
  uint64_t count = 0;
  uint64_t first = 0;

  void Take(uint64_t bits) {
    if (count++ == 0) first = bits;
  }
};

struct Fields {
  DType dtype = DType::kInvalid;
  uint64_t dtype_number = 0;
  uint64_t elements = 1;
  Bytes content;
  std::array<List, kTensorLists> lists;
};

bool ReadFields(Bytes bytes, Fields* fields, std::vector<int64_t>* sizes) {
  WholeRecord record(bytes);
  Cursor<WholeRecord> cursor(record, 0, bytes.size());
  Field field;
  while (cursor.Next(&field)) {
    const Bytes content =
        field.type == WireType::kBytes ? InMemory(bytes.data() + field.offset, field.length) : Bytes();
    if (field.number == kTensorDtype && field.type == WireType::kVarint) {
      fields->dtype_number = field.value;
      fields->dtype = field.value < 256 ? static_cast<DType>(field.value) : DType::kInvalid;
    } else if (field.number == kTensorShape && field.type == WireType::kBytes) {
      if (!ReadTensorShape(record, field, sizes, &fields->elements)) return false;
    } else if (field.number == kTensorContent && field.type == WireType::kBytes) {
      fields->content = content;
    } else if (field.number >= kFirstTensorList && field.number < kTensorLists) {
      List& list = fields->lists[field.number];
      const WireType type = TensorListType(field.number);
      if (field.number == kFloat8List) {
        for (const uint8_t byte : content) list.Take(byte);
      } else if (field.type == type) {
        list.Take(field.value);
      } else if (field.type == WireType::kBytes &&
                 !ForEachPacked(type, content, [&list](uint64_t bits) { list.Take(bits); })) {
        return false;
      }
    }
  }
  return cursor.stop() == Cursor<WholeRecord>::Stop::kEnd;
}

/// The first element as bits, low bytes first, from whichever place it is stored in.
uint64_t FirstBits(const Fields& tensor, const DTypeInfo& info) {
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

double NumberOf(uint64_t bits, const Fields& tensor, const DTypeInfo& info, Scalar* scalar) {
  const int unused = 64 - 8 * std::min<int>(info.bytes, 8);
  switch (info.kind) {
    case NumberKind::kFloat:
      return FloatOfBits(tensor.dtype, bits);
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

/// The tensor as nearly every scalar is written: dtype float, the empty shape, and one float as
/// tensor_content (tf.summary) or as packed float_val (torch).
bool IsPlainFloat(Bytes bytes) {
  constexpr uint32_t kDtypeAndShape = 0x00120108;  // fields 1 = 1 and 2 = {}, as they lie
  return bytes.size() == 10 && LoadLittleEndian<uint32_t>(bytes.data()) == kDtypeAndShape &&
         (bytes[4] == 0x22 || bytes[4] == 0x2A) && bytes[5] == sizeof(float);
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
  const Tensor tensor = DecodeTensor(bytes);
  if (!tensor.error.empty()) return SetError(tensor.error, scalar);
  JsonWriter json;
  WriteStringsInfo(tensor, &json);
  scalar->exact = json.Take();
  scalar->value = NAN;
  scalar->is_number = false;
}

}  // namespace

void DecodeScalarTensor(Bytes bytes, Scalar* scalar) {
  scalar->shape.clear();
  scalar->exact.clear();
  scalar->is_number = true;
  if (IsPlainFloat(bytes)) {
    scalar->dtype = DType::kFloat;
    scalar->value = LoadLittleEndian<float>(bytes.data() + 6);
    return;
  }
  Fields tensor;
  if (!ReadFields(bytes, &tensor, &scalar->shape)) {
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
