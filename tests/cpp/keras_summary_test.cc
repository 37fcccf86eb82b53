#include "graph/keras_summary.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "base/json_reader.h"
#include "base/json_writer.h"

namespace tensorpane {
namespace {

using nlohmann::json;

json Described(const std::string& text) {
  JsonWriter writer;
  DescribeKeras(AsBytes(text)).WriteJson(&writer);
  return json::parse(writer.text());
}

std::string Layer(const std::string& name) {
  return R"({"class_name":"Dense","config":{"name":")" + name + R"(","units":3}})";
}

const std::string kNested = R"({"class_name": "Functional", "keras_version": "2.15.0", "config": {
  "name": "model", "layers": [
    {"class_name": "InputLayer", "config": {"name": "not this"}, "name": "image", "inbound_nodes": []},
    {"class_name": "Sequential", "name": "vision", "config": {"layers": [)" +
                            Layer("conv") + "," + Layer("pool") + R"(], "name": "vision"}},
    {"class_name": "Bidirectional", "config": {"layer": {"config": {"name": "inside"}}, "name": "both"}}
  ], "input_layers": [["image", 0, 0]]}})";

TEST(KerasSummary, DescribesLayersOfAllLevelsDepthFirst) {
  const json want = {
      {"bytes", kNested.size()},
      {"sha256", Described(kNested)["sha256"]},
      {"class_name", "Functional"},
      {"layers", 5},
      {"layer_names", {"image", "vision", "conv", "pool", "both"}},
      {"nested", {"vision"}},
  };
  EXPECT_EQ(Described(kNested), want);
}

TEST(KerasSummary, ConfigMayBeTheList) {
  const json written =
      Described(R"({"config":[)" + Layer("a") + "," + Layer("b") + R"(],"class_name":"Sequential"})");
  EXPECT_EQ(written["layer_names"], (json{"a", "b"}));
  EXPECT_EQ(written["class_name"], "Sequential");
  EXPECT_EQ(written["nested"], json::array());
}

TEST(KerasSummary, NamesKnownLateOrNotAtAll) {
  const json written = Described(
      R"({"config":{"layers":[{"config":{"layers":[{},{"config":null}],"name":"inner"},"name":"outer"},)"
      R"({"name":"","config":{"name":"c"}},{"name":3,"config":{"name":"d"}},[{"name":"e"}],7]}})");
  EXPECT_EQ(written["class_name"], nullptr);
  EXPECT_EQ(written["layer_names"], (json{"outer", nullptr, nullptr, "c", "d"}));
  EXPECT_EQ(written["nested"], (json{"outer"}));
}

TEST(KerasSummary, SubclassedModelsHaveNoLayers) {
  const json written = Described(R"({"class_name":"Mine","config":{"units":NaN}})");
  EXPECT_EQ(written["layers"], 0);
  EXPECT_FALSE(written.contains("error"));
}

TEST(KerasSummary, WhatIsNoModelIsAnError) {
  for (const std::string text : {"", "null", "[]", "{", "{}", "{\"config\":1}", "\"model\"",
                                 "{\"config\":{}} x", "{\"config\":{\"layers\":[{]}}", "\x89PNG"}) {
    const json written = Described(text);
    EXPECT_TRUE(written.contains("error")) << text;
    EXPECT_EQ(written.size(), 3u) << text;
  }
}

TEST(KerasSummary, NestsDeepWithoutRecursion) {
  const auto nested = [](int depth) {
    std::string text = "{\"name\":\"m\"}";
    for (int i = 0; i < depth; ++i) text = "{\"name\":\"m\",\"config\":{\"layers\":[" + text + "]}}";
    return text;
  };
  const json written = Described(nested(300));
  EXPECT_EQ(written["layers"], 300);
  EXPECT_EQ(written["nested"].size(), 299u);
  EXPECT_TRUE(Described(nested(1000)).contains("error"));
}

TEST(KerasSummary, MoreLayersThanAModelHasAreAnError) {
  std::string text = "{\"config\":[{}";
  for (size_t i = 0; i < KerasSummary::kMaxLayers; ++i) text += ",{}";
  text += "]}";
  EXPECT_EQ(Described(text)["error"], "too many layers");
}

TEST(KerasSummary, TruncationsAreErrorsAndGarbageNeverCrashes) {
  for (size_t length = 0; length < kNested.size(); ++length) {
    const std::string cut = kNested.substr(0, length);
    EXPECT_FALSE(DescribeKeras(AsBytes(cut)).error.empty()) << length;
  }
  constexpr std::string_view kBytes = "{}[]:,\"\\x1 \xff";
  std::mt19937 random(9);
  for (int i = 0; i < 5000; ++i) {
    std::string text = kNested;
    for (int changes = 1 + static_cast<int>(random() % 4); changes > 0; --changes) {
      text[random() % text.size()] = kBytes[random() % kBytes.size()];
    }
    Described(text);
  }
}

}  // namespace
}  // namespace tensorpane
