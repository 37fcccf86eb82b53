#include "graph/run_metadata_summary.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "base/json_writer.h"
#include "event_bytes.h"

namespace tensorpane {
namespace {

using nlohmann::json;
using testing::BytesField;
using testing::VarintField;

/// A graph of one node with one input and control input.
std::string Graph(const std::string& name, uint64_t producer) {
  const std::string node =
      BytesField(1, name) + BytesField(2, "Op") + BytesField(3, "in") + BytesField(3, "^control");
  return BytesField(1, node) + BytesField(4, VarintField(1, producer));
}

/// A FunctionGraphs with a partition graph, a pre- and a post-optimization graph.
std::string FunctionGraph(const std::string& graph) {
  return BytesField(4, BytesField(1, "") + BytesField(2, graph) + BytesField(3, Graph("post", 9)));
}

std::string Device(const std::string& name, int stats) {
  std::string device = BytesField(1, name);
  for (int i = 0; i < stats; ++i) device += BytesField(2, BytesField(1, "node") + VarintField(2, 5));
  return BytesField(1, device);
}

json Described(const std::string& bytes) {
  JsonWriter writer;
  DescribeRunMetadata(AsBytes(bytes)).WriteJson(&writer);
  return json::parse(writer.text());
}

const std::string kAll = BytesField(1, Device("/cpu:0", 2) + Device("/gpu:0", 3)) +
                         BytesField(2, BytesField(1, "") + BytesField(1, "")) + BytesField(3, "") +
                         FunctionGraph(Graph("a", 5)) + BytesField(3, "") + FunctionGraph(Graph("b", 5));

TEST(RunMetadataSummary, DescribesAllParts) {
  const json want = {
      {"bytes", kAll.size()},
      {"sha256", Described(kAll)["sha256"]},
      {"devices", {"/cpu:0", "/gpu:0"}},
      {"node_stats", 5},
      {"partition_graphs", 2},
      {"function_graphs", 2},
      {"cost_nodes", 2},
      {"graph",
       {{"nodes", 2},
        {"edges", 4},
        {"control_edges", 0},
        {"functions", 0},
        {"function_nodes", 0},
        {"ops", {{"Op", 2}}},
        {"first_nodes", {"graph_1/a", "graph_2/b"}},
        {"producer", 5}}},
  };
  EXPECT_EQ(Described(kAll), want);
}

TEST(RunMetadataSummary, ZeroBytesAreValidAndHaveNoGraph) {
  const json written = Described("");
  EXPECT_EQ(written["bytes"], 0);
  EXPECT_EQ(written["devices"], json::array());
  EXPECT_FALSE(written.contains("graph"));
  EXPECT_FALSE(written.contains("error"));
}

TEST(RunMetadataSummary, OneGraphStaysAsItIs) {
  const json graph = Described(FunctionGraph(Graph("a", 5)))["graph"];
  EXPECT_EQ(graph["first_nodes"], (json{"a"}));
  EXPECT_EQ(graph["control_edges"], 1);
  EXPECT_FALSE(graph.contains("bytes"));
}

TEST(RunMetadataSummary, AFunctionWithoutGraphHasAnEmptyOne) {
  EXPECT_EQ(Described(BytesField(4, ""))["graph"]["nodes"], 0);
  // Its producer is 0, and TensorBoard refuses to merge it with another.
  EXPECT_TRUE(Described(BytesField(4, "") + FunctionGraph(Graph("a", 5)))["graph"].contains("error"));
  const json merged = Described(BytesField(4, "") + FunctionGraph(Graph("a", 0)))["graph"];
  EXPECT_EQ(merged["first_nodes"], (json{"graph_2/a"}));
}

TEST(RunMetadataSummary, DifferentProducersAreAnErrorOfTheGraphAlone) {
  const json written = Described(FunctionGraph(Graph("a", 5)) + FunctionGraph(Graph("b", 6)));
  EXPECT_EQ(written["function_graphs"], 2);
  EXPECT_TRUE(written["graph"].contains("error"));
  EXPECT_EQ(written["graph"].size(), 1u);
}

TEST(RunMetadataSummary, PartsOfAMessageMerge) {
  const std::string split = BytesField(1, Device("a", 1)) + BytesField(1, Device("b\xff", 1)) +
                            BytesField(4, BytesField(2, Graph("a", 5)) + BytesField(2, Graph("b", 5)));
  const json written = Described(split);
  EXPECT_EQ(written["devices"], (json{"a", "b\uFFFD"}));
  EXPECT_EQ(written["graph"]["first_nodes"], (json{"a", "b"}));
}

TEST(RunMetadataSummary, ManyDevicesTakeBoundedMemory) {
  std::string devices;
  for (size_t i = 0; i < RunMetadataSummary::kMaxDevices + 5; ++i) devices += Device("d", 1);
  const std::string bytes = BytesField(1, devices);
  const RunMetadataSummary summary = DescribeRunMetadata(AsBytes(bytes));
  EXPECT_EQ(summary.devices.size(), RunMetadataSummary::kMaxDevices);
  EXPECT_EQ(summary.node_stats, RunMetadataSummary::kMaxDevices + 5);
}

TEST(RunMetadataSummary, DamageIsAnError) {
  for (const std::string& bad :
       {std::string("\xff"), BytesField(1, "\xff"), BytesField(1, BytesField(1, "\x0a")),
        BytesField(2, "\x0a"), Device("a", 1) + "\x0f"}) {
    const json written = Described(bad);
    EXPECT_EQ(written["error"], "malformed RunMetadata");
    EXPECT_EQ(written.size(), 3u);
  }
  for (const std::string& bad : {BytesField(4, "\xff"), BytesField(4, BytesField(2, "\xff"))}) {
    EXPECT_TRUE(Described(bad)["graph"].contains("error"));
  }
}

TEST(RunMetadataSummary, TruncationsAndGarbageNeverCrash) {
  for (size_t length = 0; length < kAll.size(); ++length) Described(kAll.substr(0, length));
  std::mt19937 random(3);
  for (int i = 0; i < 5000; ++i) {
    std::string bytes = kAll;
    for (int changes = 1 + static_cast<int>(random() % 4); changes > 0; --changes) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    Described(bytes);
  }
}

}  // namespace
}  // namespace tensorpane
