#include "events/tensor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/json_writer.h"
#include "event_bytes.h"
#include "events/event.h"

namespace tensorpane {
namespace {

using testing::BytesField;
using testing::FloatField;
using testing::Raw;
using testing::Tag;
using testing::Varint;
using testing::VarintField;

std::string Shape(const std::vector<int64_t>& sizes) {
  std::string dims;
  for (const int64_t size : sizes) dims += BytesField(2, VarintField(1, static_cast<uint64_t>(size)));
  return BytesField(2, dims);
}

std::string Elements(const std::string& bytes) {
  const Tensor tensor = DecodeTensor(AsBytes(bytes));
  if (!tensor.error.empty()) return std::string(tensor.error);
  JsonWriter json;
  WriteTensorElements(tensor, &json);
  return json.Take();
}

const std::string kFloat = VarintField(1, 1), kString = VarintField(1, 7);

TEST(Tensor, ContentAndListsPackedOrNot) {
  const std::string content = BytesField(4, Raw(1.f) + Raw(2.5f)),
                    packed = BytesField(5, Raw(1.f) + Raw(2.5f)),
                    loose = FloatField(5, 1) + FloatField(5, 2.5f);
  for (const std::string& values : {content, packed, loose}) {
    EXPECT_EQ(Elements(kFloat + Shape({2}) + values), "[1,2.5]");
    EXPECT_EQ(Elements(values + Shape({2, 1}) + kFloat), "[[1],[2.5]]");
  }
}

TEST(Tensor, OneValueStandsForAllAndTheLastGoesOn) {
  EXPECT_EQ(Elements(kFloat + Shape({2, 2}) + FloatField(5, 3)), "[[3,3],[3,3]]");
  EXPECT_EQ(Elements(kFloat + Shape({2, 3}) + FloatField(5, 1) + FloatField(5, 2)), "[[1,2,2],[2,2,2]]");
  EXPECT_EQ(Elements(kFloat + Shape({2})), "[0,0]");
  EXPECT_EQ(Elements(kString + Shape({3}) + BytesField(8, "same")), R"(["same","same","same"])");
}

TEST(Tensor, AnyBoolButZeroIsTrue) {
  const Tensor tensor = DecodeTensor(
      AsBytes(VarintField(1, 10) + Shape({3}) + BytesField(11, Varint(90) + Varint(256) + Varint(0))));
  EXPECT_EQ(tensor.data, std::string("\1\1\0", 3));
  EXPECT_EQ(ElementAsDouble(DecodeTensor(AsBytes(VarintField(1, 10) + BytesField(4, "Z"))), 0), 1);
}

TEST(Tensor, FewBytesDontBecomeMany) {
  EXPECT_EQ(Elements(kFloat + Shape({1 << 26}) + BytesField(5, Raw(1.f))), "too big");
  EXPECT_EQ(Elements(kFloat + Shape({1 << 26})), "too big");
  // It is the text that would be large, not the list of views of it.
  EXPECT_EQ(Elements(kString + Shape({1000}) + BytesField(8, std::string(1 << 20, 'x'))), "too big");
}

TEST(Tensor, EveryKindOfElement) {
  EXPECT_EQ(Elements(VarintField(1, 3) + VarintField(7, static_cast<uint64_t>(-7))), "-7");
  EXPECT_EQ(Elements(VarintField(1, 4) + VarintField(7, 200)), "200");
  EXPECT_EQ(Elements(VarintField(1, 23) + VarintField(17, UINT64_MAX)), "18446744073709551615");
  EXPECT_EQ(Elements(VarintField(1, 9) + VarintField(10, (1ull << 53) + 1)), "9007199254740993");
  EXPECT_EQ(Elements(VarintField(1, 10) + VarintField(11, 1)), "true");
  EXPECT_EQ(Elements(VarintField(1, 19) + VarintField(13, 0x3E00)), "1.5");
  EXPECT_EQ(Elements(VarintField(1, 14) + VarintField(13, 0x3FC0)), "1.5");
  EXPECT_EQ(Elements(VarintField(1, 8) + BytesField(9, Raw(1.f) + Raw(-2.5f))), R"x("(1-2.5j)")x");
  EXPECT_EQ(Elements(VarintField(1, 18) + BytesField(12, Raw(0.1) + Raw(2.0))), R"x("(0.1+2j)")x");
  EXPECT_EQ(Elements(VarintField(1, 8) + BytesField(9, Raw(0.f) + Raw(0.f))), R"("0j")");
  EXPECT_EQ(Elements(VarintField(1, 1) + FloatField(5, NAN)), R"("NaN")");
}

TEST(Tensor, WhatCannotBeOneSaysWhy) {
  EXPECT_EQ(Elements("\xff"), "malformed tensor");
  EXPECT_EQ(Elements(VarintField(1, 99)), "unknown dtype");
  EXPECT_EQ(Elements(kFloat + Shape({-1, 3})), "impossible shape");
  EXPECT_EQ(Elements(kFloat + Shape({int64_t{1} << 62, 8}) + FloatField(5, 1)), "impossible shape");
  EXPECT_EQ(Elements(kFloat + Shape({int64_t{1} << 31, int64_t{1} << 31}) + FloatField(5, 1)), "too big");
  EXPECT_EQ(Elements(kFloat + Shape({4}) + BytesField(4, std::string(7, 'x'))),
            "more or fewer bytes than the shape says");
  EXPECT_EQ(Elements(kFloat + Shape({1}) + FloatField(5, 1) + FloatField(5, 2)),
            "more values than the shape says");
  EXPECT_EQ(Elements(kString + Shape({2})), "fewer values than the shape says");
  // 0.1f is no half.
  EXPECT_EQ(Elements(VarintField(1, 19) + VarintField(13, 0x3DCCCCCD)), "values don't fit the dtype");
}

TEST(Tensor, EmptyOnesKeepTheirShape) {
  EXPECT_EQ(Elements(kFloat + Shape({0})), "[]");
  EXPECT_EQ(Elements(kFloat + Shape({2, 0})), "[[],[]]");
  EXPECT_EQ(Elements(kFloat + Shape({0, 3})), "[]");
}

TEST(Tensor, InfoHashesWhatIsThere) {
  const auto info = [](const std::string& bytes, bool extremes) {
    JsonWriter json;
    WriteTensorInfo(DecodeTensor(AsBytes(bytes)), &json, extremes);
    return json.Take();
  };
  // SHA-256 of the four bytes of 1.5f.
  EXPECT_EQ(
      info(kFloat + FloatField(5, 1.5f), false),
      R"({"dtype":"float32","shape":[],"sha256":"c0e336a5f371ef22cd534e094269f2c1a9635cd080b71ffa671086832d3b60b7","values":1.5})");
  const std::string three = kFloat + Shape({3}) + BytesField(4, Raw(2.f) + Raw(-1.f) + Raw(5.f));
  EXPECT_NE(info(three, true).find(R"("min":-1,"max":5)"), std::string::npos);
}

TEST(Tensor, PartsOfASplitPayloadAreJoined) {
  const std::string value = BytesField(1, "tag") + BytesField(8, kFloat) + BytesField(8, FloatField(5, 4));
  EXPECT_EQ(Elements(JoinParts(AsBytes(value), PayloadField(Storage::kTensor))), "4");
}

TEST(Tensor, GarbageIsSafe) {
  std::mt19937 random(2);
  const std::string good =
      VarintField(1, 9) + Shape({2, 3}) + BytesField(10, Varint(5) + Varint(600)) + BytesField(4, "12345678");
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = good.substr(0, random() % (good.size() + 1));
    for (int hits = 0; hits < 3 && !bytes.empty(); ++hits)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    const Tensor tensor = DecodeTensor(AsBytes(bytes));
    JsonWriter json;
    if (tensor.error.empty() && tensor.elements() < 10000) WriteTensorElements(tensor, &json);
  }
}

}  // namespace
}  // namespace tensorpane
