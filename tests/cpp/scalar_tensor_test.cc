#include "events/scalar_tensor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "event_bytes.h"

namespace tensorpane {
namespace {

using testing::BytesField;
using testing::Raw;
using testing::Tag;
using testing::Varint;
using testing::VarintField;

std::string Shape(const std::vector<int64_t>& sizes) {
  std::string dims;
  for (const int64_t size : sizes) dims += BytesField(2, VarintField(1, static_cast<uint64_t>(size)));
  return BytesField(2, dims);
}

Scalar Decode(const std::string& tensor) {
  Scalar scalar;
  DecodeScalarTensor(AsBytes(tensor), &scalar);
  return scalar;
}

std::string Dtype(DType dtype) { return VarintField(1, static_cast<uint64_t>(dtype)); }

struct Case {
  DType dtype;
  uint32_t field;
  int wire_type;
  std::string element;  ///< as in the typed list
  std::string content;  ///< as in tensor_content
  double value;
};

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {DType::kFloat, 5, 5, Raw(1.5f), Raw(1.5f), 1.5},
      {DType::kDouble, 6, 1, Raw(0.1), Raw(0.1), 0.1},
      {DType::kInt32, 7, 0, Varint(static_cast<uint64_t>(-7)), Raw(int32_t{-7}), -7},
      {DType::kUint8, 7, 0, Varint(200), Raw(uint8_t{200}), 200},
      {DType::kInt16, 7, 0, Varint(static_cast<uint64_t>(-300)), Raw(int16_t{-300}), -300},
      {DType::kInt8, 7, 0, Varint(static_cast<uint64_t>(-3)), Raw(int8_t{-3}), -3},
      {DType::kUint16, 7, 0, Varint(65000), Raw(uint16_t{65000}), 65000},
      {DType::kInt64, 10, 0, Varint(static_cast<uint64_t>(-5'000'000'000)), Raw(int64_t{-5'000'000'000}),
       -5e9},
      {DType::kBool, 11, 0, Varint(1), Raw(uint8_t{1}), 1},
      {DType::kHalf, 13, 0, Varint(0x3E00), Raw(uint16_t{0x3E00}), 1.5},
      {DType::kBfloat16, 13, 0, Varint(0x3FC0), Raw(uint16_t{0x3FC0}), 1.5},
      {DType::kUint32, 16, 0, Varint(4'000'000'000), Raw(uint32_t{4'000'000'000}), 4e9},
      {DType::kUint64, 17, 0, Varint(1ull << 40), Raw(uint64_t{1} << 40), 0x1p40},
  };
  return cases;
}

TEST(ScalarTensor, EveryDtypeInEveryStorage) {
  for (const Case& c : Cases()) {
    for (const std::string& shape : {std::string(), Shape({}), Shape({1}), Shape({1, 1, 1})}) {
      for (const std::string& values : {BytesField(4, c.content), Tag(c.field, c.wire_type) + c.element,
                                        BytesField(c.field, c.element)}) {
        // The dtype may come after the values.
        for (const std::string& tensor : {Dtype(c.dtype) + shape + values, values + shape + Dtype(c.dtype)}) {
          const Scalar scalar = Decode(tensor);
          EXPECT_TRUE(scalar.is_number) << InfoOf(c.dtype).name << scalar.exact;
          EXPECT_EQ(scalar.value, c.value) << InfoOf(c.dtype).name;
          EXPECT_EQ(scalar.dtype, c.dtype);
        }
      }
    }
  }
}

TEST(ScalarTensor, HalvesOfAllKinds) {
  const auto half = [](uint16_t bits) {
    return Decode(Dtype(DType::kHalf) + BytesField(4, Raw(bits))).value;
  };
  EXPECT_EQ(half(0x0001), 0x1p-24);
  EXPECT_EQ(half(0x83FF), -1023 * 0x1p-24);
  EXPECT_EQ(half(0x7BFF), 65504);
  EXPECT_TRUE(std::signbit(half(0x8000)));
  EXPECT_EQ(half(0xFC00), -INFINITY);
  EXPECT_TRUE(std::isnan(half(0x7E00)));
}

TEST(ScalarTensor, IntegersBeyondDoublesAreToldExactly) {
  const Scalar big = Decode(Dtype(DType::kInt64) + VarintField(10, (1ull << 53) + 1));
  EXPECT_TRUE(big.is_number);
  EXPECT_EQ(big.exact, "9007199254740993");
  EXPECT_EQ(Decode(Dtype(DType::kUint64) + VarintField(17, UINT64_MAX)).exact, "18446744073709551615");
  EXPECT_EQ(Decode(Dtype(DType::kInt64) + VarintField(10, 1ull << 53)).exact, "");
}

TEST(ScalarTensor, AnAbsentValueIsTheDefault) {
  const Scalar scalar = Decode(Dtype(DType::kFloat) + Shape({}));
  EXPECT_TRUE(scalar.is_number);
  EXPECT_EQ(scalar.value, 0);
}

TEST(ScalarTensor, WhatIsNoSingleNumberSaysSo) {
  for (const std::string& tensor :
       {Dtype(DType::kFloat) + Shape({3}) + BytesField(5, Raw(1.f) + Raw(2.f) + Raw(3.f)),
        Dtype(DType::kFloat) + Shape({0}), Dtype(DType::kFloat) + Shape({-1}) + BytesField(4, Raw(1.f)),
        Dtype(DType::kFloat) + Shape({int64_t{1} << 62, 8}) + BytesField(5, Raw(1.f)),
        Dtype(DType::kFloat) + BytesField(4, "abc"), Dtype(DType::kFloat) + BytesField(5, "abc"),
        Dtype(DType::kInt32) + BytesField(7, "\x80"), VarintField(1, 99) + BytesField(5, Raw(1.f)),
        std::string("\xff"), Dtype(DType::kComplex64) + BytesField(9, Raw(1.f) + Raw(2.f)),
        Dtype(DType::kFloat) + BytesField(2, "\x12\xff"), Dtype(DType::kString),
        Dtype(DType::kString) + BytesField(2, "\xff")}) {
    const Scalar scalar = Decode(tensor);
    EXPECT_FALSE(scalar.is_number);
    EXPECT_TRUE(std::isnan(scalar.value));
    EXPECT_NE(scalar.exact.find("error"), std::string::npos);
  }
  const Scalar text = Decode(Dtype(DType::kString) + BytesField(8, "1.5"));
  EXPECT_FALSE(text.is_number);
  EXPECT_NE(text.exact.find("\"dtype\":\"string\""), std::string::npos);
}

TEST(ScalarTensor, EveryTruncationIsSafe) {
  for (const Case& c : Cases()) {
    const std::string tensor =
        Dtype(c.dtype) + Shape({1}) + BytesField(c.field, c.element) + BytesField(4, c.content);
    for (size_t length = 0; length < tensor.size(); ++length) Decode(tensor.substr(0, length));
  }
}

}  // namespace
}  // namespace tensorpane
