#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

/// Reads JSON text (RFC 8259) token by token: no tree is built and nothing recurses. As Python, whose `json`
/// most writers use, it also takes NaN, Infinity and -Infinity as numbers, and a byte order mark in front.
class JsonReader {
 public:
  enum class Token : uint8_t {
    kBeginObject,
    kEndObject,
    kBeginArray,
    kEndArray,
    kKey,  ///< of a member of an object, in text(); its value follows
    kText,
    kNumber,
    kTrue,
    kFalse,
    kNull,
    kEnd,    ///< one whole value was read and only space is behind it
    kError,  ///< not JSON, cut off, or nested too deep; stays so
  };
  static constexpr size_t kMaxDepth = 1000;  // about where Python's own reader gives up
  static constexpr size_t kAnyDepth = SIZE_MAX;

  /// `json` must outlive the reader. `max_depth`: what is nested deeper is an error.
  explicit JsonReader(Bytes json, size_t max_depth = kMaxDepth);

  Token Next();
  /// Reads to the end of the value that `token`, the last one from Next, begins. False = kError.
  bool Skip(Token token);

  /// The last key or text: escapes resolved, and what is no Unicode replaced by U+FFFD.
  const std::string& text() const { return text_; }
  /// The last number.
  double number() const { return number_; }
  /// Where in the text the last token ends.
  size_t position() const { return at_; }

 private:
  enum class Expect : uint8_t { kValue, kValueOrEnd, kKey, kKeyOrEnd, kCommaOrEnd };

  Token Fail();
  Token Value();
  Token Key();
  Token Open(bool is_object);
  Token Close(bool is_object);
  Token AfterValue(Token token);
  bool Accept(std::string_view text);
  void SkipSpace();
  bool ReadText();
  bool ReadEscape();
  bool ReadHex4(uint32_t* unit);
  bool ReadNumber();
  bool SkipDigits();
  char Peek() const { return at_ < json_.size() ? json_[at_] : '\0'; }

  std::string_view json_;
  size_t at_ = 0;
  Expect expect_ = Expect::kValue;
  bool failed_ = false;
  size_t max_depth_;
  std::vector<bool> is_object_;  // of each open object and array
  std::string text_;
  double number_ = 0;
};

}  // namespace tensorpane
