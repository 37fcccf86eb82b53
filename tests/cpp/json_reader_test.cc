#include "base/json_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

namespace tensorpane {
namespace {

using Token = JsonReader::Token;

std::vector<Token> Tokens(std::string_view json) {
  JsonReader reader(AsBytes(json));
  std::vector<Token> tokens;
  do {
    tokens.push_back(reader.Next());
  } while (tokens.back() != Token::kEnd && tokens.back() != Token::kError);
  return tokens;
}

bool IsJson(std::string_view json) { return Tokens(json).back() == Token::kEnd; }

std::string TextOf(const std::string& json) {
  JsonReader reader(AsBytes(json));
  EXPECT_EQ(reader.Next(), Token::kText) << json;
  const std::string text = reader.text();
  EXPECT_EQ(reader.Next(), Token::kEnd) << json;
  return text;
}

double NumberOf(const std::string& json) {
  JsonReader reader(AsBytes(json));
  EXPECT_EQ(reader.Next(), Token::kNumber) << json;
  const double number = reader.number();
  EXPECT_EQ(reader.Next(), Token::kEnd) << json;
  return number;
}

TEST(JsonReader, GivesTokensInOrder) {
  using enum JsonReader::Token;
  EXPECT_EQ(Tokens(" { \"a\" : [ 1 , \"b\" ,\ttrue,false,null ] ,\r\n \"c\":{},\"d\":[] } "),
            (std::vector{kBeginObject, kKey, kBeginArray, kNumber, kText, kTrue, kFalse, kNull, kEndArray,
                         kKey, kBeginObject, kEndObject, kKey, kBeginArray, kEndArray, kEndObject, kEnd}));
  EXPECT_EQ(Tokens("\xEF\xBB\xBF 0"), (std::vector{kNumber, kEnd}));
}

TEST(JsonReader, ErrorsStay) {
  JsonReader reader(AsBytes("[1 2]"));
  EXPECT_EQ(reader.Next(), Token::kBeginArray);
  EXPECT_EQ(reader.Next(), Token::kNumber);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(reader.Next(), Token::kError);
  EXPECT_FALSE(reader.Skip(Token::kBeginArray));
}

TEST(JsonReader, AtTheEndItStaysThere) {
  JsonReader reader(AsBytes("1"));
  reader.Next();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(reader.Next(), Token::kEnd);
}

TEST(JsonReader, Texts) {
  EXPECT_EQ(TextOf(R"("")"), "");
  EXPECT_EQ(TextOf(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(TextOf(R"("\u0041\u00e9\u20AC\ud83d\uDE00")"), "Aé€😀");
  EXPECT_EQ(TextOf(R"("é€😀")"), "é€😀");
  EXPECT_EQ(TextOf(R"("a\u0000b")"), std::string("a\0b", 3));
  // Halves of a surrogate pair, and bytes that are no UTF-8.
  EXPECT_EQ(TextOf(R"("\ud83d")"), "\uFFFD");
  EXPECT_EQ(TextOf(R"("\ude00\ud83dx")"), "\uFFFD\uFFFDx");
  EXPECT_EQ(TextOf(R"("\ud83d\u0041")"), "\uFFFDA");
  EXPECT_EQ(TextOf("\"a\xff z\xc3\""), "a\uFFFD z\uFFFD");
}

TEST(JsonReader, Numbers) {
  EXPECT_EQ(NumberOf("0"), 0);
  EXPECT_TRUE(std::signbit(NumberOf("-0")));
  EXPECT_EQ(NumberOf("-12.5e-1"), -1.25);
  EXPECT_EQ(NumberOf("1E+2"), 100);
  EXPECT_EQ(NumberOf("9007199254740993"), 9007199254740992.0);
  EXPECT_EQ(NumberOf("1e999"), INFINITY);
  EXPECT_EQ(NumberOf(std::string(1000, '1') + "e-999"), 10.0 / 9);
  EXPECT_TRUE(std::isnan(NumberOf("NaN")));
  EXPECT_EQ(NumberOf("Infinity"), INFINITY);
  EXPECT_EQ(NumberOf("-Infinity"), -INFINITY);
}

TEST(JsonReader, RefusesWhatIsNoJson) {
  for (const std::string json : {"",         " ",         "{",           "}",         "[",
                                 "]",        "[1,]",      "[,1]",        "[1",        "[1}",
                                 "{\"a\"}",  "{\"a\":}",  "{a:1}",       "{1:1}",     "{\"a\":1,}",
                                 "{\"a\":1", "{\"a\" 1}", "{,}",         "1 2",       "[] []",
                                 "tru",      "nul",       "True",        "01",        "1.",
                                 ".5",       "-",         "+1",          "1e",        "1e+",
                                 "0x1",      "-NaN",      "\"",          "\"a",       "\"\\\"",
                                 "\"\\x\"",  "\"\\u12\"", "\"\\u12g4\"", "\"\n\"",    "'a'",
                                 "//\n1",    "nan",       "[1:2]",       "{\"a\",1}", "\"\\ud83d\\u12\"",
                                 "\"\\"}) {
    EXPECT_FALSE(IsJson(json)) << json;
  }
  EXPECT_FALSE(IsJson(std::string("1\0", 2)));
}

TEST(JsonReader, SkipsWholeValues) {
  for (const std::string value :
       {"1", "\"]\"", "null", "[]", "{}", "[[1,{\"a\":[2]}],3]", "{\"a\":{\"b\":[{}]},\"c\":\"}\"}"}) {
    const std::string json = "[" + value + ",true]";
    JsonReader reader(AsBytes(json));
    reader.Next();
    EXPECT_TRUE(reader.Skip(reader.Next())) << json;
    EXPECT_EQ(reader.Next(), Token::kTrue) << json;
    const std::string member = "{\"k\":" + value + ",\"next\":1}";
    JsonReader members(AsBytes(member));
    members.Next();
    EXPECT_TRUE(members.Skip(members.Next())) << member;
    EXPECT_EQ(members.Next(), Token::kKey) << member;
    EXPECT_EQ(members.text(), "next");
  }
  JsonReader cut(AsBytes("[[1,"));
  EXPECT_FALSE(cut.Skip(cut.Next()));
}

TEST(JsonReader, NestsAsDeepAsItSays) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(IsJson(nested(JsonReader::kMaxDepth)));
  EXPECT_FALSE(IsJson(nested(JsonReader::kMaxDepth + 1)));
  EXPECT_FALSE(IsJson(std::string(10'000'000, '[')));
}

TEST(JsonReader, EveryTruncationIsAnError) {
  const std::string json = R"({"a":[1,-2.5e3,"t\u00e9\n",true,null,{"b":{}}],"c":NaN})";
  ASSERT_TRUE(IsJson(json));
  for (size_t length = 0; length < json.size(); ++length) {
    EXPECT_FALSE(IsJson(std::string_view(json).substr(0, length))) << length;
  }
}

TEST(JsonReader, AgreesWithAnotherReaderOnMutations) {
  const std::string json = R"({"a":[1,-2.5e3,"t\u00e9\n\ud83d\ude00",true,null,{"b":{}}],"c":0.5})";
  constexpr std::string_view kBytes = "{}[]:,\"\\ud0e+-.1tfn \x01\n";
  std::mt19937 random(5);
  int whole = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string mutated = json;
    for (size_t changes = 1 + random() % 2; changes > 0; --changes) {
      mutated[random() % mutated.size()] = kBytes[random() % kBytes.size()];
    }
    // The other reader refuses half surrogate pairs and numbers beyond double.
    if (mutated.find("\\ud") == std::string::npos || mutated.find("\\ud83d\\ude00") == std::string::npos) {
      Tokens(mutated);
      continue;
    }
    ASSERT_EQ(IsJson(mutated), nlohmann::json::accept(mutated)) << mutated;
    whole += IsJson(mutated);
  }
  EXPECT_GT(whole, 100);
}

}  // namespace
}  // namespace tensorpane
