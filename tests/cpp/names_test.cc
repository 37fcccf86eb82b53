#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/natural_order.h"
#include "base/sha256.h"
#include "base/utf8.h"

namespace tensorpane {
namespace {

TEST(NaturalOrder, NumbersByValue) {
  std::vector<std::string> names = {"run10", "run9", "a/2/b", "a/10/b", "run01", "run1",
                                    "",      "run",  "9",     "10",     "é",     "z"};
  std::sort(names.begin(), names.end(), NaturalLess);
  EXPECT_EQ(names, (std::vector<std::string>{"", "9", "10", "a/2/b", "a/10/b", "run", "run01", "run1", "run9",
                                             "run10", "z", "é"}));
}

TEST(NaturalOrder, IsATotalOrder) {
  const std::vector<std::string> names = {"",     "0",
                                          "00",   "1",
                                          "01",   "a",
                                          "a0",   "a00",
                                          "a1",   "a01",
                                          "a1b",  "a01b",
                                          "a1b2", "a1b02",
                                          "a10",  "b",
                                          "1a",   "01a",
                                          "10",   "1/2",
                                          "1/10", "a/1/b",
                                          "a/01", "aa",
                                          "a 1",  "99999999999999999999"};
  for (const auto& a : names) {
    for (const auto& b : names) {
      EXPECT_EQ(NaturalLess(a, b) + NaturalLess(b, a) + (a == b), 1) << a << ' ' << b;
      for (const auto& c : names) {
        const bool chained = NaturalLess(a, b) && NaturalLess(b, c);
        EXPECT_TRUE(!chained || NaturalLess(a, c)) << a << ' ' << b << ' ' << c;
      }
    }
  }
}

TEST(Utf8, ReplacesMaximalParts) {
  // Unicode 15, table 3-8, and Python's bytes.decode("utf-8", "replace").
  const auto valid = [](std::string_view text) { return ToValidUtf8(AsBytes(text)); };
  const std::string r = "\xEF\xBF\xBD";
  EXPECT_EQ(valid("größe 日本 🚀"), "größe 日本 🚀");
  EXPECT_EQ(valid("a\xF1\x80\x80\xE1\x80\xC2z"), "a" + r + r + r + "z");
  EXPECT_EQ(valid("\xC0\xAF\xED\xA0\x80\xF4\x90\x80\x80"), r + r + r + r + r + r + r + r + r);
  EXPECT_EQ(valid("cut\xE2\x82"), "cut" + r);
}

TEST(Sha256, KnownValues) {
  // FIPS 180-4 examples.
  EXPECT_EQ(Sha256Hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex(AsBytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex(AsBytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256Hex(AsBytes(std::string(1000000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
}  // namespace tensorpane
