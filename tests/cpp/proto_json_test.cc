#include "events/proto_json.h"

#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "event_bytes.h"

namespace tensorpane {
namespace {

using testing::BytesField;
using testing::DoubleField;
using testing::Tag;
using testing::Varint;
using testing::VarintField;

std::string Json(const std::string& message, const MessageInfo& info) {
  JsonWriter json;
  return WriteMessageJson(AsBytes(message), info, &json) ? json.Take() : "malformed";
}

TEST(ProtoJson, WritesWhatIsSet) {
  EXPECT_EQ(Json("", kMeshPluginData), "{}");
  EXPECT_EQ(
      Json(BytesField(2, "cloud") + VarintField(3, 1) + BytesField(6, Varint(2) + Varint(300) + Varint(3)),
           kMeshPluginData),
      R"({"name":"cloud","content_type":"VERTEX","shape":[2,300,3]})");
  EXPECT_EQ(Json(VarintField(6, 2) + VarintField(6, 3) + VarintField(3, 9), kMeshPluginData),
            R"({"content_type":9,"shape":[2,3]})");
  EXPECT_EQ(Json(VarintField(2, 11) + VarintField(3, 1) + VarintField(3, 0), kAudioPluginData),
            R"({"encoding":"WAV"})");
}

TEST(ProtoJson, ValuesOfHParams) {
  const auto entry = [](const std::string& key, const std::string& value) {
    return BytesField(1, BytesField(1, key) + BytesField(2, value));
  };
  const std::string list =
      BytesField(6, BytesField(1, DoubleField(2, 1)) + BytesField(1, BytesField(3, "x")));
  const std::string start =
      BytesField(3, entry("lr", DoubleField(2, 0.1)) + entry("act", BytesField(3, "relu")) +
                        entry("on", VarintField(4, 1)) + entry("none", VarintField(1, 0)) +
                        entry("many", list) + entry("s", BytesField(5, entry("k", DoubleField(2, 2)))));
  EXPECT_EQ(
      Json(start, kHParamsPluginData),
      R"({"session_start_info":{"hparams":{"lr":0.1,"act":"relu","on":true,"none":null,"many":[1,"x"],"s":{"k":2}}}})");
  EXPECT_EQ(Json(BytesField(4, VarintField(1, 1)), kHParamsPluginData),
            R"({"session_end_info":{"status":"STATUS_SUCCESS"}})");
}

TEST(ProtoJson, LayoutsNest) {
  const std::string chart = BytesField(1, "both") + BytesField(2, BytesField(1, "a") + BytesField(1, "b"));
  EXPECT_EQ(
      Json(BytesField(2, BytesField(1, "Charts") + BytesField(2, chart) + VarintField(3, 1)),
           kCustomScalarLayout),
      R"({"category":[{"title":"Charts","chart":[{"title":"both","multiline":{"tag":["a","b"]}}],"closed":true}]})");
}

TEST(ProtoJson, DepthIsBounded) {
  std::string value = DoubleField(2, 1);
  for (int i = 0; i < 100; ++i) value = BytesField(6, BytesField(1, value));
  const std::string start = BytesField(3, BytesField(1, BytesField(1, "deep") + BytesField(2, value)));
  EXPECT_EQ(Json(start, kHParamsPluginData), "malformed");
}

TEST(ProtoJson, EveryTruncationIsSafe) {
  const std::string message =
      BytesField(2, BytesField(1, "c") + BytesField(2, BytesField(3, BytesField(1, BytesField(1, "v")))));
  for (size_t length = 0; length < message.size(); ++length)
    Json(message.substr(0, length), kCustomScalarLayout);
  EXPECT_EQ(Json(std::string(20, '\xff'), kHParamsPluginData), "malformed");
}

}  // namespace
}  // namespace tensorpane
