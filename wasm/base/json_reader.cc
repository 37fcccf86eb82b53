#include "base/json_reader.h"

#include <cmath>
#include <cstdlib>

#include "base/utf8.h"

namespace tensorpane {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr uint32_t kFirstHighSurrogate = 0xD800, kFirstLowSurrogate = 0xDC00, kLastSurrogate = 0xDFFF;

bool IsHighSurrogate(uint32_t unit) { return unit >= kFirstHighSurrogate && unit < kFirstLowSurrogate; }
bool IsLowSurrogate(uint32_t unit) { return unit >= kFirstLowSurrogate && unit <= kLastSurrogate; }

/// Appends a code point as UTF-8 (Unicode 15, table 3-6); a lone surrogate is none and becomes U+FFFD.
void AppendUtf8(uint32_t point, std::string* text) {
  if (point >= kFirstHighSurrogate && point <= kLastSurrogate) point = 0xFFFD;
  const auto append = [text](uint32_t byte) { *text += static_cast<char>(byte); };
  const auto append_rest = [&](int shift) { append(0x80 | (point >> shift & 0x3F)); };
  if (point < 0x80) return append(point);
  if (point < 0x800) {
    append(0xC0 | point >> 6);
  } else if (point < 0x10000) {
    append(0xE0 | point >> 12);
    append_rest(6);
  } else {
    append(0xF0 | point >> 18);
    append_rest(12);
    append_rest(6);
  }
  append_rest(0);
}

}  // namespace

JsonReader::JsonReader(Bytes json, size_t max_depth) : json_(AsText(json)), max_depth_(max_depth) {
  Accept("\xEF\xBB\xBF");
}

JsonReader::Token JsonReader::Fail() {
  failed_ = true;
  return Token::kError;
}

JsonReader::Token JsonReader::Next() {
  if (failed_) return Token::kError;
  SkipSpace();
  switch (expect_) {
    case Expect::kValueOrEnd:
      if (Accept("]")) return Close(false);
      return Value();
    case Expect::kValue:
      return Value();
    case Expect::kKeyOrEnd:
      if (Accept("}")) return Close(true);
      return Key();
    case Expect::kKey:
      return Key();
    case Expect::kCommaOrEnd:
      break;
  }
  if (is_object_.empty()) return at_ == json_.size() ? Token::kEnd : Fail();
  const bool in_object = is_object_.back();
  if (Accept(in_object ? "}" : "]")) return Close(in_object);
  if (!Accept(",")) return Fail();
  SkipSpace();
  return in_object ? Key() : Value();
}

bool JsonReader::Skip(Token token) {
  // A member of an object is its key and the value.
  if (token == Token::kKey) token = Next();
  if (token == Token::kBeginObject || token == Token::kBeginArray) {
    const size_t outside = is_object_.size() - 1;
    while (token != Token::kError && is_object_.size() > outside) token = Next();
  }
  return token != Token::kError;
}

JsonReader::Token JsonReader::Value() {
  switch (Peek()) {
    case '{':
      return Open(true);
    case '[':
      return Open(false);
    case '"':
      return ReadText() ? AfterValue(Token::kText) : Fail();
    case 't':
      return Accept("true") ? AfterValue(Token::kTrue) : Fail();
    case 'f':
      return Accept("false") ? AfterValue(Token::kFalse) : Fail();
    case 'n':
      return Accept("null") ? AfterValue(Token::kNull) : Fail();
    default:
      return ReadNumber() ? AfterValue(Token::kNumber) : Fail();
  }
}

JsonReader::Token JsonReader::Key() {
  if (!ReadText()) return Fail();
  SkipSpace();
  if (!Accept(":")) return Fail();
  expect_ = Expect::kValue;
  return Token::kKey;
}

JsonReader::Token JsonReader::Open(bool is_object) {
  if (is_object_.size() == max_depth_) return Fail();
  ++at_;
  is_object_.push_back(is_object);
  expect_ = is_object ? Expect::kKeyOrEnd : Expect::kValueOrEnd;
  return is_object ? Token::kBeginObject : Token::kBeginArray;
}

JsonReader::Token JsonReader::Close(bool is_object) {
  is_object_.pop_back();
  return AfterValue(is_object ? Token::kEndObject : Token::kEndArray);
}

JsonReader::Token JsonReader::AfterValue(Token token) {
  expect_ = Expect::kCommaOrEnd;
  return token;
}

bool JsonReader::Accept(std::string_view text) {
  if (!json_.substr(at_).starts_with(text)) return false;
  at_ += text.size();
  return true;
}

void JsonReader::SkipSpace() {
  while (at_ < json_.size() && std::string_view(" \t\r\n").find(json_[at_]) != std::string_view::npos) ++at_;
}

bool JsonReader::ReadText() {
  if (!Accept("\"")) return false;
  text_.clear();
  for (;;) {
    const size_t start = at_;
    while (at_ < json_.size() && json_[at_] != '"' && json_[at_] != '\\' &&
           static_cast<uint8_t>(json_[at_]) >= 0x20) {
      ++at_;
    }
    text_ += json_.substr(start, at_ - start);
    if (Accept("\"")) break;
    if (!Accept("\\") || !ReadEscape()) return false;
  }
  text_ = ToValidUtf8(AsBytes(text_));
  return true;
}

bool JsonReader::ReadEscape() {
  constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  if (at_ == json_.size()) return false;
  const char name = json_[at_++];
  const size_t which = kNames.find(name);
  if (which != std::string_view::npos) {
    text_ += kMeanings[which];
    return true;
  }
  uint32_t unit = 0;
  if (name != 'u' || !ReadHex4(&unit)) return false;
  if (IsHighSurrogate(unit)) {
    // Only a low surrogate right behind it makes it a character; anything else is read for itself.
    const size_t behind = at_;
    uint32_t low = 0;
    if (Accept("\\u") && ReadHex4(&low) && IsLowSurrogate(low)) {
      unit = 0x10000 + ((unit - kFirstHighSurrogate) << 10) + (low - kFirstLowSurrogate);
    } else {
      at_ = behind;
    }
  }
  AppendUtf8(unit, &text_);
  return true;
}

bool JsonReader::ReadHex4(uint32_t* unit) {
  *unit = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = Peek();
    const char letter = static_cast<char>(c | 0x20);
    if (IsDigit(c)) {
      *unit = *unit << 4 | static_cast<uint32_t>(c - '0');
    } else if (letter >= 'a' && letter <= 'f') {
      *unit = *unit << 4 | static_cast<uint32_t>(letter - 'a' + 10);
    } else {
      return false;
    }
    ++at_;
  }
  return true;
}

bool JsonReader::ReadNumber() {
  const size_t start = at_;
  if (Accept("NaN")) {
    number_ = NAN;
    return true;
  }
  const bool negative = Accept("-");
  if (Accept("Infinity")) {
    number_ = negative ? -INFINITY : INFINITY;
    return true;
  }
  if (!Accept("0") && !SkipDigits()) return false;
  if (Accept(".") && !SkipDigits()) return false;
  if (Accept("e") || Accept("E")) {
    if (!Accept("+")) Accept("-");
    if (!SkipDigits()) return false;
  }
  // Not from_chars: libc++ of LLVM 14 has none for floating point.
  number_ = std::strtod(std::string(json_.substr(start, at_ - start)).c_str(), nullptr);
  return true;
}

bool JsonReader::SkipDigits() {
  const size_t start = at_;
  while (IsDigit(Peek())) ++at_;
  return at_ > start;
}

}  // namespace tensorpane
