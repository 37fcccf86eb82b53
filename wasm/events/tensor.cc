#include "events/tensor.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "events/half.h"
#include "events/tensor_fields.h"

namespace tensorpane {
namespace {

/// Appends one value of a typed list as an element of `size` bytes: the low ones of what is on the wire.
void AppendElement(uint64_t bits, size_t size, std::string* data) {
  data->append(reinterpret_cast<const char*>(&bits), size);
}

/// A typed list's values are whole elements, but for complex numbers, which are two.
size_t ValueBytes(const DTypeInfo& info) {
  return info.kind == NumberKind::kComplex ? info.bytes / 2 : info.bytes;
}

struct Parts {
  Tensor tensor;
  uint64_t elements = 1;
  Bytes content;
};

bool ReadHead(Bytes bytes, Parts* parts) {
  WholeRecord record(bytes);
  Cursor<WholeRecord> cursor(record, 0, bytes.size());
  Field field;
  while (cursor.Next(&field)) {
    if (field.number == kTensorDtype && field.type == WireType::kVarint) {
      parts->tensor.dtype_number = field.value;
      parts->tensor.dtype = field.value < 256 ? static_cast<DType>(field.value) : DType::kInvalid;
    } else if (field.number == kTensorShape && field.type == WireType::kBytes) {
      if (!ReadTensorShape(record, field, &parts->tensor.shape, &parts->elements)) return false;
    } else if (field.number == kTensorContent && field.type == WireType::kBytes) {
      parts->content = InMemory(bytes.data() + field.offset, field.length);
    }
  }
  return cursor.stop() == Cursor<WholeRecord>::Stop::kEnd;
}

/// Calls `take(bits)` for each value of one typed list; false if it is malformed.
template <class Take>
bool ForEachInList(Bytes bytes, uint32_t list, Take take) {
  WholeRecord record(bytes);
  Cursor<WholeRecord> cursor(record, 0, bytes.size());
  const WireType type = TensorListType(list);
  Field field;
  while (cursor.Next(&field)) {
    if (field.number != list) continue;
    const Bytes content =
        field.type == WireType::kBytes ? InMemory(bytes.data() + field.offset, field.length) : Bytes();
    if (list == kFloat8List) {
      for (const uint8_t byte : content) take(byte);
    } else if (field.type == type) {
      take(field.value);
    } else if (field.type == WireType::kBytes && !ForEachPacked(type, content, take)) {
      return false;
    }
  }
  return true;
}

/// Takes in at most one string more than there should be.
void ReadStrings(Bytes bytes, uint64_t elements, Tensor* tensor) {
  WholeRecord record(bytes);
  Cursor<WholeRecord> cursor(record, 0, bytes.size());
  Field field;
  while (tensor->strings.size() <= elements && cursor.Next(&field)) {
    if (field.number != kStringList || field.type != WireType::kBytes) continue;
    tensor->strings.push_back(InMemory(bytes.data() + field.offset, field.length));
  }
}

/// Takes the typed list of the tensor's dtype in, at most one element more than there should be; false if it
/// is malformed or does not fit its dtype.
bool ReadNumbers(Bytes bytes, const DTypeInfo& info, uint64_t elements, Tensor* tensor) {
  const size_t size = ValueBytes(info);
  const auto append = [&, most = (elements + 1) * info.bytes](uint64_t bits) {
    if (tensor->data.size() < most) AppendElement(bits, size, &tensor->data);
  };
  bool fits = true, any_wide = false;
  const auto take = [&](uint64_t bits) {
    any_wide |= info.field == kHalfList && bits > UINT16_MAX;
    // Any number but zero is true, also one whose low byte is zero (protobuf encoding).
    append(info.kind == NumberKind::kBool ? bits != 0 : bits);
  };
  if (!ForEachInList(bytes, info.field, take)) return false;
  // SummaryWriter.add_tensor of torch puts uint8 into uint32_val, which tensor.proto has for other types …
  if (tensor->data.empty() && tensor->dtype == DType::kUint8) {
    return ForEachInList(bytes, kUint32List, take);
  }
  if (!any_wide) return true;
  // … and the bits of a float32 into half_val (torch/utils/tensorboard/summary.py, half_to_int).
  tensor->data.clear();
  const auto take_float = [&](uint64_t bits) {
    const auto number = BitCast<float>(static_cast<uint32_t>(bits));
    const auto narrow = tensor->dtype == DType::kHalf ? ExactHalf(number) : ExactBfloat16(number);
    fits &= narrow.has_value();
    append(narrow.value_or(0));
  };
  return ForEachInList(bytes, info.field, take_float) && fits;
}

/// Bytes that are made of values which are not written: a few bytes of a file must not become a gigabyte, nor
/// the text of it several.
constexpr uint64_t kMaxSpread = 16 << 20;

Tensor Failed(Tensor tensor, std::string_view error) {
  tensor.error = error;
  tensor.data.clear();
  tensor.strings.clear();
  return tensor;
}

}  // namespace

uint64_t Tensor::elements() const {
  uint64_t product = 1;
  for (const int64_t size : shape) product *= static_cast<uint64_t>(size);
  return product;
}

Tensor DecodeTensor(Bytes bytes, uint64_t max_bytes) {
  Parts parts;
  if (!ReadHead(bytes, &parts)) return Failed(std::move(parts.tensor), "malformed tensor");
  Tensor tensor = std::move(parts.tensor);
  const DTypeInfo info = InfoOf(tensor.dtype);
  if (info.name.empty()) return Failed(std::move(tensor), "unknown dtype");
  if (parts.elements == kNoElements) return Failed(std::move(tensor), "impossible shape");
  const bool is_string = tensor.dtype == DType::kString;
  const uint64_t element_bytes = is_string ? sizeof(Bytes) : info.bytes;
  if (parts.elements > max_bytes / element_bytes) return Failed(std::move(tensor), "too big");
  if (!parts.content.empty() && !is_string) {
    if (parts.content.size() != parts.elements * info.bytes) {
      return Failed(std::move(tensor), "more or fewer bytes than the shape says");
    }
    tensor.data = AsText(parts.content);
    return tensor;
  }
  if (is_string) {
    ReadStrings(bytes, parts.elements, &tensor);
  } else if (!ReadNumbers(bytes, info, parts.elements, &tensor)) {
    return Failed(std::move(tensor), "values don't fit the dtype");
  }
  const uint64_t have = is_string ? tensor.strings.size() : tensor.data.size() / info.bytes;
  if (have > parts.elements) return Failed(std::move(tensor), "more values than the shape says");
  const uint64_t spread_bytes =
      is_string && have > 0 ? sizeof(Bytes) + tensor.strings.back().size() : element_bytes;
  if ((parts.elements - have) * spread_bytes > kMaxSpread) return Failed(std::move(tensor), "too big");
  if (have == 0 && parts.elements > 0 && !is_string) {
    tensor.data.resize(static_cast<size_t>(parts.elements * info.bytes));  // zeros: the default value
  } else if (have == 0 && parts.elements > 0) {
    return Failed(std::move(tensor), "fewer values than the shape says");
  }
  if (have > 0 && is_string) {
    tensor.strings.resize(static_cast<size_t>(parts.elements), tensor.strings.back());
  } else if (have > 0) {
    const std::string last = tensor.data.substr(static_cast<size_t>((have - 1) * info.bytes), info.bytes);
    for (uint64_t i = have; i < parts.elements; ++i) tensor.data += last;
  }
  return tensor;
}

double ElementAsDouble(const Tensor& tensor, uint64_t i) {
  const DTypeInfo info = InfoOf(tensor.dtype);
  uint64_t bits = 0;
  std::memcpy(&bits, tensor.data.data() + i * info.bytes, std::min<size_t>(info.bytes, sizeof bits));
  const int unused = 64 - 8 * std::min<int>(info.bytes, 8);
  switch (info.kind) {
    case NumberKind::kFloat:
      return FloatOfBits(tensor.dtype, bits);
    case NumberKind::kSigned:
      return static_cast<double>(static_cast<int64_t>(bits << unused) >> unused);
    case NumberKind::kUnsigned:
      return static_cast<double>(bits);
    case NumberKind::kBool:
      return bits != 0;
    case NumberKind::kComplex:
      return info.bytes == 16 ? BitCast<double>(bits) : BitCast<float>(static_cast<uint32_t>(bits));
    case NumberKind::kNotANumber:
      break;
  }
  return NAN;
}

double ComplexPart(const Tensor& tensor, uint64_t i, int part) {
  const uint8_t* const parts = AsBytes(tensor.data).data();
  if (tensor.dtype == DType::kComplex64) return LoadLittleEndian<float>(parts + i * 8 + part * 4);
  return LoadLittleEndian<double>(parts + i * 16 + part * 8);
}

std::string LengthPrefixed(const std::vector<Bytes>& strings) {
  std::string bytes;
  for (const Bytes string : strings) {
    AppendElement(string.size(), sizeof(uint64_t), &bytes);
    bytes.append(AsText(string));
  }
  return bytes;
}

std::string_view DTypeName(const Tensor& tensor) { return InfoOf(tensor.dtype).name; }

namespace {

/// The bytes that a dump hashes.
std::string HashedBytes(const Tensor& tensor) {
  std::string bytes;
  if (tensor.dtype == DType::kString) {
    bytes = LengthPrefixed(tensor.strings);
  } else if (tensor.dtype == DType::kBfloat16) {
    for (uint64_t i = 0; i < tensor.elements(); ++i) {
      const auto element = static_cast<float>(ElementAsDouble(tensor, i));
      bytes.append(reinterpret_cast<const char*>(&element), sizeof element);
    }
  } else {
    return tensor.data;
  }
  return bytes;
}

/// A part of a complex number as Python prints it: as short as reads back, and without ".0" where it is
/// whole.
void WriteComplex(const Tensor& tensor, uint64_t i, JsonWriter* json) {
  const auto part = [&](int which) {
    JsonWriter number;
    const double value = ComplexPart(tensor, i, which);
    if (tensor.dtype == DType::kComplex64) {
      number.Float(static_cast<float>(value));
    } else {
      number.Double(value);
    }
    std::string text = number.Take();
    std::erase(text, '"');
    return text;
  };
  const std::string real = part(0), imaginary = part(1);
  if (real == "0") return json->Text(imaginary + "j");
  const std::string sign = imaginary.starts_with('-') ? "" : "+";
  json->Text("(" + real + sign + imaginary + "j)");
}

}  // namespace

namespace {

void WriteString(const Tensor& tensor, uint64_t i, JsonWriter* json) {
  json->Text(ToValidUtf8(tensor.strings[static_cast<size_t>(i)]));
}

}  // namespace

void WriteTensorElement(const Tensor& tensor, uint64_t i, JsonWriter* json) {
  const DTypeInfo info = InfoOf(tensor.dtype);
  const auto at = static_cast<size_t>(i);
  uint64_t bits = 0;
  switch (info.kind) {
    case NumberKind::kNotANumber:
      return WriteString(tensor, i, json);
    case NumberKind::kBool:
      return json->Bool(tensor.data[at] != 0);
    case NumberKind::kComplex:
      return WriteComplex(tensor, i, json);
    case NumberKind::kFloat:
      if (info.bytes == 8) return json->Double(ElementAsDouble(tensor, i));
      return json->Float(static_cast<float>(ElementAsDouble(tensor, i)));
    case NumberKind::kSigned:
    case NumberKind::kUnsigned:
      break;
  }
  std::memcpy(&bits, tensor.data.data() + i * info.bytes, info.bytes);
  const int unused = 64 - 8 * info.bytes;
  if (info.kind == NumberKind::kUnsigned) return json->Unsigned(bits);
  json->Integer(static_cast<int64_t>(bits << unused) >> unused);
}

namespace {

using WriteElement = void(const Tensor&, uint64_t, JsonWriter*);

void WriteNested(const Tensor& tensor, WriteElement* write, JsonWriter* json) {
  if (tensor.shape.empty()) return write(tensor, 0, json);
  // Row by row: at element i, every dimension whose rows are full begins anew.
  const uint64_t count = tensor.elements();
  const size_t rank = tensor.shape.size();
  if (count == 0) {
    // The outer sizes that are not zero still show: [[], []].
    json->BeginArray();
    const bool rows = rank > 1 && tensor.shape[0] > 0 && tensor.shape[0] <= 64;
    for (int64_t row = 0; rows && row < tensor.shape[0]; ++row) {
      json->BeginArray();
      json->EndArray();
    }
    json->EndArray();
    return;
  }
  std::vector<uint64_t> row(rank);  // elements of one row of each dimension
  uint64_t product = 1;
  for (size_t dim = rank; dim-- > 0;) row[dim] = product *= static_cast<uint64_t>(tensor.shape[dim]);
  for (uint64_t i = 0; i < count; ++i) {
    for (size_t dim = 0; dim < rank; ++dim) {
      if (i % row[dim] == 0) json->BeginArray();
    }
    write(tensor, i, json);
    for (size_t dim = rank; dim-- > 0;) {
      if ((i + 1) % row[dim] == 0) json->EndArray();
    }
  }
}

void WriteExtremes(const Tensor& tensor, JsonWriter* json) {
  uint64_t min = 0, max = 0;
  for (uint64_t i = 1; i < tensor.elements(); ++i) {
    if (ElementAsDouble(tensor, i) < ElementAsDouble(tensor, min)) min = i;
    if (ElementAsDouble(tensor, i) > ElementAsDouble(tensor, max)) max = i;
  }
  json->Key("min");
  WriteTensorElement(tensor, min, json);
  json->Key("max");
  WriteTensorElement(tensor, max, json);
}

/// {dtype, shape, sha256}, and whatever `write_more` adds.
template <class Write>
void WriteInfo(const Tensor& tensor, JsonWriter* json, Write write_more) {
  json->BeginObject();
  json->Key("dtype");
  json->Text(tensor.dtype == DType::kBfloat16 ? "float32" : DTypeName(tensor));
  json->Key("shape");
  json->BeginArray();
  for (const int64_t size : tensor.shape) json->Integer(size);
  json->EndArray();
  json->Key("sha256");
  json->Text(Sha256Hex(AsBytes(HashedBytes(tensor))));
  write_more();
  json->EndObject();
}

void WriteIfFew(const Tensor& tensor, WriteElement* write, JsonWriter* json) {
  constexpr uint64_t kPrinted = 64;
  if (tensor.elements() > kPrinted) return;
  json->Key("values");
  WriteNested(tensor, write, json);
}

}  // namespace

void WriteTensorInfo(const Tensor& tensor, JsonWriter* json, bool extremes) {
  WriteInfo(tensor, json, [&] {
    const NumberKind kind = InfoOf(tensor.dtype).kind;
    const bool real =
        kind == NumberKind::kFloat || kind == NumberKind::kSigned || kind == NumberKind::kUnsigned;
    if (extremes && real && tensor.elements() > 0) WriteExtremes(tensor, json);
    if (!extremes) WriteIfFew(tensor, WriteTensorElement, json);
  });
}

void WriteStringsInfo(const Tensor& tensor, JsonWriter* json) {
  WriteInfo(tensor, json, [&] { WriteIfFew(tensor, WriteString, json); });
}

void WriteTensorElements(const Tensor& tensor, JsonWriter* json) {
  WriteNested(tensor, WriteTensorElement, json);
}

}  // namespace tensorpane
