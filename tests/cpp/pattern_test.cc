#include "base/pattern.h"

#include <gtest/gtest.h>
#include <regex.h>

#include <random>
#include <string>

namespace tensorpane {
namespace {

bool Matches(std::string_view source, std::string_view text) {
  std::string problem;
  std::optional<Pattern> pattern = Pattern::Compile(source, &problem);
  EXPECT_TRUE(pattern) << source << ": " << problem;
  return pattern && pattern->Matches(text);
}

std::string ProblemOf(std::string_view source) {
  std::string problem;
  EXPECT_FALSE(Pattern::Compile(source, &problem)) << source;
  return problem;
}

TEST(Pattern, MatchesSomewhereWhateverTheCase) {
  EXPECT_TRUE(Matches("ATTN", "encoder/attn/q"));
  EXPECT_TRUE(Matches("block_[0-3]/attn$", "encoder/block_2/attn"));
  EXPECT_FALSE(Matches("block_[0-3]/attn$", "encoder/block_2/attn/q"));
  EXPECT_TRUE(Matches("^enc.*(q|kv)$", "encoder/attn/kv"));
  EXPECT_FALSE(Matches("^coder", "encoder"));
  EXPECT_TRUE(Matches("\\bmul\\b", "a/mul/b"));
  EXPECT_FALSE(Matches("\\bmul\\b", "a/matmul/b"));
  EXPECT_TRUE(Matches("t\\Bmul", "a/matmul/b"));
  EXPECT_TRUE(Matches("a{2,3}b", "aab"));
  EXPECT_FALSE(Matches("^a{2,3}b", "aaaab"));
  EXPECT_FALSE(Matches("a{3,}b", "aab"));
  EXPECT_TRUE(Matches("x{", "x{"));
  EXPECT_TRUE(Matches("", ""));
  EXPECT_TRUE(Matches("a??b", "b"));
  EXPECT_TRUE(Matches("(?<name>a)(?:b)", "ab"));
  EXPECT_FALSE(Matches("[^a-c]", "ABC"));
  EXPECT_TRUE(Matches("[\\d_]{4}", "12_3"));
  EXPECT_TRUE(Matches("\\x41\\u0042", "ab"));
  EXPECT_TRUE(Matches("\\.", "a.b"));
}

TEST(Pattern, TakesACharacterBeyondAsciiAsOne) {
  EXPECT_TRUE(Matches("^.$", "×"));
  EXPECT_TRUE(Matches("^[^a]$", "漢"));
  EXPECT_TRUE(Matches("64×.97", "64×197"));
  EXPECT_TRUE(Matches("^[×a]+$", "×a×"));
  EXPECT_TRUE(Matches("^\\W\\u00d7$", "ü×"));
  EXPECT_TRUE(Matches("^😀+$", "😀😀"));
}

TEST(Pattern, SaysWhyItIsNone) {
  EXPECT_EQ(ProblemOf("("), "a ( is not closed");
  EXPECT_EQ(ProblemOf(")"), "a ) closes nothing");
  EXPECT_EQ(ProblemOf("[a"), "a [ is not closed");
  EXPECT_EQ(ProblemOf("*"), "nothing to repeat");
  EXPECT_EQ(ProblemOf("a**"), "nothing to repeat");
  EXPECT_EQ(ProblemOf("a{2}{3}"), "nothing to repeat");
  EXPECT_EQ(ProblemOf("a{3,2}"), "the numbers of a repetition are out of order");
  EXPECT_EQ(ProblemOf("(?=a)"), "look-around is not supported");
  EXPECT_EQ(ProblemOf("(a)\\1"), "references to groups are not supported");
  EXPECT_EQ(ProblemOf("\\"), "an escape is none");
  EXPECT_EQ(ProblemOf("[b-a]"), "a range is out of order");
  EXPECT_NE(ProblemOf(std::string(5000, '(')), "");
  EXPECT_NE(ProblemOf("((a{1000}){1000}){1000}"), "");
  EXPECT_NE(ProblemOf("((((){1000}){1000}){1000}){1000}"), "");
}

TEST(Pattern, TakesNoLongerForAHostileOne) {
  EXPECT_FALSE(Matches("^(a|a)*(a*)*$", std::string(100'000, 'a') + "b"));
  EXPECT_FALSE(Matches("(a?){50}a{50}c", std::string(5'000, 'a')));
  std::string text;
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) text += static_cast<char>('a' + random() % 2);
  EXPECT_FALSE(Matches("(a|b)*a(a|b){100}c", text)) << "it has more states than are kept";
}

TEST(Pattern, MatchesBeginningsAsIfEachWereAText) {
  std::mt19937 random(3);
  const char* const sources[] = {"b",  "^a",    "b$",    "\\bb", "a\\b", "(a|b)*a(a|b){12}$",
                                 "^$", "a\\Bb", "ab.*ba"};
  for (int round = 0; round < 600; ++round) {
    std::string problem;
    std::optional<Pattern> pattern = Pattern::Compile(sources[random() % std::size(sources)], &problem);
    std::string text;
    for (auto count = random() % 60; count > 0; --count) text += "ab/"[random() % 3];
    const size_t begin = random() % (text.size() + 1);
    std::vector<size_t> ends;
    for (size_t end = begin; end <= text.size(); end += 1 + random() % 3) ends.push_back(end - begin);
    pattern->BeginWith(std::string_view(text).substr(0, begin));
    std::vector<bool> matches;
    pattern->MatchesBeginnings(std::string_view(text).substr(begin), ends, &matches);
    ASSERT_EQ(matches.size(), ends.size());
    for (size_t i = 0; i < ends.size(); ++i)
      ASSERT_EQ(matches[i], pattern->Matches(std::string_view(text).substr(0, begin + ends[i]))) << text;
  }
}

TEST(Pattern, AgreesWithAnotherEngine) {
  std::mt19937 random(5);
  const char* const parts[] = {"a", "b", "c", ".", "[ab]", "[^b]", "(",   ")",
                               "|", "*", "+", "?", "^",    "$",    "\\b", "{1,2}"};
  int compared = 0;
  for (int round = 0; round < 4'000; ++round) {
    std::string source;
    for (auto count = random() % 8; count > 0; --count) source += parts[random() % std::size(parts)];
    std::string problem;
    std::optional<Pattern> pattern = Pattern::Compile(source, &problem);
    if (!pattern) continue;
    // There these are not lazy, but what is repeated may be left out altogether.
    if (source.find("+?") != std::string::npos || source.find("}?") != std::string::npos) continue;
    regex_t other;
    if (regcomp(&other, source.c_str(), REG_EXTENDED | REG_ICASE | REG_NOSUB) != 0) continue;
    for (int i = 0; i < 3; ++i) {
      std::string text;
      for (auto count = random() % 6; count > 0; --count) text += "abc /"[random() % 5];
      ASSERT_EQ(pattern->Matches(text), regexec(&other, text.c_str(), 0, nullptr, 0) == 0)
          << source << " in " << text;
      ++compared;
    }
    regfree(&other);
  }
  EXPECT_GT(compared, 1000);
}

}  // namespace
}  // namespace tensorpane
