#include "graph/graph_summary.h"

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

std::string Node(const std::string& name, const std::string& op,
                 const std::vector<std::string>& inputs = {}) {
  std::string node = BytesField(1, name) + BytesField(2, op);
  for (const std::string& input : inputs) node += BytesField(3, input);
  // A device and an attribute: {key: "T", value: {type: 1}}.
  node += BytesField(4, "/cpu:0") + BytesField(5, BytesField(1, "T") + BytesField(2, VarintField(6, 1)));
  return BytesField(1, node);
}

std::string Producer(uint64_t producer) {
  return BytesField(4, VarintField(1, producer) + VarintField(2, 12));
}

std::string Function(const std::string& name, int nodes) {
  std::string function = BytesField(1, BytesField(1, name));
  for (int i = 0; i < nodes; ++i) function += BytesField(3, BytesField(1, "n") + BytesField(2, "Inner"));
  return BytesField(1, function);
}

const std::string kGraph = Node("x", "Placeholder") + Node("w", "Const") +
                           Node("layer/mul", "MatMul", {"x", "w:0", "^init"}) + Node("init", "NoOp") +
                           Node("c", "Const") + BytesField(2, Function("f", 2) + Function("g", 1)) +
                           VarintField(3, 99) + Producer(2474);

json Written(const GraphSummary& summary) {
  JsonWriter writer;
  summary.WriteJson(&writer);
  return json::parse(writer.text());
}

json Described(const std::string& bytes) { return Written(DescribeGraph(AsBytes(bytes))); }

TEST(GraphSummary, DescribesAGraph) {
  const json want = {
      {"bytes", kGraph.size()},
      {"sha256", Described(kGraph)["sha256"]},
      {"nodes", 5},
      {"edges", 3},
      {"control_edges", 1},
      {"functions", 2},
      {"function_nodes", 3},
      {"ops", {{"Const", 2}, {"MatMul", 1}, {"NoOp", 1}, {"Placeholder", 1}}},
      {"first_nodes", {"x", "w", "layer/mul", "init", "c"}},
      {"producer", 2474},
  };
  EXPECT_EQ(Described(kGraph), want);
}

TEST(GraphSummary, AnEmptyGraphIsAGraph) {
  const GraphSummary summary = DescribeGraph({});
  EXPECT_TRUE(summary.error.empty());
  const json written = Written(summary);
  EXPECT_EQ(written["sha256"], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(written["nodes"], 0);
  EXPECT_EQ(written["ops"], json::object());
}

TEST(GraphSummary, ListsTheTwentyMostFrequentOpsAndFirstNodes) {
  std::string graph;
  for (int i = 0; i < 30; ++i) {
    const std::string name = std::string(1, static_cast<char>('a' + i % 26)) + (i < 26 ? "" : "2");
    graph += Node("n" + std::to_string(i), name);
  }
  graph += Node("last", "z") + Node("last", "z2") + Node("last", "z");
  const GraphSummary summary = DescribeGraph(AsBytes(graph));
  EXPECT_EQ(summary.nodes, 33u);
  ASSERT_EQ(summary.first_nodes.size(), 20u);
  EXPECT_EQ(summary.first_nodes[19], "n19");
  ASSERT_EQ(summary.ops.size(), 20u);
  EXPECT_EQ(summary.ops[0], (std::pair<std::string, uint64_t>("z", 3)));
  EXPECT_EQ(summary.ops[1], (std::pair<std::string, uint64_t>("a", 1)));
  EXPECT_EQ(summary.ops[2].first, "a2");
  EXPECT_EQ(summary.ops[19].first, "o");
}

TEST(GraphSummary, ReadsFieldsAsProtobufDoes) {
  // The last of a text counts, messages merge, unknown fields and wrong wire types are stepped over.
  const std::string node = BytesField(1, "old") + BytesField(2, "Old") + VarintField(1, 7) +
                           BytesField(99, "?") + BytesField(2, "New") + BytesField(1, "new");
  const std::string graph = BytesField(1, node) + BytesField(2, Function("f", 1)) + VarintField(1, 3) +
                            BytesField(2, Function("g", 1)) + Producer(1) + BytesField(4, VarintField(2, 3)) +
                            BytesField(50, "\xff");
  const GraphSummary summary = DescribeGraph(AsBytes(graph));
  EXPECT_TRUE(summary.error.empty());
  EXPECT_EQ(summary.nodes, 1u);
  EXPECT_EQ(summary.first_nodes[0], "new");
  EXPECT_EQ(summary.ops[0].first, "New");
  EXPECT_EQ(summary.functions, 2u);
  EXPECT_EQ(summary.function_nodes, 2u);
  EXPECT_EQ(summary.producer, 1);
  const std::string negative = Producer(static_cast<uint64_t>(-5));
  EXPECT_EQ(DescribeGraph(AsBytes(negative)).producer, -5);
}

TEST(GraphSummary, NamesThatAreNoUtf8AreRepaired) {
  const std::string graph = Node("a\xff", "op\xfe") + Node("b", "op\xfd");
  const json written = Described(graph);
  EXPECT_EQ(written["first_nodes"][0], "a\uFFFD");
  EXPECT_EQ(written["ops"], (json{{"op\uFFFD", 2}}));
}

TEST(GraphSummary, ManyOpsTakeBoundedMemory) {
  std::string graph;
  for (size_t i = 0; i < GraphDescriber::kMaxOps + 10; ++i) {
    graph += BytesField(1, BytesField(2, testing::Raw(static_cast<uint32_t>(i))));
  }
  const GraphSummary summary = DescribeGraph(AsBytes(graph));
  EXPECT_EQ(summary.nodes, GraphDescriber::kMaxOps + 10);
  EXPECT_EQ(summary.ops.size(), GraphSummary::kListed);
}

TEST(GraphSummary, ADamagedGraphSaysSoAndKeepsWhatItRead) {
  const std::string damaged = Node("x", "Const") + BytesField(1, "\x0a\x05xy") + Node("y", "Const");
  const GraphSummary summary = DescribeGraph(AsBytes(damaged));
  EXPECT_EQ(summary.error, "malformed GraphDef");
  EXPECT_EQ(summary.nodes, 1u);
  const json written = Written(summary);
  EXPECT_EQ(written["error"], "malformed GraphDef");
  EXPECT_EQ(written["bytes"], damaged.size());
  EXPECT_EQ(written.size(), 3u);
  for (const std::string& bad :
       {BytesField(2, "\xff"), BytesField(2, BytesField(1, "\x0b")), BytesField(4, "\x08"),
        std::string("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), std::string("\x0f"), std::string("\x0c")}) {
    EXPECT_FALSE(DescribeGraph(AsBytes(bad)).error.empty());
  }
}

TEST(GraphSummary, EveryTruncationIsReadOrAnError) {
  const uint64_t nodes = DescribeGraph(AsBytes(kGraph)).nodes;
  size_t whole = 0;
  for (size_t length = 0; length < kGraph.size(); ++length) {
    const std::string cut = kGraph.substr(0, length);  // of its own: the sanitizer sees its end
    const GraphSummary summary = DescribeGraph(AsBytes(cut));
    EXPECT_LE(summary.nodes, nodes);
    whole += summary.error.empty();
  }
  // Between two fields the bytes end well: behind none, five nodes, the library and `version`.
  EXPECT_EQ(whole, 8u);
}

TEST(GraphSummary, MergesAsTensorBoardDoes) {
  GraphDescriber describer;
  describer.BeginGraph("graph_1/");
  describer.Add(AsBytes(kGraph));
  describer.BeginGraph("graph_2/");
  const std::string first = Node("y", "Const", {"^x"}), second = Producer(2474);
  describer.Add(AsBytes(first));
  describer.Add(AsBytes(second));
  const GraphSummary summary = describer.Finish();
  EXPECT_TRUE(summary.error.empty());
  EXPECT_EQ(summary.nodes, 6u);
  EXPECT_EQ(summary.edges, 4u);
  EXPECT_EQ(summary.control_edges, 0u);  // "graph_1/^init"
  EXPECT_EQ(summary.first_nodes.front(), "graph_1/x");
  EXPECT_EQ(summary.first_nodes.back(), "graph_2/y");
  EXPECT_EQ(summary.producer, 2474);
  const json written = Written(summary);
  EXPECT_FALSE(written.contains("bytes"));
  EXPECT_FALSE(written.contains("sha256"));
}

TEST(GraphSummary, DoesNotMergeDifferentProducers) {
  for (const auto& [a, b] : {std::pair{1, 2}, {0, 1}, {1, 0}}) {
    GraphDescriber describer;
    describer.BeginGraph("graph_1/");
    const std::string first = Producer(static_cast<uint64_t>(a)), second = Producer(static_cast<uint64_t>(b));
    describer.Add(AsBytes(first));
    describer.BeginGraph("graph_2/");
    describer.Add(AsBytes(second));
    const json written = Written(describer.Finish());
    EXPECT_EQ(written.size(), 1u);
    EXPECT_TRUE(written.contains("error"));
  }
}

TEST(GraphSummary, DescribesAMetaGraph) {
  const std::string meta = BytesField(1, "info") + BytesField(2, "old") + BytesField(2, kGraph);
  EXPECT_EQ(Written(DescribeMetaGraph(AsBytes(meta))), Described(kGraph));
  EXPECT_EQ(Written(DescribeMetaGraph({})), Described(""));
  for (size_t length = 0; length < meta.size(); ++length) {
    const std::string cut = meta.substr(0, length);
    DescribeMetaGraph(AsBytes(cut));
  }
  EXPECT_EQ(DescribeMetaGraph(AsBytes("\xff")).error, "malformed MetaGraphDef");
}

TEST(GraphSummary, GarbageNeverCrashes) {
  std::mt19937 random(7);
  for (int i = 0; i < 5000; ++i) {
    std::string bytes = kGraph;
    for (int changes = 1 + static_cast<int>(random() % 4); changes > 0; --changes) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    JsonWriter writer;
    DescribeGraph(AsBytes(bytes)).WriteJson(&writer);
    EXPECT_TRUE(json::accept(writer.text()));
    DescribeMetaGraph(AsBytes(bytes));
  }
}

}  // namespace
}  // namespace tensorpane
