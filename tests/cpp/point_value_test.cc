#include "values/point_value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "event_bytes.h"

namespace tensorpane {
namespace {

using nlohmann::json;
using testing::BytesField;
using testing::DoubleField;
using testing::FloatField;
using testing::Raw;
using testing::VarintField;

std::string Shape(const std::vector<int64_t>& sizes) {
  std::string dims;
  for (const int64_t size : sizes) dims += BytesField(2, VarintField(1, static_cast<uint64_t>(size)));
  return BytesField(2, dims);
}

template <class T>
std::string Content(const std::vector<T>& elements) {
  std::string bytes;
  for (const T element : elements) bytes += Raw(element);
  return BytesField(4, bytes);
}

PointValue Read(const std::string& tensor) {
  return ReadPointValue(Storage::kTensor, false, AsBytes(tensor));
}
json Facts(const std::string& tensor) { return json::parse(Read(tensor).facts); }

/// A tensor of rank 1 whose elements are in `tensor_content`.
template <class T>
std::string Vector(int dtype, const std::vector<T>& elements) {
  return VarintField(1, static_cast<uint64_t>(dtype)) + Shape({static_cast<int64_t>(elements.size())}) +
         Content(elements);
}

struct Dtype {
  int number;
  const char* name;
  std::string tensor;  ///< −1 (unsigned: 1), 0 and 2
  double least;
};

class EveryRealDtype : public ::testing::TestWithParam<Dtype> {};

TEST_P(EveryRealDtype, HasItsNumbersAndWhatStandsForThem) {
  const auto& [number, name, tensor, least] = GetParam();
  const PointValue value = Read(tensor);
  EXPECT_EQ(value.numbers, (std::vector<double>{least, 0, 2}));
  const json facts = json::parse(value.facts);
  EXPECT_EQ(facts["kind"], "tensor");
  EXPECT_EQ(facts["dtype"], name);
  EXPECT_EQ(facts["dtypeNumber"], number);
  EXPECT_EQ(facts["shape"], json({3}));
  EXPECT_EQ(facts["count"], 3);
  EXPECT_EQ(facts["bytes"], tensor.size());
  EXPECT_EQ(std::stod(facts["min"].get<std::string>()), std::min(least, 0.));
  EXPECT_EQ(facts["max"], "2");
  EXPECT_DOUBLE_EQ(facts["mean"].get<double>(), (least + 2) / 3);
  EXPECT_EQ(facts["nan"], 0);
  EXPECT_FALSE(facts.contains("exact"));
}

INSTANTIATE_TEST_SUITE_P(
    PointValue, EveryRealDtype,
    ::testing::Values(Dtype{1, "float32", Vector<float>(1, {-1, 0, 2}), -1},
                      Dtype{2, "float64", Vector<double>(2, {-1, 0, 2}), -1},
                      Dtype{3, "int32", Vector<int32_t>(3, {-1, 0, 2}), -1},
                      Dtype{4, "uint8", Vector<uint8_t>(4, {1, 0, 2}), 1},
                      Dtype{5, "int16", Vector<int16_t>(5, {-1, 0, 2}), -1},
                      Dtype{6, "int8", Vector<int8_t>(6, {-1, 0, 2}), -1},
                      Dtype{9, "int64", Vector<int64_t>(9, {-1, 0, 2}), -1},
                      Dtype{11, "int8", Vector<int8_t>(11, {-1, 0, 2}), -1},
                      Dtype{12, "uint8", Vector<uint8_t>(12, {1, 0, 2}), 1},
                      Dtype{13, "int32", Vector<int32_t>(13, {-1, 0, 2}), -1},
                      Dtype{14, "bfloat16", Vector<uint16_t>(14, {0xBF80, 0, 0x4000}), -1},
                      Dtype{15, "int16", Vector<int16_t>(15, {-1, 0, 2}), -1},
                      Dtype{16, "uint16", Vector<uint16_t>(16, {1, 0, 2}), 1},
                      Dtype{17, "uint16", Vector<uint16_t>(17, {1, 0, 2}), 1},
                      Dtype{19, "float16", Vector<uint16_t>(19, {0xBC00, 0, 0x4000}), -1},
                      Dtype{22, "uint32", Vector<uint32_t>(22, {1, 0, 2}), 1},
                      Dtype{23, "uint64", Vector<uint64_t>(23, {1, 0, 2}), 1},
                      Dtype{24, "float8_e5m2", Vector<uint8_t>(24, {0xBC, 0, 0x40}), -1},
                      Dtype{25, "float8_e4m3fn", Vector<uint8_t>(25, {0xB8, 0, 0x40}), -1}),
    [](const ::testing::TestParamInfo<Dtype>& one) { return "Number" + std::to_string(one.param.number); });

TEST(PointValue, BoolsAreZeroAndOne) {
  const PointValue value = Read(Vector<uint8_t>(10, {0, 1, 1, 2}));
  EXPECT_EQ(value.numbers, (std::vector<double>{0, 1, 1, 1}));
  const json facts = json::parse(value.facts);
  EXPECT_EQ(facts["dtype"], "bool");
  EXPECT_EQ(facts["min"], "false");
  EXPECT_EQ(facts["mean"], 0.75);
}

TEST(PointValue, ComplexNumbersAreTwoEachAndHaveNoOrder) {
  for (const std::string& tensor :
       {Vector<float>(8, {1, -2.5f, NAN, 3}), Vector<double>(18, {1, -2.5, NAN, 3})}) {
    // Two numbers make one element.
    const std::string of_two = tensor.substr(0, 2) + Shape({2}) + tensor.substr(2 + Shape({4}).size());
    const PointValue value = Read(of_two);
    ASSERT_EQ(value.numbers.size(), 4u) << value.facts;
    EXPECT_EQ(value.numbers[1], -2.5);
    EXPECT_EQ(value.numbers[3], 3);
    const json facts = json::parse(value.facts);
    EXPECT_EQ(facts["nan"], 1);
    EXPECT_FALSE(facts.contains("min") || facts.contains("mean"));
  }
}

TEST(PointValue, WhatIsNotFiniteIsCountedApart) {
  const json facts = Facts(Vector<float>(1, {NAN, INFINITY, 1, -INFINITY, 4, NAN, INFINITY}));
  EXPECT_EQ(facts["nan"], 2);
  EXPECT_EQ(facts["positiveInfinite"], 2);
  EXPECT_EQ(facts["negativeInfinite"], 1);
  EXPECT_EQ(facts["min"], "1");
  EXPECT_EQ(facts["max"], "4");
  EXPECT_EQ(facts["mean"], 2.5);
  const json none = Facts(Vector<float>(1, {NAN, INFINITY}));
  EXPECT_FALSE(none.contains("min") || none.contains("max") || none.contains("mean"));
}

TEST(PointValue, IntegersBeyondADoubleAreExact) {
  const int64_t odd = (int64_t{1} << 53) + 1;
  const std::vector<int64_t> integers = {odd, 5, odd - 2, INT64_MIN};
  const PointValue value = Read(Vector<int64_t>(9, integers));
  const json facts = json::parse(value.facts);
  EXPECT_EQ(facts["exact"], true);
  ASSERT_EQ(value.numbers.size(), 8u);
  EXPECT_EQ(value.numbers[1], 5);
  EXPECT_EQ(std::memcmp(value.numbers.data() + 4, integers.data(), 32), 0);
  EXPECT_EQ(facts["min"], "-9223372036854775808");
  EXPECT_EQ(facts["max"], "9007199254740993");
  const json unsigned_facts = Facts(Vector<uint64_t>(23, {UINT64_MAX, UINT64_MAX - 1}));
  EXPECT_EQ(unsigned_facts["min"], "18446744073709551614");
}

TEST(PointValue, TheMeanLosesNothing) {
  EXPECT_EQ(Facts(Vector<double>(2, {1e308, 1.5e308}))["mean"], 1.25e308);
  std::vector<double> numbers(1001, 0.1);
  numbers[0] = 1e17;
  numbers[1] = -1e17;
  EXPECT_DOUBLE_EQ(Facts(Vector(2, numbers))["mean"].get<double>(), 99.9 / 1001);
}

TEST(PointValue, TooManyNumbersAreNotListedButForMaps) {
  const std::vector<float> most(kMaxListed, 1), more(kMaxListed + 1, 1);
  EXPECT_EQ(Read(Vector(1, most)).numbers.size(), kMaxListed);
  const PointValue value = Read(Vector(1, more));
  EXPECT_TRUE(value.numbers.empty());
  EXPECT_EQ(json::parse(value.facts)["count"], kMaxListed + 1);
  EXPECT_EQ(json::parse(value.facts)["mean"], 1);
  const auto side = [](int64_t rows, int64_t columns) {
    return VarintField(1, 1) + Shape({rows, columns}) + FloatField(5, 2);
  };
  EXPECT_EQ(Read(side(1024, 1024)).numbers.size(), kMaxMapped);
  EXPECT_TRUE(Read(side(1025, 1024)).numbers.empty());
}

TEST(PointValue, StringsAreTextAndLongOnesAreCut) {
  const std::string strings = VarintField(1, 7) + Shape({4}) + BytesField(8, "short") +
                              BytesField(8, std::string("\xff<b>", 4)) +
                              BytesField(8, std::string(kMaxShownString, 'x')) +
                              BytesField(8, std::string(kMaxShownString - 1, 'x') + "\xc3\xa9" + "tail");
  const json facts = Facts(strings);
  EXPECT_EQ(facts["dtype"], "string");
  EXPECT_EQ(facts["strings"][0], "short");
  EXPECT_EQ(facts["strings"][1], "\xef\xbf\xbd<b>");
  EXPECT_EQ(facts["strings"][2], std::string(kMaxShownString, 'x'));
  // It ends before the character that would be cut in two.
  EXPECT_EQ(facts["strings"][3]["start"], std::string(kMaxShownString - 1, 'x'));
  EXPECT_EQ(facts["strings"][3]["bytes"], kMaxShownString + 5);
  EXPECT_FALSE(facts.contains("nan") || facts.contains("min"));
}

TEST(PointValue, AllStringsTogetherAreBounded) {
  std::string strings = VarintField(1, 7) + Shape({200});
  for (int i = 0; i < 200; ++i) strings += BytesField(8, std::string(kMaxShownString, 'y'));
  size_t shown = 0;
  const json facts = Facts(strings);
  for (const json& string : facts["strings"]) {
    shown += (string.is_string() ? string : string["start"]).get<std::string>().size();
  }
  EXPECT_EQ(shown, kMaxShownStrings);
}

TEST(PointValue, TheOdditiesOfTorchAreRead) {
  // add_tensor() writes the bits of a float32 into half_val, and uint8 into uint32_val.
  const auto floats = [](int dtype, const std::vector<float>& numbers) {
    std::string tensor =
        VarintField(1, static_cast<uint64_t>(dtype)) + Shape({static_cast<int64_t>(numbers.size())});
    for (const float number : numbers) {
      const auto bits = static_cast<int64_t>(BitCast<int32_t>(number));  // negative ones have 64 bits
      tensor += VarintField(13, static_cast<uint64_t>(bits));
    }
    return tensor;
  };
  const std::vector<double> numbers = {0, 1.5, -2, 65504, 5.9604644775390625e-08, INFINITY};
  EXPECT_EQ(Read(floats(19, {0, 1.5f, -2, 65504, 5.9604644775390625e-08f, INFINITY})).numbers, numbers);
  EXPECT_EQ(Read(floats(14, {1.5f, -3.5f})).numbers, (std::vector<double>{1.5, -3.5}));
  EXPECT_TRUE(std::isnan(Read(floats(19, {1.5f, NAN})).numbers.at(1)));
  // No half is 0.1, and none is 65536: who wrote these did not mean halves.
  EXPECT_EQ(Facts(floats(19, {0.1f}))["error"], "values don't fit the dtype");
  EXPECT_EQ(Facts(floats(19, {65536}))["error"], "values don't fit the dtype");
  EXPECT_EQ(Facts(floats(14, {0.1f}))["error"], "values don't fit the dtype");
  const std::string bytes = VarintField(1, 4) + Shape({2}) + VarintField(16, 7) + VarintField(16, 255);
  EXPECT_EQ(Read(bytes).numbers, (std::vector<double>{7, 255}));
}

TEST(PointValue, Float8InItsOwnField) {
  const std::string bytes = VarintField(1, 25) + Shape({3}) + BytesField(18, "\x7f\x01\xfe");
  const PointValue value = Read(bytes);
  ASSERT_EQ(value.numbers.size(), 3u);
  EXPECT_TRUE(std::isnan(value.numbers[0]));
  EXPECT_EQ(value.numbers[1], std::ldexp(1, -9));
  EXPECT_EQ(value.numbers[2], -448);
}

TEST(PointValue, WhatCannotBeDecodedSaysWhyAndKeepsWhatIsKnown) {
  const json facts = Facts(VarintField(1, 99) + Shape({2, 3}));
  EXPECT_EQ(facts["error"], "unknown dtype");
  EXPECT_EQ(facts["dtypeNumber"], 99);
  EXPECT_EQ(facts["shape"], json({2, 3}));
  EXPECT_FALSE(facts.contains("count"));
  // Twenty bytes that would be a gigabyte.
  EXPECT_EQ(Facts(VarintField(1, 1) + Shape({1 << 28}) + FloatField(5, 1))["error"], "too big");
  const std::string message = "\x0a\x01x";
  const json histogram = json::parse(ReadPointValue(Storage::kHisto, false, AsBytes(message)).facts);
  EXPECT_EQ(histogram, json({{"kind", "message"}, {"storage", "histo"}, {"bytes", 3}}));
}

TEST(PointValue, MorePackedValuesThanElementsCostNothing) {
  // A megabyte of varints that would be eight times as much.
  const std::string packed = VarintField(1, 9) + Shape({1}) + BytesField(10, std::string(1 << 20, '\1'));
  EXPECT_EQ(Facts(packed)["error"], "more values than the shape says");
}

TEST(PointValue, ContentIsWhatIsSaved) {
  const auto content = [](const std::string& tensor) {
    return ContentOf(Storage::kTensor, false, AsBytes(tensor));
  };
  EXPECT_EQ(content(VarintField(1, 1) + Shape({2}) + FloatField(5, 1) + FloatField(5, 2)),
            Raw(1.f) + Raw(2.f));
  EXPECT_EQ(content(VarintField(1, 7) + Shape({2}) + BytesField(8, "ab") + BytesField(8, "")),
            Raw(uint64_t{2}) + "ab" + Raw(uint64_t{0}));
  const std::string unknown = VarintField(1, 99) + Shape({2});
  EXPECT_EQ(content(unknown), unknown);
  EXPECT_EQ(ContentOf(Storage::kImage, false, AsBytes("image")), "image");
  const std::string parts =
      BytesField(1, "tag") + BytesField(8, VarintField(1, 1)) + BytesField(8, FloatField(5, 4));
  EXPECT_EQ(ContentOf(Storage::kTensor, true, AsBytes(parts)), Raw(4.f));
  EXPECT_EQ(ReadPointValue(Storage::kTensor, true, AsBytes(parts)).numbers, std::vector<double>{4});
}

TEST(PointValue, GarbageIsSafeAndAlwaysJson) {
  std::mt19937 random(7);
  const std::string good = VarintField(1, 7) + Shape({2, 3}) + BytesField(8, "ab\xc3\xa9") +
                           BytesField(13, "\1\2\3") + Content<float>({1, 2});
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = good.substr(0, random() % (good.size() + 1));
    for (int hits = 0; hits < 3 && !bytes.empty(); ++hits)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    for (const Storage storage : {Storage::kTensor, Storage::kHisto}) {
      for (const bool split : {false, true}) {
        EXPECT_TRUE(json::accept(ReadPointValue(storage, split, AsBytes(bytes)).facts));
        ContentOf(storage, split, AsBytes(bytes));
      }
    }
  }
}

}  // namespace
}  // namespace tensorpane
