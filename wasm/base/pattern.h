#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tensorpane {

/// A regular expression, whatever the case of ASCII letters, of which matching takes time in proportion to
/// the text, whatever the pattern: all ways through it are followed at once, and which sets of ways there are
/// is kept as an automaton (https://swtch.com/~rsc/regexp/regexp1.html). The syntax is JavaScript's;
/// look-around, references to groups and ranges of characters beyond ASCII are refused.
class Pattern {
 public:
  /// Nothing, and in `problem` the reason for a person, if `source` is none.
  static std::optional<Pattern> Compile(std::string_view source, std::string* problem);

  /// Whether it matches somewhere in UTF-8 text.
  bool Matches(std::string_view text);

  /// What all texts of MatchesBeginnings begin with: it is read once.
  void BeginWith(std::string_view text);
  /// Whether it matches somewhere in what was begun with and the first ends[i] bytes of `text`, each taken
  /// for a text of its own; in one pass.
  /// @param ends go up
  void MatchesBeginnings(std::string_view text, std::span<const size_t> ends, std::vector<bool>* matches);

 private:
  friend class PatternParser;
  using Bytes256 = std::bitset<256>;

  enum class Step : uint8_t { kBytes, kSplit, kBegin, kEnd, kBoundary, kNoBoundary, kMatch };
  struct Place {
    Step step;
    uint32_t next = 0, other = 0;  // kSplit: both
    uint32_t bytes = 0;            // kBytes: index in sets_
  };
  // A set of places, and what was before: the begin of the text, or a letter of a word.
  using Ways = std::pair<std::vector<uint32_t>, uint8_t>;
  static constexpr uint32_t kUnknown = UINT32_MAX, kMatched = UINT32_MAX - 1, kUnmatched = UINT32_MAX - 2;
  static constexpr size_t kEndOfText = 256;
  static constexpr uint8_t kAtBegin = 1, kAfterWord = 2;

  uint32_t Find(Ways ways);
  uint32_t Advance(uint32_t from, size_t symbol);
  uint32_t Next(uint32_t from, size_t symbol);
  uint32_t Read(uint32_t state, std::string_view text);
  bool MatchesAt(uint32_t end);

  std::vector<Place> places_;
  std::vector<Bytes256> sets_;
  uint32_t start_ = 0;
  std::optional<Ways> begin_ =
      Ways{{}, kAtBegin};  // after what texts begin with; nothing: it matches in that
  std::vector<Ways> states_;
  std::vector<std::array<uint32_t, 257>> moves_;  // of each state
  std::map<Ways, uint32_t> ids_;
};

}  // namespace tensorpane
