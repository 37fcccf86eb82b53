#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tensorpane {

/// Writes JSON text piece by piece; the caller keeps the order of a value right. NaN and infinities become
/// the strings "NaN", "Infinity", "-Infinity", as in the fixtures' expected.json. Text must be UTF-8.
class JsonWriter {
 public:
  void BeginObject();
  void EndObject();
  void BeginArray();
  void EndArray();
  void Key(std::string_view name);
  void Text(std::string_view text);
  void Integer(int64_t value);
  void Unsigned(uint64_t value);
  /// The shortest decimal that gives the same double back.
  void Double(double value);
  /// The shortest decimal that gives the same float back.
  void Float(float value);
  void Bool(bool value);
  void Null();
  /// `json` is one JSON value already.
  void Raw(std::string_view json);

  const std::string& text() const { return text_; }
  std::string Take() { return std::move(text_); }

 private:
  void Separate();
  template <class T>
  void Number(T value);
  /// Writes `value` with as few digits, from `digits` on, as `reads_back` is content with.
  template <class Read>
  void Shortest(double value, int digits, Read reads_back);

  std::string text_;
  bool first_ = true;  // nothing stands yet in the innermost object or array
};

}  // namespace tensorpane
