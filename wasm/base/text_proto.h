#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tensorpane {

/// Why a text is none, or not to its end.
enum class TextProtoFault : uint8_t {
  kNone,
  kCutOff,  ///< It ends before its end.
  kSyntax,  ///< Something that cannot stand here.
  kNumber,  ///< Begins like a number and is none.
  kString,  ///< A string that its line does not end, or with a NUL.
  kEscape,  ///< No escape sequence of a string.
  kDepth,   ///< Messages nest too deep.
};

/// A place in a text, both from 1 on.
struct TextPlace {
  uint64_t line = 0;
  uint64_t column = 0;  ///< a character
};
/// Of the byte at `offset`. A byte order mark does not count.
TextPlace PlaceOf(std::string_view text, size_t offset);

/// A value that is no message.
struct TextScalar {
  enum class Kind : uint8_t {
    kString,
    kInteger,
    kFloat,
    kIdentifier,  ///< true, inf, the name of an enum value …
  };
  Kind kind = Kind::kIdentifier;
  bool negative = false;  ///< A minus stands before it.
  std::string text;  ///< The bytes of a string, which may be no UTF-8; else what stands behind the minus.

  /// The value of a uint32 field: decimal, octal or hexadecimal. False if it is none.
  bool ToUint32(uint32_t* value) const;
};

/// Reads protobuf's text format step by step, knowing no message types; the runtime that we link has no
/// reader of it. Specification: protobuf.dev/reference/protobuf/textformat-spec.
///
///     for (auto step = reader.Next(); step != Step::kDone && step != Step::kFault; step = reader.Next()) …
///
/// A list is told as its elements, one field each, as both forms mean the same; an empty one is not told.
/// A byte order mark at the start is skipped. Taken although the specification has it not: a list of values
/// and messages mixed. Escapes of surrogates are refused.
class TextProtoReader {
 public:
  enum class Step {
    kScalar,  ///< A field name() with the value scalar().
    kBegin,   ///< A field name() that is a message; its fields follow.
    kEnd,     ///< The innermost message is over.
    kDone,    ///< The text is over.
    kFault,   ///< fault() says why nothing more comes.
  };
  static constexpr size_t kMaxDepth = 64;  // of messages in messages; protobuf has 100 for its wire format

  /// `text` is not copied.
  explicit TextProtoReader(std::string_view text);

  Step Next();
  /// As it stands in the text, also `[package.extension]`.
  std::string_view name() const { return name_; }
  const TextScalar& scalar() const { return scalar_; }
  /// Where the value of the last step begins, in bytes.
  size_t value_offset() const { return value_at_; }
  TextProtoFault fault() const { return fault_; }
  /// Where it is, in bytes.
  size_t fault_offset() const { return fault_at_; }

 private:
  struct Message {
    char end;  // what closes it
    // To go on with when it is over:
    bool in_list;
    std::string_view name;
  };

  Step Read();
  /// A field, or the first element of its list. False if it is an empty list.
  bool ReadField(Step* step);
  Step ReadValue();
  bool ReadName();
  bool ReadString();
  bool ReadEscape();
  bool ReadNumber();

  bool AtEnd() const { return at_ == text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  bool Accept(char c);
  void SkipSpace();
  void SkipSeparator();
  std::string_view TakeIdentifier();
  /// What stands at at_ cannot stand there, or nothing stands there.
  Step Unexpected();
  Step Fault(TextProtoFault fault, size_t at);

  std::string_view text_;
  size_t at_ = 0;
  size_t value_at_ = 0;
  Step step_ = Step::kScalar;
  bool in_list_ = false;  // of name_, behind one of its elements
  std::string_view name_;
  TextScalar scalar_;
  std::vector<Message> open_;
  TextProtoFault fault_ = TextProtoFault::kNone;
  size_t fault_at_ = 0;
};

}  // namespace tensorpane
