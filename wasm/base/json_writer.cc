#include "base/json_writer.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

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
  char buffer[24];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  text_.append(buffer, result.ptr);
}

void JsonWriter::Integer(int64_t value) { Number(value); }
void JsonWriter::Unsigned(uint64_t value) { Number(value); }

template <class Read>
void JsonWriter::Shortest(double value, int digits, Read reads_back) {
  // Not to_chars: libc++ of LLVM 14 has none for floating point.
  char buffer[40];
  int length;
  do {
    length = std::snprintf(buffer, sizeof buffer, "%.*g", digits++, value);
  } while (!reads_back(buffer));
  Separate();
  text_.append(buffer, static_cast<size_t>(length));
}

void JsonWriter::Double(double value) {
  constexpr double kWhole = 1e15;  // below it every whole number is its own shortest form
  if (std::isnan(value)) return Text("NaN");
  if (std::isinf(value)) return Text(value > 0 ? "Infinity" : "-Infinity");
  if (std::abs(value) < kWhole && value == std::trunc(value) && !(value == 0 && std::signbit(value))) {
    return Integer(static_cast<int64_t>(value));
  }
  Shortest(value, 15, [value](const char* text) { return std::strtod(text, nullptr) == value; });
}

void JsonWriter::Float(float value) {
  constexpr float kWhole = 1e6f;
  if (!std::isfinite(value) || (std::abs(value) < kWhole && value == std::trunc(value))) return Double(value);
  Shortest(value, 6, [value](const char* text) { return std::strtof(text, nullptr) == value; });
}

void JsonWriter::Bool(bool value) { Raw(value ? "true" : "false"); }
void JsonWriter::Null() { Raw("null"); }

void JsonWriter::Raw(std::string_view json) {
  Separate();
  text_ += json;
}

}  // namespace tensorpane
