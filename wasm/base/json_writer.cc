#include "base/json_writer.h"

#include <charconv>
#include <cmath>

namespace tensorpane {

void JsonWriter::Separate() {
  if (!first_) text_ += ',';
  first_ = false;
}

void JsonWriter::BeginObject() {
  Separate();
  text_ += '{';
  first_ = true;
}

void JsonWriter::EndObject() {
  text_ += '}';
  first_ = false;
}

void JsonWriter::BeginArray() {
  Separate();
  text_ += '[';
  first_ = true;
}

void JsonWriter::EndArray() {
  text_ += ']';
  first_ = false;
}

void JsonWriter::Key(std::string_view name) {
  Text(name);
  text_ += ':';
  first_ = true;
}

void JsonWriter::Text(std::string_view text) {
  Separate();
  text_ += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr char kHex[] = "0123456789abcdef";
      text_ += "\\u00";
      text_ += kHex[c >> 4];
      text_ += kHex[c & 15];
    } else {
      text_ += c;
    }
  }
  text_ += '"';
}

template <class T>
void JsonWriter::Number(T value) {
  Separate();
  char buffer[40];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  text_.append(buffer, result.ptr);
}

void JsonWriter::Integer(int64_t value) { Number(value); }
void JsonWriter::Unsigned(uint64_t value) { Number(value); }

void JsonWriter::Double(double value) {
  if (std::isnan(value)) return Text("NaN");
  if (std::isinf(value)) return Text(value > 0 ? "Infinity" : "-Infinity");
  Number(value);
}

void JsonWriter::Float(float value) {
  if (!std::isfinite(value)) return Double(value);
  Number(value);
}

void JsonWriter::Bool(bool value) { Raw(value ? "true" : "false"); }
void JsonWriter::Null() { Raw("null"); }

void JsonWriter::Raw(std::string_view json) {
  Separate();
  text_ += json;
}

}  // namespace tensorpane
