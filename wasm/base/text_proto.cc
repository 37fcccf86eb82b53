#include "base/text_proto.h"

#include <algorithm>
#include <charconv>

namespace tensorpane {
namespace {

// Characters as the specification names them. Not <cctype>, which asks the locale.
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsOctal(char c) { return c >= '0' && c <= '7'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsQuote(char c) { return c == '"' || c == '\''; }

/// The value of a hexadecimal digit, or -1.
int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsHexadecimal(std::string_view number) {
  return number.size() > 1 && number[0] == '0' && (number[1] == 'x' || number[1] == 'X');
}

/// Base and digits of an integer.
int BaseOf(std::string_view* number) {
  if (IsHexadecimal(*number)) {
    number->remove_prefix(2);
    return 16;
  }
  return number->size() > 1 && number->front() == '0' ? 8 : 10;
}

bool IsInteger(std::string_view number) {
  const int base = BaseOf(&number);
  return !number.empty() && std::all_of(number.begin(), number.end(), [base](char c) {
    const int value = HexValue(c);
    return value >= 0 && value < base;
  });
}

size_t TakeDigits(std::string_view* text) {
  const size_t count =
      static_cast<size_t>(std::find_if_not(text->begin(), text->end(), IsDigit) - text->begin());
  text->remove_prefix(count);
  return count;
}

/// Digits alone are none: 08 would be octal.
bool IsFloat(std::string_view number) {
  const std::string_view whole = number;
  size_t digits = TakeDigits(&number);
  if (number.starts_with('.')) {
    number.remove_prefix(1);
    digits += TakeDigits(&number);
  }
  if (digits == 0 || digits == whole.size()) return false;
  if (number.starts_with('e') || number.starts_with('E')) {
    number.remove_prefix(1);
    if (number.starts_with('+') || number.starts_with('-')) number.remove_prefix(1);
    if (TakeDigits(&number) == 0) return false;
  }
  return number.empty() || number == "f" || number == "F";
}

/// -inf, -infinity and -nan: the identifiers that may have a minus.
bool MayBeNegative(std::string_view identifier) {
  std::string lower(identifier.substr(0, 9));
  for (char& c : lower) c = static_cast<char>(c | 0x20);
  return lower == "inf" || lower == "infinity" || lower == "nan";
}

void AppendUtf8(uint32_t point, std::string* text) {
  if (point < 0x80) {
    *text += static_cast<char>(point);
    return;
  }
  const int tails = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  const uint32_t lead = 0xFF00u >> (tails + 1) & 0xFFu;  // 110…, 1110…, 11110…
  *text += static_cast<char>(lead | point >> 6 * tails);
  for (int i = tails - 1; i >= 0; --i) *text += static_cast<char>(0x80 | (point >> 6 * i & 0x3F));
}

}  // namespace

bool TextScalar::ToUint32(uint32_t* value) const {
  if (kind != Kind::kInteger || negative) return false;
  std::string_view digits = text;
  const int base = BaseOf(&digits);
  return std::from_chars(digits.data(), digits.data() + digits.size(), *value, base).ec == std::errc();
}

TextProtoReader::TextProtoReader(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
}

TextProtoReader::Step TextProtoReader::Next() {
  if (step_ != Step::kDone && step_ != Step::kFault) step_ = Read();
  return step_;
}

TextProtoReader::Step TextProtoReader::Read() {
  for (;;) {
    SkipSpace();
    if (in_list_) {
      if (Accept(',')) {
        SkipSpace();
        return ReadValue();
      }
      if (!Accept(']')) return Unexpected();
      in_list_ = false;
      SkipSeparator();
    } else if (AtEnd()) {
      return open_.empty() ? Step::kDone : Unexpected();
    } else if (!open_.empty() && Accept(open_.back().end)) {
      in_list_ = open_.back().in_list;
      name_ = open_.back().name;
      open_.pop_back();
      if (!in_list_) SkipSeparator();
      return Step::kEnd;
    } else {
      Step step;
      if (ReadField(&step)) return step;
    }
  }
}

bool TextProtoReader::ReadField(Step* step) {
  value_at_ = at_;
  *step = Step::kFault;
  if (!ReadName()) return true;
  SkipSpace();
  const bool colon = Accept(':');
  SkipSpace();
  if (Accept('[')) {
    SkipSpace();
    if (Accept(']')) {
      SkipSeparator();
      return false;
    }
    in_list_ = true;
  }
  // Only messages do without the colon.
  *step = colon || Peek() == '{' || Peek() == '<' ? ReadValue() : Unexpected();
  return true;
}

TextProtoReader::Step TextProtoReader::ReadValue() {
  value_at_ = at_;
  if (Peek() == '{' || Peek() == '<') {
    if (open_.size() == kMaxDepth) return Fault(TextProtoFault::kDepth, at_);
    open_.push_back({Peek() == '{' ? '}' : '>', in_list_, name_});
    in_list_ = false;
    ++at_;
    return Step::kBegin;
  }
  scalar_.text.clear();
  scalar_.negative = Accept('-');
  if (scalar_.negative) SkipSpace();
  if (IsQuote(Peek()) && !scalar_.negative) {
    if (!ReadString()) return Step::kFault;
  } else if (IsDigit(Peek()) || Peek() == '.') {
    if (!ReadNumber()) return Step::kFault;
  } else {
    const size_t start = at_;
    scalar_.kind = TextScalar::Kind::kIdentifier;
    scalar_.text = TakeIdentifier();
    if (scalar_.text.empty()) return Unexpected();
    if (scalar_.negative && !MayBeNegative(scalar_.text)) return Fault(TextProtoFault::kSyntax, start);
  }
  if (!in_list_) SkipSeparator();
  return Step::kScalar;
}

bool TextProtoReader::ReadName() {
  const size_t start = at_;
  if (Accept('[')) {
    // [package.Extension] or [domain/package.Type]; the URL of a type may hold a few more signs.
    SkipSpace();
    if (!IsLetter(Peek()) && !IsDigit(Peek())) return Unexpected() != Step::kFault;
    while (IsLetter(Peek()) || IsDigit(Peek()) ||
           std::string_view(".-/%").find(Peek()) != std::string_view::npos) {
      ++at_;
      SkipSpace();
    }
    if (!Accept(']')) return Unexpected() != Step::kFault;
  } else if (TakeIdentifier().empty()) {
    return Unexpected() != Step::kFault;
  }
  name_ = text_.substr(start, at_ - start);
  return true;
}

bool TextProtoReader::ReadString() {
  scalar_.kind = TextScalar::Kind::kString;
  size_t end = at_;
  while (IsQuote(Peek())) {
    const char quote = text_[at_++];
    while (!Accept(quote)) {
      if (AtEnd()) return Unexpected() != Step::kFault;
      if (Peek() == '\n' || Peek() == '\0') return Fault(TextProtoFault::kString, at_) != Step::kFault;
      if (Peek() == '\\') {
        if (!ReadEscape()) return false;
      } else {
        scalar_.text += text_[at_++];
      }
    }
    end = at_;
    SkipSpace();  // strings side by side are one
  }
  at_ = end;
  return true;
}

bool TextProtoReader::ReadEscape() {
  constexpr std::string_view kNames = "abfnrtv?\\'\"", kBytes = "\a\b\f\n\r\t\v?\\'\"";
  const size_t start = at_++;
  const auto fault = [&] {
    return (AtEnd() ? Unexpected() : Fault(TextProtoFault::kEscape, start)) != Step::kFault;
  };
  if (AtEnd()) return fault();
  if (IsOctal(Peek())) {
    int value = 0;
    for (int i = 0; i < 3 && IsOctal(Peek()); ++i) value = value * 8 + (text_[at_++] - '0');
    if (value > 0xFF) return fault();
    scalar_.text += static_cast<char>(value);
    return true;
  }
  const char kind = text_[at_++];
  if (const size_t i = kNames.find(kind); i != std::string_view::npos) {
    scalar_.text += kBytes[i];
    return true;
  }
  if (kind != 'x' && kind != 'X' && kind != 'u' && kind != 'U') return fault();
  const bool is_byte = kind == 'x' || kind == 'X';
  const int most = is_byte ? 2 : kind == 'u' ? 4 : 8;
  int digits = 0;
  uint32_t value = 0;
  for (; digits < most && HexValue(Peek()) >= 0; ++digits) {
    value = value << 4 | static_cast<uint32_t>(HexValue(text_[at_++]));
  }
  if (digits < (is_byte ? 1 : most)) return fault();
  if (is_byte) {
    scalar_.text += static_cast<char>(value);
    return true;
  }
  if (value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return fault();
  AppendUtf8(value, &scalar_.text);
  return true;
}

bool TextProtoReader::ReadNumber() {
  // All that could belong to it, so that 10bar is not 10 and a field.
  const size_t start = at_;
  const auto number = [&] { return text_.substr(start, at_ - start); };
  for (; !AtEnd(); ++at_) {
    const char c = Peek();
    if (IsLetter(c) || IsDigit(c) || c == '.') continue;
    const bool in_exponent = (c == '+' || c == '-') && at_ > start && (text_[at_ - 1] | 0x20) == 'e';
    if (!in_exponent || IsHexadecimal(number())) break;
  }
  scalar_.text = number();
  if (IsInteger(scalar_.text)) {
    scalar_.kind = TextScalar::Kind::kInteger;
  } else if (IsFloat(scalar_.text)) {
    scalar_.kind = TextScalar::Kind::kFloat;
  } else {
    return Fault(TextProtoFault::kNumber, start) != Step::kFault;
  }
  return true;
}

bool TextProtoReader::Accept(char c) {
  if (AtEnd() || text_[at_] != c) return false;
  ++at_;
  return true;
}

void TextProtoReader::SkipSpace() {
  while (!AtEnd()) {
    if (IsSpace(Peek())) {
      ++at_;
    } else if (Peek() == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else {
      return;
    }
  }
}

void TextProtoReader::SkipSeparator() {
  SkipSpace();
  if (!Accept(',')) Accept(';');
}

std::string_view TextProtoReader::TakeIdentifier() {
  const size_t start = at_;
  if (IsLetter(Peek())) {
    while (IsLetter(Peek()) || IsDigit(Peek())) ++at_;
  }
  return text_.substr(start, at_ - start);
}

TextProtoReader::Step TextProtoReader::Unexpected() {
  return Fault(AtEnd() ? TextProtoFault::kCutOff : TextProtoFault::kSyntax, at_);
}

TextProtoReader::Step TextProtoReader::Fault(TextProtoFault fault, size_t at) {
  fault_ = fault;
  fault_at_ = at;
  return step_ = Step::kFault;
}

TextPlace PlaceOf(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const size_t line_start = before.rfind('\n') + 1;  // npos + 1 = 0
  // Characters, not bytes: what continues one (10xxxxxx) does not count, nor does the byte order mark.
  std::string_view line = before.substr(line_start);
  if (line_start == 0 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  const auto is_start = [](char c) { return (c & 0xC0) != 0x80; };
  return {static_cast<uint64_t>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<uint64_t>(std::count_if(line.begin(), line.end(), is_start)) + 1};
}

}  // namespace tensorpane
