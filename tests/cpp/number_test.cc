#include "projector/number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {
namespace {

TEST(ParseNumber, Refuses) {
  float value;
  for (const char* bad :
       {"",    " ",    "-",   "+",      ".",     "e1",  "1e", "1e+", "1.2.3", "--1",       "+-1",
        "1 2", "0x10", "1_0", "nan(1)", "infin", "1,5", "1f", "١",   "-.e1",  "infinityy", "n"}) {
    EXPECT_FALSE(ParseNumber(bad, &value)) << bad;
  }
  EXPECT_FALSE(ParseNumber(std::string(5000, '1'), &value));
  EXPECT_FALSE(ParseNumber(std::string_view("1\0", 2), &value));
}

TEST(ParseNumber, AsStrtodDoes) {
  const auto check = [](const std::string& text) {
    float value;
    double as_double;
    ASSERT_TRUE(ParseNumber(text, &value)) << text;
    ASSERT_TRUE(ParseNumber(text, &as_double)) << text;
    const double number = std::strtod(text.c_str(), nullptr);
    const auto expected = static_cast<float>(number);
    EXPECT_EQ(BitCast<uint32_t>(value), BitCast<uint32_t>(expected)) << text;
    EXPECT_EQ(BitCast<uint64_t>(as_double), BitCast<uint64_t>(number)) << text;
    // The same at the end of memory of its own, and with much behind it.
    for (const std::string& behind :
         {std::string(), '\t' + std::string(40, '7'), '\n' + std::string(40, 'x')}) {
      const std::string line = text + behind;
      const std::vector<char> memory(line.begin(), line.end());
      if (const char* end = ScanNumbers(memory.data(), memory.data() + memory.size(), '\t', {&value, 1})) {
        EXPECT_EQ(end - memory.data(), static_cast<ptrdiff_t>(text.size())) << text;
        EXPECT_EQ(BitCast<uint32_t>(value), BitCast<uint32_t>(expected)) << text;
      }
    }
  };
  for (const char* text : {"0",
                           "-0",
                           "-0.0",
                           "0e5",
                           "0.000000000000000000000000000001",
                           "16777217",
                           "16777219",
                           "1e22",
                           "18446744073709551615",
                           "18446744073709551616",
                           "123456789012345678901234567890",
                           "3.4028235677973366e38",
                           "3.4028234e38",
                           "34028235677973366e22",
                           "1e-45",
                           "7e-46",
                           "1e-310",
                           "1e99999999999",
                           "1e-99999999999",
                           "0e99999999999",
                           "1.00000005960464477539062500000001",
                           "1.000000059604644775390625",
                           "1.00000005960464477",
                           "2.5e-22"}) {
    check(text);
  }
  std::mt19937_64 random(5);
  char buffer[128];
  for (int round = 0; round < 50'000; ++round) {
    const auto bits = static_cast<uint32_t>(random());
    const float value = BitCast<float>(bits);
    if (!std::isfinite(value)) continue;
    // A float, and the middle between it and the next, written short and long.
    const double middle = (static_cast<double>(value) + static_cast<double>(BitCast<float>(bits ^ 1u))) / 2;
    for (const double number : {static_cast<double>(value), middle}) {
      std::snprintf(buffer, sizeof buffer, "%.*g", static_cast<int>(5 + random() % 16), number);
      check(buffer);
    }
    // In the range that files have.
    const double usual =
        std::ldexp(static_cast<double>(static_cast<float>(random() % 20'000'001) + 0.5f) - 1e7,
                   -static_cast<int>(random() % 40));
    std::snprintf(buffer, sizeof buffer, "%.*g", static_cast<int>(15 + random() % 4), usual);
    check(buffer);
    // As numpy.savetxt writes them, and with more digits than are kept.
    std::snprintf(buffer, sizeof buffer, "%.18e", usual);
    check(buffer);
    std::snprintf(buffer, sizeof buffer, "%.30f", std::ldexp(usual, -static_cast<int>(random() % 60)));
    check(buffer);
  }
}

TEST(ScanNumbers, EndsWhereTheRowDoes) {
  const auto scan = [](std::string_view text, size_t count, char separator = '\t') {
    std::string first;
    // At the end of the memory, and with much behind it.
    for (const std::string& behind : {std::string(), std::string(40, 'x')}) {
      const std::string line = std::string(text) + behind;
      const std::vector<char> memory(line.begin(), line.end());
      std::vector<float> numbers(count);
      const char* const begin = memory.data();
      const char* const end = ScanNumbers(begin, begin + memory.size(), separator, numbers);
      std::string told = end == nullptr ? "none" : "";
      for (size_t i = 0; i < count && end != nullptr; ++i) told += std::to_string(numbers[i]) + " ";
      if (end != nullptr) told += "| " + std::string(text.substr(static_cast<size_t>(end - begin)));
      if (!behind.empty()) EXPECT_EQ(told, first) << text;
      first = told;
    }
    return first;
  };
  EXPECT_EQ(scan("1.5\t2\n", 2), "1.500000 2.000000 | \n");
  EXPECT_EQ(scan("-0.25\t+3\t-12345678.5 ", 3), "-0.250000 3.000000 -12345678.000000 |  ");
  EXPECT_EQ(scan("123456789012345678 x", 1), "123456790519087104.000000 |  x");
  EXPECT_EQ(scan("1.5.5\t", 1), "1.500000 | .5\t");
  EXPECT_EQ(scan("12345678\t12345678\n", 1), "12345678.000000 | \t12345678\n");
  EXPECT_EQ(scan("1e5e\t", 1), "100000.000000 | e\t");
  EXPECT_EQ(scan("1.\t.5\t2.5E1\t", 3), "1.000000 0.500000 25.000000 | \t");
  EXPECT_EQ(scan("1  2   3 ", 3, ' '), "1.000000 2.000000 3.000000 |  ");
  EXPECT_EQ(scan("1,2\t3,", 2, ','), "1.000000 2.000000 | \t3,");
  for (const char* bad : {"", "-", ".", "x", " 1", "nan", "1e", "1e+", "\t1", "-\t"})
    EXPECT_EQ(scan(bad, 1), "none") << bad;
  for (const char* bad : {"1\n2", "1\t", "1\t\t2", "1 \t2", "1\t-\t"}) EXPECT_EQ(scan(bad, 2), "none") << bad;
}

}  // namespace
}  // namespace tensorpane
