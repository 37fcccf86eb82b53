#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/bytes.h"

namespace tensorpane {
namespace {

std::string Write(double value) {
  JsonWriter json;
  json.Double(value);
  return json.Take();
}

std::string Write(float value) {
  JsonWriter json;
  json.Float(value);
  return json.Take();
}

TEST(JsonWriter, StructureAndText) {
  JsonWriter json;
  json.BeginObject();
  json.Key("a\"\\\n\x01");
  json.BeginArray();
  json.Integer(-5);
  json.BeginObject();
  json.EndObject();
  json.Null();
  json.EndArray();
  json.Key("é");
  json.Bool(true);
  json.EndObject();
  EXPECT_EQ(json.text(), R"({"a\"\\\u000a\u0001":[-5,{},null],"é":true})");
}

TEST(JsonWriter, ShortNumbers) {
  EXPECT_EQ(Write(0.1), "0.1");
  EXPECT_EQ(Write(0.1f), "0.1");
  EXPECT_EQ(Write(1e300), "1e+300");
  EXPECT_EQ(Write(1700000000.0), "1700000000");
  EXPECT_EQ(Write(16777216.f), "16777216");
  EXPECT_EQ(Write(-0.0), "-0");
  EXPECT_EQ(Write(double{NAN}), "\"NaN\"");
  EXPECT_EQ(Write(-INFINITY), "\"-Infinity\"");
}

TEST(JsonWriter, EveryNumberReadsBack) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 20000; ++i) {
    const auto wide = BitCast<double>(static_cast<uint64_t>(random()));
    const auto narrow = BitCast<float>(static_cast<uint32_t>(random()));
    if (std::isfinite(wide)) {
      EXPECT_EQ(std::strtod(Write(wide).c_str(), nullptr), wide);
    }
    if (std::isfinite(narrow)) {
      EXPECT_EQ(std::strtof(Write(narrow).c_str(), nullptr), narrow);
    }
  }
}

}  // namespace
}  // namespace tensorpane
