#include "base/text_proto.h"

#include <gtest/gtest.h>

#include <random>

namespace tensorpane {
namespace {

using Step = TextProtoReader::Step;

std::string Described(std::string_view text, TextProtoFault fault, size_t offset) {
  constexpr const char* kNames[] = {"none", "cut_off", "syntax", "number", "string", "escape", "depth"};
  const TextPlace place = PlaceOf(text, offset);
  return std::string(kNames[static_cast<size_t>(fault)]) + " " + std::to_string(place.line) + ":" +
         std::to_string(place.column);
}

/// All steps as text: name=value, name{ … }, and the problem behind a "!".
std::string Steps(std::string_view text) {
  TextProtoReader reader(text);
  std::string steps;
  for (;;) {
    switch (reader.Next()) {
      case Step::kScalar: {
        const TextScalar& scalar = reader.scalar();
        steps += std::string(reader.name()) + "=" + (scalar.negative ? "-" : "");
        steps += "'idx"[static_cast<int>(scalar.kind)];  // string, integer, float ("d"), identifier ("x")
        steps += scalar.text + " ";
        break;
      }
      case Step::kBegin:
        steps += std::string(reader.name()) + "{ ";
        break;
      case Step::kEnd:
        steps += "} ";
        break;
      case Step::kFault:
        EXPECT_EQ(reader.Next(), Step::kFault);
        return steps + "! " + Described(text, reader.fault(), reader.fault_offset());
      case Step::kDone:
        EXPECT_EQ(reader.Next(), Step::kDone);
        EXPECT_TRUE(reader.fault() == TextProtoFault::kNone);
        if (!steps.empty()) steps.pop_back();
        return steps;
    }
  }
}

TEST(TextProto, Fields) {
  EXPECT_EQ(Steps(""), "");
  EXPECT_EQ(Steps(" # only a comment"), "");
  EXPECT_EQ(Steps("\xEF\xBB\xBF"
                  "a:1"),
            "a=i1");
  EXPECT_EQ(Steps("a: 1 b: x c: 'y'"), "a=i1 b=xx c='y");
  EXPECT_EQ(Steps("a:1,b:2;c:3"), "a=i1 b=i2 c=i3");
  EXPECT_EQ(Steps("a # one\n : # two\r\n 1 # three\n , # four\n b:2"), "a=i1 b=i2");
  EXPECT_EQ(Steps("[pkg.ext]: 1 [ pkg . ext2 ] { }"), "[pkg.ext]=i1 [ pkg . ext2 ]{ }");
  EXPECT_EQ(Steps("[type.googleapis.com/pkg.Type] { a: 1 }"), "[type.googleapis.com/pkg.Type]{ a=i1 }");
}

TEST(TextProto, Messages) {
  EXPECT_EQ(Steps("a { b: 1 } a: { b < c: 2 > } d:<>"), "a{ b=i1 } a{ b{ c=i2 } } d{ }");
  EXPECT_EQ(Steps("a{},b{};c{}"), "a{ } b{ } c{ }");
}

TEST(TextProto, Lists) {
  EXPECT_EQ(Steps("a: [1, 'x' \"y\", z] b: 2"), "a=i1 a='xy a=xz b=i2");
  EXPECT_EQ(Steps("a: [] b: [ ], c []; d: 1"), "d=i1");
  // The name comes back after the fields of an element.
  EXPECT_EQ(Steps("a [{b: [1,2]}, <b: 3 c {}>] d: 4"), "a{ b=i1 b=i2 } a{ b=i3 c{ } } d=i4");
  EXPECT_EQ(Steps("a: [{}]; b: 1"), "a{ } b=i1");
  EXPECT_EQ(Steps("a: [1,]"), "a=i1 ! syntax 1:7");
  EXPECT_EQ(Steps("a: [,1]"), "! syntax 1:5");
  EXPECT_EQ(Steps("a: [1 2]"), "a=i1 ! syntax 1:7");
  EXPECT_EQ(Steps("a: [[1]]"), "! syntax 1:5");
  EXPECT_EQ(Steps("a [1]"), "! syntax 1:4");
  EXPECT_EQ(Steps("a: [1"), "a=i1 ! cut_off 1:6");
}

TEST(TextProto, Numbers) {
  EXPECT_EQ(Steps("a:0 a:-0 a:017 a:0x1F a:-0XfF"), "a=i0 a=-i0 a=i017 a=i0x1F a=-i0XfF");
  EXPECT_EQ(Steps("a:1. a:.5 a:1.5e-3f a:2F a:1e+5 a:- # sign\n 3"),
            "a=d1. a=d.5 a=d1.5e-3f a=d2F a=d1e+5 a=-i3");
  EXPECT_EQ(Steps("a:-inf a:-Infinity a:-NaN a:inf"), "a=-xinf a=-xInfinity a=-xNaN a=xinf");
  EXPECT_EQ(Steps("a:12345678901234567890123"), "a=i12345678901234567890123");
  for (const char* bad :
       {"a:10bar", "a:08", "a:0x", "a:0xg", "a:1e", "a:1e+", "a:1.2.3", "a:.", "a:1ff", "a:0x1.5"}) {
    EXPECT_EQ(Steps(bad), "! number 1:3") << bad;
  }
  EXPECT_EQ(Steps("a:--1"), "! syntax 1:4");
  EXPECT_EQ(Steps("a:+1"), "! syntax 1:3");
  EXPECT_EQ(Steps("a:-x"), "! syntax 1:4");
  EXPECT_EQ(Steps("a:-'x'"), "! syntax 1:4");
  EXPECT_EQ(Steps("a:2 . 0"), "a=i2 ! syntax 1:5");
}

std::string TextOf(std::string_view literal) {
  TextProtoReader reader(literal);
  EXPECT_EQ(reader.Next(), Step::kScalar) << literal;
  EXPECT_EQ(reader.scalar().kind, TextScalar::Kind::kString);
  std::string text = reader.scalar().text;
  EXPECT_EQ(reader.Next(), Step::kDone) << literal;
  return text;
}

TEST(TextProto, Strings) {
  EXPECT_EQ(TextOf(R"(a:"")"), "");
  EXPECT_EQ(TextOf(R"(a:"it's" ' "so"')"), "it's \"so\"");
  EXPECT_EQ(TextOf("a:'one' # comment\n\t\"two\"'three'  "), "onetwothree");
  EXPECT_EQ(TextOf(R"(a:'\a\b\f\n\r\t\v\?\\\'\"')"), "\a\b\f\n\r\t\v?\\'\"");
  EXPECT_EQ(TextOf(R"(a:'\0\12\1234\x4\x41B\xfFF')"), std::string("\0\n\123"
                                                                  "4\x04"
                                                                  "AB\xff"
                                                                  "F",
                                                                  9));
  EXPECT_EQ(TextOf(R"(a:'\u00fc\u20AC\U0001f600\U0010FFFF\u00e9f')"),
            "\u00fc\u20ac\U0001f600\U0010ffff\u00e9"
            "f");
  EXPECT_EQ(TextOf("a:'\xFF ü'"), "\xFF ü");  // bytes as they are
  EXPECT_EQ(Steps("a:'#' # '\n b:1"), "a='# b=i1");
}

TEST(TextProto, BadStrings) {
  EXPECT_EQ(Steps("a:'x\n'"), "! string 1:5");
  EXPECT_EQ(Steps(std::string_view("a:'x\0'", 6)), "! string 1:5");
  EXPECT_EQ(Steps("a:'x"), "! cut_off 1:5");
  EXPECT_EQ(Steps("a:'x\\"), "! cut_off 1:6");
  EXPECT_EQ(Steps("a:'x\\x"), "! cut_off 1:7");
  EXPECT_EQ(Steps("a:'x\"\n"), "! string 1:6");
  for (const char* bad : {R"(a:'\q')", R"(a:'\x')", R"(a:'\u12')", R"(a:'\U0001f60')", R"(a:'\U00110000')",
                          R"(a:'\ud83d\ude00')", R"(a:'\777')", "a:'\\\n'", R"(a:'\8')"}) {
    EXPECT_EQ(Steps(bad), "! escape 1:4") << bad;
  }
}

TEST(TextProto, PlaceOfProblem) {
  EXPECT_EQ(Steps("a: 1\r\n  b: 'üöß' ?"), "a=i1 b='üöß ! syntax 2:12");
  EXPECT_EQ(Steps("\xEF\xBB\xBF?"), "! syntax 1:1");
  EXPECT_EQ(Steps("a {\n b: 1\n"), "a{ b=i1 ! cut_off 3:1");
  EXPECT_EQ(Steps("a { >"), "a{ ! syntax 1:5");
  EXPECT_EQ(Steps("a < }"), "a{ ! syntax 1:5");
  EXPECT_EQ(Steps("a {} }"), "a{ } ! syntax 1:6");
  EXPECT_EQ(Steps("a: 1,, b: 1"), "a=i1 ! syntax 1:6");
  EXPECT_EQ(Steps("a"), "! cut_off 1:2");
  EXPECT_EQ(Steps("a 1"), "! syntax 1:3");
  EXPECT_EQ(Steps("a: }"), "! syntax 1:4");
  EXPECT_EQ(Steps("'a': 1"), "! syntax 1:1");
  EXPECT_EQ(Steps("[a: 1"), "! syntax 1:3");
  EXPECT_EQ(Steps("[]: 1"), "! syntax 1:2");
}

TEST(TextProto, Depth) {
  const auto nested = [](size_t depth, const std::string& begin) {
    std::string text;
    for (size_t i = 0; i < depth; ++i) text += begin;
    return Steps(text + std::string(depth, '}'));
  };
  EXPECT_EQ(nested(TextProtoReader::kMaxDepth, "a{").find('!'), std::string::npos);
  const std::string deep = nested(TextProtoReader::kMaxDepth + 1, "a{");
  EXPECT_EQ(deep.substr(deep.find('!')), "! depth 1:" + std::to_string(2 * TextProtoReader::kMaxDepth + 2));
  EXPECT_NE(nested(100'000, "a:[{").find("! depth"), std::string::npos);
  // Nothing is nested, whatever stands side by side.
  std::string wide;
  for (int i = 0; i < 100'000; ++i) wide += "a:[]";
  EXPECT_EQ(Steps(wide), "");
}

TEST(TextProto, Uint32) {
  const auto value = [](std::string_view text) -> int64_t {
    TextProtoReader reader(text);
    uint32_t number;
    return reader.Next() == Step::kScalar && reader.scalar().ToUint32(&number) ? number : int64_t{-1};
  };
  EXPECT_EQ(value("a:0"), 0);
  EXPECT_EQ(value("a:4294967295"), 4294967295);
  EXPECT_EQ(value("a:4294967296"), -1);
  EXPECT_EQ(value("a:0xffFFffFF"), 4294967295);
  EXPECT_EQ(value("a:0x100000000"), -1);
  EXPECT_EQ(value("a:017"), 15);
  EXPECT_EQ(value("a:-1"), -1);
  EXPECT_EQ(value("a:1.0"), -1);
  EXPECT_EQ(value("a:'1'"), -1);
  EXPECT_EQ(value("a:x"), -1);
}

TEST(TextProto, TellsWhereAValueIs) {
  constexpr std::string_view text = "a: 1\nb:  2 c: 3";
  TextProtoReader reader(text);
  EXPECT_EQ(reader.Next(), Step::kScalar);
  EXPECT_EQ(reader.Next(), Step::kScalar);
  EXPECT_EQ(Described(text, TextProtoFault::kNone, reader.value_offset()), "none 2:5");
}

constexpr std::string_view kSample =
    "a: 1 b { c: ['x' \"\\u00fc\\n\", -inf] d [<>, {e: 0x1F}] # no\n [f.g]: 1.5e-3f; } h: '\\x41\\101'";

TEST(TextProto, EveryTruncation) {
  for (size_t length = 0; length <= kSample.size(); ++length) {
    // A copy of just these bytes, so that a read beyond them is seen.
    const std::vector<char> bytes(kSample.begin(), kSample.begin() + static_cast<ptrdiff_t>(length));
    const std::string steps = Steps({bytes.data(), bytes.size()});
    if (length == kSample.size()) {
      EXPECT_EQ(steps.find('!'), std::string::npos);
    }
  }
}

TEST(TextProto, Garbage) {
  std::mt19937 random(1);
  constexpr std::string_view kAlphabet = "aA_09.x-+eE:;,{}<>[]'\"\\#\n \t/uU\x80\xC3";
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 2 == 0 ? kSample : "");
    if (text.empty()) text.resize(random() % 40, 'a');
    for (size_t changes = text.empty() ? 0 : 1 + random() % 20; changes > 0; --changes) {
      text[random() % text.size()] = kAlphabet[random() % kAlphabet.size()];
    }
    const std::vector<char> bytes(text.begin(), text.end());
    Steps({bytes.data(), bytes.size()});
  }
}

}  // namespace
}  // namespace tensorpane
