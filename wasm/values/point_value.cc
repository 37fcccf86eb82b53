#include "values/point_value.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "events/tensor.h"
#include "values/tensor_stats.h"

namespace tensorpane {
namespace {

/// The payload as one message: `joined` holds it if it stood in parts.
Bytes Whole(Storage storage, bool split, Bytes payload, std::string* joined) {
  if (!split) return payload;
  *joined = JoinParts(payload, PayloadField(storage));
  return AsBytes(*joined);
}

bool IsReal(NumberKind kind) { return kind != NumberKind::kNotANumber && kind != NumberKind::kComplex; }

/// A number as text, so that it loses nothing on the way through JSON.
void WriteNumberText(std::string_view name, const Tensor& tensor, uint64_t i, JsonWriter* json) {
  JsonWriter number;
  WriteTensorElement(tensor, i, &number);
  json->Key(name);
  json->Text(number.text());
}

void WriteStats(const Tensor& tensor, JsonWriter* json) {
  const TensorStats stats = StatsOf(tensor);
  const auto count = [json](std::string_view name, uint64_t number) {
    json->Key(name);
    json->Unsigned(number);
  };
  count("nan", stats.nan);
  count("positiveInfinite", stats.positive_infinite);
  count("negativeInfinite", stats.negative_infinite);
  if (!stats.min_at) return;
  WriteNumberText("min", tensor, *stats.min_at, json);
  WriteNumberText("max", tensor, *stats.max_at, json);
  json->Key("mean");
  json->Double(stats.mean);
}

/// Whether an integer is one that a double may not hold.
bool IsBeyondDouble(double number) { return std::abs(number) >= 9007199254740992; }

void ListNumbers(const Tensor& tensor, PointValue* value, JsonWriter* json) {
  const NumberKind kind = InfoOf(tensor.dtype).kind;
  const uint64_t count = tensor.elements();
  if (kind == NumberKind::kComplex) {
    for (uint64_t i = 0; i < count; ++i) {
      for (const int part : {0, 1}) value->numbers.push_back(ComplexPart(tensor, i, part));
    }
    return;
  }
  value->numbers.reserve(static_cast<size_t>(count));
  for (uint64_t i = 0; i < count; ++i) value->numbers.push_back(ElementAsDouble(tensor, i));
  const bool whole = kind == NumberKind::kSigned || kind == NumberKind::kUnsigned;
  if (!whole || std::none_of(value->numbers.begin(), value->numbers.end(), IsBeyondDouble)) return;
  // Only integers of 64 bits are that large.
  json->Key("exact");
  json->Bool(true);
  value->numbers.resize(2 * static_cast<size_t>(count));
  std::memcpy(value->numbers.data() + count, tensor.data.data(), 8 * static_cast<size_t>(count));
}

/// The longest beginning of at most `most` bytes that does not end inside a character of UTF-8.
Bytes Beginning(Bytes text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most;
  // A character has at most three bytes behind its first one.
  for (int i = 0; i < 3 && end > 0 && (text[end] & 0xC0) == 0x80; ++i) --end;
  return text.first((text[end] & 0xC0) == 0x80 ? most : end);
}

/// Each string as text, or as {start, bytes} if only its beginning is there.
void ListStrings(const Tensor& tensor, JsonWriter* json) {
  size_t left = kMaxShownStrings;
  json->Key("strings");
  json->BeginArray();
  for (const Bytes string : tensor.strings) {
    const Bytes start = Beginning(string, std::min(left, kMaxShownString));
    left -= start.size();
    if (start.size() == string.size()) {
      json->Text(ToValidUtf8(string));
      continue;
    }
    json->BeginObject();
    json->Key("start");
    json->Text(ToValidUtf8(start));
    json->Key("bytes");
    json->Unsigned(string.size());
    json->EndObject();
  }
  json->EndArray();
}

void ReadTensor(Bytes payload, PointValue* value, JsonWriter* json) {
  const Tensor tensor = DecodeTensor(payload, kMaxValueBytes);
  const NumberKind kind = InfoOf(tensor.dtype).kind;
  json->Key("dtype");
  json->Text(DTypeName(tensor));
  json->Key("dtypeNumber");
  json->Unsigned(tensor.dtype_number);
  json->Key("shape");
  json->BeginArray();
  for (const int64_t size : tensor.shape) json->Integer(size);
  json->EndArray();
  if (!tensor.error.empty()) {
    json->Key("error");
    json->Text(tensor.error);
    return;
  }
  const uint64_t count = tensor.elements();
  json->Key("count");
  json->Unsigned(count);
  const bool is_string = tensor.dtype == DType::kString;
  if (!is_string) WriteStats(tensor, json);
  const bool is_map = tensor.shape.size() == 2 && IsReal(kind);
  if (count > (is_map ? kMaxMapped : kMaxListed)) return;
  if (is_string) {
    ListStrings(tensor, json);
  } else {
    ListNumbers(tensor, value, json);
  }
}

}  // namespace

PointValue ReadPointValue(Storage storage, bool split, Bytes payload) {
  PointValue value;
  std::string joined;
  const Bytes whole = Whole(storage, split, payload, &joined);
  JsonWriter json;
  json.BeginObject();
  json.Key("kind");
  json.Text(storage == Storage::kTensor ? "tensor" : "message");
  json.Key("storage");
  json.Text(Name(storage));
  json.Key("bytes");
  json.Unsigned(whole.size());
  if (storage == Storage::kTensor) ReadTensor(whole, &value, &json);
  json.EndObject();
  value.facts = json.Take();
  return value;
}

std::string ContentOf(Storage storage, bool split, Bytes payload) {
  std::string joined;
  const Bytes whole = Whole(storage, split, payload, &joined);
  if (storage == Storage::kTensor) {
    Tensor tensor = DecodeTensor(whole, kMaxValueBytes);
    if (tensor.error.empty() && tensor.dtype != DType::kString) return std::move(tensor.data);
    if (tensor.error.empty()) return LengthPrefixed(tensor.strings);
  }
  return std::string(AsText(whole));
}

}  // namespace tensorpane
