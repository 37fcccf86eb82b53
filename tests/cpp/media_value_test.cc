#include "values/media_value.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "event_bytes.h"
#include "log/log.h"
#include "read_bytes.h"

namespace tensorpane {
namespace {

using nlohmann::json;
using testing::BytesField;
using testing::Frame;
using testing::ReadBytes;
using testing::SummaryEvent;
using testing::TensorValue;
using testing::VarintField;
using namespace std::literals;

std::string File(const std::string& name) {
  std::ifstream in(std::string(TENSORPANE_TEST_DATA) + "/media/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string Strings(const std::vector<int64_t>& shape, const std::vector<std::string>& strings) {
  std::string sizes, tensor = VarintField(1, 7);
  for (const int64_t size : shape) sizes += BytesField(2, VarintField(1, static_cast<uint64_t>(size)));
  tensor += BytesField(2, sizes);
  for (const std::string& string : strings) tensor += BytesField(8, string);
  return tensor;
}

/// The facts; each item must be where they say.
json Read(std::string_view plugin, Storage storage, bool split, const std::string& payload,
          const std::vector<std::string>& items) {
  const MediaValue value = ReadMediaValue(plugin, storage, split, AsBytes(payload));
  const std::string& in = value.joined.empty() ? payload : value.joined;
  json facts = json::parse(value.facts);
  EXPECT_EQ(facts["count"], items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    const json& item = facts["items"][i];
    EXPECT_EQ(in.substr(item["offset"], item["length"]), items[i]);
  }
  return facts;
}

TEST(MediaValue, AnAnimationSaysHowLongEachFrameIsShown) {
  const std::string gif = File("delays.gif");
  const json facts = Read("images", Storage::kImage, false, VarintField(1, 99) + BytesField(4, gif), {gif});
  const json& item = facts["items"][0];
  EXPECT_EQ(item["kind"], "image");
  EXPECT_EQ(item["mime"], "image/gif");
  EXPECT_EQ(item["width"], 4);
  EXPECT_EQ(item["times"].size(), 5u);
  EXPECT_NEAR(item["times"][0], 0.1, 1e-6);
}

TEST(MediaValue, ImagesOfATensorComeBehindTheirSizes) {
  Read("images", Storage::kTensor, false, Strings({4}, {"9", "9", "one", "two!"}), {"one", "two!"});
  Read("images", Storage::kTensor, false, Strings({2}, {"9", "9"}), {});
  Read("images", Storage::kTensor, false, Strings({1}, {"9"}), {});
}

TEST(MediaValue, SoundsHaveTheirLabelsBeside) {
  const std::string wav = File("s16_2.wav");
  const json facts =
      Read("audio", Storage::kTensor, false, Strings({2, 2}, {wav, "*a*", "", "\xff"}), {wav, ""});
  EXPECT_EQ(facts["items"][0]["label"], "*a*");
  EXPECT_EQ(facts["items"][0]["sampleRate"], 8000);
  EXPECT_EQ(facts["items"][0]["channels"], 2);
  EXPECT_EQ(facts["items"][0]["frames"], 700);
  EXPECT_EQ(facts["items"][1]["label"], "\xEF\xBF\xBD");
  EXPECT_TRUE(facts["items"][1]["error"]);
  Read("audio", Storage::kTensor, false, Strings({2}, {"a", "b"}), {"a", "b"});
}

TEST(MediaValue, PartsAreJoined) {
  const std::string value =
      BytesField(1, "tag") + BytesField(4, VarintField(1, 3)) + BytesField(4, BytesField(4, "x"));
  Read("images", Storage::kImage, true, value, {"x"});
}

TEST(MediaValue, SaysWhyThereIsNone) {
  const auto error = [](Storage storage, const std::string& payload) {
    return Read("images", storage, false, payload, {})["error"].get<std::string>();
  };
  EXPECT_EQ(error(Storage::kImage, "\xff"), "malformed");
  EXPECT_EQ(error(Storage::kHisto, ""), "other");
  EXPECT_EQ(error(Storage::kTensor, VarintField(1, 1) + BytesField(4, "\0\0\x80\x3f"s)), "numbers");
  EXPECT_EQ(error(Storage::kTensor, "\xff"), "malformed tensor");
}

TEST(Log, ImagesMoveIfTheFirstOneIsAnAnimation) {
  Log log(1 << 20);
  const std::string still = File("full_table.gif"), moving = File("plain.gif");
  const auto image = [](const std::string& tag, const std::string& encoded) {
    return BytesField(1, tag) + BytesField(4, VarintField(1, 3) + BytesField(4, encoded));
  };
  ReadBytes(&log, ".",
            Frame(SummaryEvent(0, {image("still", still), image("moving", moving),
                                   TensorValue("tensor", "images", Strings({3}, {"9", "9", moving})),
                                   TensorValue("text", "text", Strings({3}, {"9", "9", moving})),
                                   image("video", "\x1a\x45\xdf\xa3...")})) +
                Frame(SummaryEvent(1, {image("still", moving)})));
  std::vector<std::string> moves;
  for (const Series& series : log.series()) {
    if (series.moves) moves.push_back(log.tag(series.tag));
  }
  EXPECT_EQ(moves, (std::vector<std::string>{"moving", "tensor", "video"}));
}

TEST(Log, MatricesAreToldByTheFirstTensor) {
  Log log(1 << 20);
  const auto tensor = [](uint64_t dtype, const std::vector<uint64_t>& sizes, size_t bytes) {
    std::string shape;
    for (const uint64_t size : sizes) shape += BytesField(2, VarintField(1, size));
    return VarintField(1, dtype) + BytesField(2, shape) + BytesField(4, std::string(bytes, '\0'));
  };
  const uint64_t kFloats = 1, kComplex = 8;
  const size_t kLarge = 9 << 20;  // not held in memory
  ReadBytes(&log, ".",
            Frame(SummaryEvent(0, {TensorValue("small", "", tensor(kFloats, {2, 3}, 24)),
                                   TensorValue("list", "", tensor(kFloats, {6}, 24)),
                                   TensorValue("complex", "", tensor(kComplex, {1, 3}, 24)),
                                   TensorValue("texts", "", Strings({1, 2}, {"a", "b"}))})) +
                Frame(SummaryEvent(0, {TensorValue("large", "", tensor(kFloats, {9 << 18, 1}, kLarge))})));
  std::vector<std::string> matrices;
  for (const Series& series : log.series()) {
    if (series.is_matrix) matrices.push_back(log.tag(series.tag));
  }
  EXPECT_EQ(matrices, (std::vector<std::string>{"small", "large"}));
}

TEST(Log, ImagesTooLargeForMemoryMoveIfTheyBeginAsAnAnimation) {
  Log log(1 << 20);
  const auto large = [](const std::string& tag, const std::string& start) {
    return BytesField(1, tag) +
           BytesField(4, VarintField(1, 3) + BytesField(4, start + std::string(9 << 20, ' ')));
  };
  ReadBytes(
      &log, ".",
      Frame(SummaryEvent(0, {large("gif", "GIF89a")})) + Frame(SummaryEvent(0, {large("png", "\x89PNG")})));
  ASSERT_EQ(log.series().size(), 2u);
  EXPECT_TRUE(log.series()[0].moves);
  EXPECT_FALSE(log.series()[1].moves);
}

}  // namespace
}  // namespace tensorpane
