#include "base/pattern.h"

#include <algorithm>
#include <cstdlib>

namespace tensorpane {
namespace {

/// Places in a pattern with its repetitions written out.
constexpr size_t kMostPlaces = 4000;
/// Steps of writing them out: a repetition of nothing takes no place.
constexpr size_t kMostWork = 100'000;
constexpr size_t kMostStates = 1000;
constexpr int kMostDepth = 100;
constexpr int kMostRepeats = 1000;

constexpr const char* kTooLong = "it is too long, with its repetitions written out";

bool IsWord(size_t byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         byte == '_';
}

std::bitset<256> Range(int first, int last) {
  std::bitset<256> set;
  for (int c = first; c <= last; ++c) set.set(static_cast<size_t>(c));
  return set;
}

std::bitset<256> Digits() { return Range('0', '9'); }
std::bitset<256> Words() {
  std::bitset<256> set;
  for (size_t c = 0; c < 128; ++c) set.set(c, IsWord(c));
  return set;
}
std::bitset<256> Spaces() {
  std::bitset<256> set = Range('\t', '\r');
  set.set(' ');
  return set;
}
const std::bitset<256>& Ascii() {
  static const std::bitset<256> kAscii = Range(0, 127);
  return kAscii;
}

std::string Utf8(uint32_t point) {
  std::string text;
  const auto add = [&text](uint32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    add(point);
  } else if (point < 0x800) {
    add(0xC0 | point >> 6);
    add(0x80 | (point & 0x3F));
  } else {
    add(0xE0 | point >> 12);
    add(0x80 | (point >> 6 & 0x3F));
    add(0x80 | (point & 0x3F));
  }
  return text;
}

}  // namespace

/// Writes a pattern out as places. What is read is a tree, which is kept as a list of parts: a part only
/// refers to those before it. It goes down into groups as deep as kMostDepth, no deeper.
class PatternParser {
 public:
  PatternParser(std::string_view source, Pattern* pattern) : source_(source), pattern_(*pattern) {}

  bool Run() {
    const uint32_t whole = Choice(0);
    if (problem_.empty() && at_ < source_.size()) Fail("a ) closes nothing");
    if (!problem_.empty()) return false;
    pattern_.places_.push_back({Pattern::Step::kMatch});
    pattern_.start_ = Write(whole, 0);
    if (pattern_.places_.size() > kMostPlaces) Fail(kTooLong);
    return problem_.empty();
  }
  const std::string& problem() const { return problem_; }

 private:
  struct Part {
    enum class Kind : uint8_t { kBytes, kAssertion, kSequence, kChoice, kRepeat } kind;
    std::bitset<256> bytes;
    Pattern::Step assertion = Pattern::Step::kMatch;
    std::vector<uint32_t> of;
    int least = 0, most = 0;  // most < 0: any number
  };
  using Kind = Part::Kind;

  uint32_t Add(Part part) {
    parts_.push_back(std::move(part));
    return static_cast<uint32_t>(parts_.size() - 1);
  }
  uint32_t Fail(const char* why) {
    if (problem_.empty()) problem_ = why;
    at_ = source_.size();
    return Add({Kind::kSequence, {}, {}, {}});
  }
  bool Take(std::string_view text) {
    if (!source_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  bool IsNext(char c) const { return at_ < source_.size() && source_[at_] == c; }

  uint32_t Choice(int depth) {
    if (depth > kMostDepth) return Fail("it has too many groups in each other");
    std::vector<uint32_t> ways{Sequence(depth)};
    while (Take("|")) ways.push_back(Sequence(depth));
    return ways.size() == 1 ? ways[0] : Add({Kind::kChoice, {}, {}, std::move(ways)});
  }

  uint32_t Sequence(int depth) {
    std::vector<uint32_t> terms;
    while (at_ < source_.size() && !IsNext('|') && !IsNext(')')) terms.push_back(Repeated(depth));
    return Add({Kind::kSequence, {}, {}, std::move(terms)});
  }

  uint32_t Repeated(int depth) {
    const uint32_t term = Term(depth);
    int least = 0, most = -1;
    if (!TakeRepetition(&least, &most)) return term;
    Take("?");  // as few as possible: the same texts
    if (most >= 0 && most < least) return Fail("the numbers of a repetition are out of order");
    if (least > kMostRepeats || most > kMostRepeats) return Fail("it repeats too often");
    int again_least = 0, again_most = 0;
    if (TakeRepetition(&again_least, &again_most)) return Fail("nothing to repeat");
    return Add({Kind::kRepeat, {}, {}, {term}, least, most});
  }

  bool TakeRepetition(int* least, int* most) {
    if (Take("*")) return true;
    if (Take("+")) {
      *least = 1;
      return true;
    }
    if (Take("?")) {
      *most = 1;
      return true;
    }
    return TakeCounts(least, most);
  }

  /// {2}, {2,} or {2,3}; a { that is none stands for itself.
  bool TakeCounts(int* least, int* most) {
    if (!IsNext('{')) return false;
    size_t at = at_ + 1;
    const auto number = [&](int* value) {
      const size_t begin = at;
      *value = 0;
      while (at < source_.size() && source_[at] >= '0' && source_[at] <= '9') {
        *value = std::min(*value * 10 + (source_[at++] - '0'), kMostRepeats + 1);
      }
      return at > begin;
    };
    if (!number(least)) return false;
    *most = *least;
    if (at < source_.size() && source_[at] == ',') {
      ++at;
      if (!number(most)) *most = -1;
    }
    if (at >= source_.size() || source_[at] != '}') return false;
    at_ = at + 1;
    return true;
  }

  uint32_t Term(int depth) {
    if (Take("(")) {
      if (Take("?:")) {
      } else if (source_.substr(at_).starts_with("?<") && !source_.substr(at_).starts_with("?<=") &&
                 !source_.substr(at_).starts_with("?<!")) {
        const size_t end = source_.find('>', at_);
        if (end == std::string_view::npos) return Fail("a group has no name");
        at_ = end + 1;
      } else if (IsNext('?')) {
        return Fail("look-around is not supported");
      }
      const uint32_t inner = Choice(depth + 1);
      if (!Take(")")) return Fail("a ( is not closed");
      return inner;
    }
    if (IsNext('*') || IsNext('+') || IsNext('?')) return Fail("nothing to repeat");
    if (Take("^")) return Add({Kind::kAssertion, {}, Pattern::Step::kBegin, {}});
    if (Take("$")) return Add({Kind::kAssertion, {}, Pattern::Step::kEnd, {}});
    if (Take("\\b")) return Add({Kind::kAssertion, {}, Pattern::Step::kBoundary, {}});
    if (Take("\\B")) return Add({Kind::kAssertion, {}, Pattern::Step::kNoBoundary, {}});
    if (Take("[")) return Class();
    if (Take(".")) return Set(~Range('\n', '\n') & ~Range('\r', '\r') & Ascii(), true, {});
    std::bitset<256> set;
    bool others = false;
    uint32_t point = 0;
    if (Take("\\")) {
      if (!Escape(&set, &others, &point)) return Fail("an escape is none");
      if (set.any() || others) return Set(set, others, {});
    } else {
      point = TakeCharacter();
    }
    return Text(point);
  }

  /// Of what is behind a backslash: a set, or one character.
  bool Escape(std::bitset<256>* set, bool* others, uint32_t* point) {
    if (at_ >= source_.size()) return false;
    const char c = source_[at_];
    const auto hex = [&](size_t digits) {
      const std::string text(source_.substr(at_ + 1, digits));
      if (text.size() != digits || text.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
        return false;
      *point = static_cast<uint32_t>(std::strtoul(text.c_str(), nullptr, 16));
      at_ += 1 + digits;
      return *point < 0xD800 || *point > 0xDFFF;
    };
    const auto negated = [&](const std::bitset<256>& of) {
      *set = ~of & Ascii();
      *others = true;
    };
    switch (c) {
      case 'd':
        *set = Digits();
        break;
      case 'w':
        *set = Words();
        break;
      case 's':
        *set = Spaces();
        break;
      case 'D':
        negated(Digits());
        break;
      case 'W':
        negated(Words());
        break;
      case 'S':
        negated(Spaces());
        break;
      case 't':
        *point = '\t';
        break;
      case 'n':
        *point = '\n';
        break;
      case 'r':
        *point = '\r';
        break;
      case 'f':
        *point = '\f';
        break;
      case 'v':
        *point = '\v';
        break;
      case '0':
        *point = 0;
        break;
      case 'x':
        return hex(2);
      case 'u':
        return hex(4);
      default:
        if (IsWord(static_cast<uint8_t>(c))) {
          Fail(c >= '1' && c <= '9' ? "references to groups are not supported" : "an escape is none");
          return false;
        }
        *point = TakeCharacter();
        return true;
    }
    ++at_;
    return true;
  }

  /// One character as its code; what is no UTF-8 as its first byte.
  uint32_t TakeCharacter() {
    const auto byte = [this](size_t i) {
      return at_ + i < source_.size() ? static_cast<uint8_t>(source_[at_ + i]) : 0u;
    };
    const uint32_t first = byte(0);
    const size_t length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    uint32_t point = length == 1 ? first : first & (0x7Fu >> length);
    for (size_t i = 1; i < length; ++i) point = point << 6 | (byte(i) & 0x3F);
    last_text_ = source_.substr(at_, length);
    at_ = std::min(at_ + length, source_.size());
    return point;
  }

  uint32_t Text(uint32_t point) {
    if (point < 0x80) {
      std::bitset<256> set;
      set.set(point);
      return Bytes(set);
    }
    return Characters(point < 0x10000 ? Utf8(point) : std::string(last_text_));
  }

  uint32_t Characters(std::string_view bytes) {
    std::vector<uint32_t> all;
    for (const char c : bytes) all.push_back(Bytes(Range(static_cast<uint8_t>(c), static_cast<uint8_t>(c))));
    return Add({Kind::kSequence, {}, {}, std::move(all)});
  }

  uint32_t Bytes(std::bitset<256> set) {
    for (size_t c = 'a'; c <= 'z'; ++c) {
      const bool either = set[c] || set[c - 'a' + 'A'];
      set.set(c, either);
      set.set(c - 'a' + 'A', either);
    }
    return Add({Kind::kBytes, set, {}, {}});
  }

  /// ASCII characters; with `others` all that are beyond, as UTF-8 has them; and some of these.
  uint32_t Set(const std::bitset<256>& ascii, bool others, const std::vector<std::string>& some) {
    std::vector<uint32_t> ways{Bytes(ascii)};
    for (const std::string& one : some) ways.push_back(Characters(one));
    if (others) {
      for (int length = 2; length <= 4; ++length) {
        std::vector<uint32_t> bytes{Add({Kind::kBytes,
                                         length == 2   ? Range(0xC2, 0xDF)
                                         : length == 3 ? Range(0xE0, 0xEF)
                                                       : Range(0xF0, 0xF4),
                                         {},
                                         {}})};
        for (int i = 1; i < length; ++i) bytes.push_back(Add({Kind::kBytes, Range(0x80, 0xBF), {}, {}}));
        ways.push_back(Add({Kind::kSequence, {}, {}, std::move(bytes)}));
      }
    }
    return ways.size() == 1 ? ways[0] : Add({Kind::kChoice, {}, {}, std::move(ways)});
  }

  uint32_t Class() {
    const bool is_negated = Take("^");
    std::bitset<256> ascii;
    bool others = false;
    std::vector<std::string> some;
    for (;;) {
      if (at_ >= source_.size()) return Fail("a [ is not closed");
      if (Take("]")) break;
      std::bitset<256> set;
      bool set_others = false;
      uint32_t first = 0;
      if (Take("\\")) {
        if (Take("b")) {
          first = '\b';
        } else if (!Escape(&set, &set_others, &first)) {
          return Fail("an escape is none");
        }
      } else {
        first = TakeCharacter();
      }
      const bool is_set = set.any() || set_others;
      if (is_set) {
        ascii |= set;
        others = others || set_others;
        continue;
      }
      uint32_t last = first;
      if (IsNext('-') && at_ + 1 < source_.size() && source_[at_ + 1] != ']') {
        ++at_;
        if (Take("\\")) {
          if (!Escape(&set, &set_others, &last) || set.any()) return Fail("a range has no end");
        } else {
          last = TakeCharacter();
        }
        if (last < first) return Fail("a range is out of order");
        if (last >= 0x80) return Fail("ranges of characters beyond ASCII are not supported");
      }
      if (first >= 0x80) {
        some.push_back(first < 0x10000 ? Utf8(first) : std::string(last_text_));
      } else {
        ascii |= Range(static_cast<int>(first), static_cast<int>(last));
      }
    }
    if (!is_negated) return Set(ascii, others, some);
    if (!some.empty()) return Fail("all but a character beyond ASCII is not supported");
    // Whatever the case, before what is left out is.
    for (size_t c = 'a'; c <= 'z'; ++c) {
      const bool either = ascii[c] || ascii[c - 'a' + 'A'];
      ascii.set(c, either);
      ascii.set(c - 'a' + 'A', either);
    }
    return Set(~ascii & Ascii(), !others, {});
  }

  uint32_t Emit(Pattern::Place place) {
    if (pattern_.places_.size() <= kMostPlaces) pattern_.places_.push_back(place);
    return static_cast<uint32_t>(pattern_.places_.size() - 1);
  }

  /// Writes a part, after which `next` follows; says where it begins. As deep as the groups are.
  uint32_t Write(uint32_t index, uint32_t next) {
    if (pattern_.places_.size() > kMostPlaces) return next;
    if (++work_ > kMostWork) {
      problem_ = kTooLong;  // no part is added now: they are being read
      return next;
    }
    const Part& part = parts_[index];
    switch (part.kind) {
      case Kind::kBytes:
        pattern_.sets_.push_back(part.bytes);
        return Emit({Pattern::Step::kBytes, next, 0, static_cast<uint32_t>(pattern_.sets_.size() - 1)});
      case Kind::kAssertion:
        return Emit({part.assertion, next});
      case Kind::kSequence:
        for (size_t i = part.of.size(); i-- > 0;) next = Write(part.of[i], next);
        return next;
      case Kind::kChoice: {
        uint32_t way = Write(part.of.back(), next);
        for (size_t i = part.of.size() - 1; i-- > 0;) {
          way = Emit({Pattern::Step::kSplit, Write(part.of[i], next), way});
        }
        return way;
      }
      case Kind::kRepeat: {
        if (part.most < 0) {
          const uint32_t loop = Emit({Pattern::Step::kSplit, next, next});
          const uint32_t inner = Write(part.of[0], loop);
          pattern_.places_[loop].other = inner;
          next = loop;
        }
        for (int i = part.least; i < part.most; ++i) {
          next = Emit({Pattern::Step::kSplit, Write(part.of[0], next), next});
        }
        for (int i = 0; i < part.least; ++i) next = Write(part.of[0], next);
        return next;
      }
    }
    return next;
  }
  std::string_view source_;
  Pattern& pattern_;
  size_t at_ = 0;
  std::string_view last_text_;
  std::vector<Part> parts_;
  size_t work_ = 0;
  std::string problem_;
};

std::optional<Pattern> Pattern::Compile(std::string_view source, std::string* problem) {
  Pattern pattern;
  PatternParser parser(source, &pattern);
  if (!parser.Run()) {
    *problem = parser.problem();
    return {};
  }
  return pattern;
}

uint32_t Pattern::Find(Ways ways) {
  if (states_.size() > kMostStates) {
    states_.clear();
    moves_.clear();
    ids_.clear();
  }
  const auto [found, is_new] = ids_.emplace(std::move(ways), static_cast<uint32_t>(states_.size()));
  if (is_new) {
    states_.push_back(found->first);
    moves_.emplace_back().fill(kUnknown);
  }
  return found->second;
}

/// From one set of ways to the next by one byte, or by the end of the text.
uint32_t Pattern::Advance(uint32_t from, size_t symbol) {
  const uint8_t before = states_[from].second;
  const bool was_word = (before & kAfterWord) != 0, is_word = symbol != kEndOfText && IsWord(symbol);
  std::vector<uint32_t> open = states_[from].first;
  std::vector<bool> seen(places_.size(), false);
  std::vector<uint32_t> next;
  open.push_back(start_);
  while (!open.empty()) {
    const uint32_t at = open.back();
    open.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    const Place& place = places_[at];
    switch (place.step) {
      case Step::kMatch:
        return kMatched;
      case Step::kSplit:
        open.push_back(place.next);
        open.push_back(place.other);
        break;
      case Step::kBegin:
        if ((before & kAtBegin) != 0) open.push_back(place.next);
        break;
      case Step::kEnd:
        if (symbol == kEndOfText) open.push_back(place.next);
        break;
      case Step::kBoundary:
        if (was_word != is_word) open.push_back(place.next);
        break;
      case Step::kNoBoundary:
        if (was_word == is_word) open.push_back(place.next);
        break;
      case Step::kBytes:
        if (symbol != kEndOfText && sets_[place.bytes][symbol]) next.push_back(place.next);
        break;
    }
  }
  if (symbol == kEndOfText) return kUnmatched;
  std::sort(next.begin(), next.end());
  next.erase(std::unique(next.begin(), next.end()), next.end());
  return Find({std::move(next), is_word ? kAfterWord : uint8_t{0}});
}

/// As Advance, if that is not known yet.
uint32_t Pattern::Next(uint32_t from, size_t symbol) {
  if (moves_[from][symbol] != kUnknown) return moves_[from][symbol];
  const size_t states = states_.size();
  const uint32_t next = Advance(from, symbol);
  // Not if what is known has been thrown away meanwhile.
  if (states_.size() >= states) moves_[from][symbol] = next;
  return next;
}

/// From a state on; kMatched = it matches before the end of the text.
uint32_t Pattern::Read(uint32_t state, std::string_view text) {
  for (size_t i = 0; i < text.size() && state != kMatched; ++i) {
    state = Next(state, static_cast<uint8_t>(text[i]));
  }
  return state;
}

bool Pattern::MatchesAt(uint32_t state) { return state == kMatched || Next(state, kEndOfText) == kMatched; }

bool Pattern::Matches(std::string_view text) { return MatchesAt(Read(Find({{}, kAtBegin}), text)); }

void Pattern::BeginWith(std::string_view text) {
  const uint32_t state = Read(Find({{}, kAtBegin}), text);
  begin_ = state == kMatched ? std::nullopt : std::optional(states_[state]);
}

void Pattern::MatchesBeginnings(std::string_view text, std::span<const size_t> ends,
                                std::vector<bool>* matches) {
  matches->clear();
  uint32_t state = begin_ ? Find(*begin_) : kMatched;
  size_t at = 0;
  for (const size_t end : ends) {
    state = Read(state, text.substr(at, end - at));
    at = end;
    matches->push_back(MatchesAt(state));
  }
}

}  // namespace tensorpane
