#include "graph/profile.h"

#include <gtest/gtest.h>

#include "graph/graph_def_reader.h"
#include "graph_bytes.h"

namespace tensorpane {
namespace {

using namespace testing;  // NOLINT: all of it is for this

/// A NodeExecStats; `memory` by allocator.
std::string Stats(const std::string& name, int64_t start, int64_t micros,
                  const std::vector<int64_t>& memory = {}, const std::string& more = "") {
  std::string stats = BytesField(1, name) + VarintField(2, static_cast<uint64_t>(start)) +
                      VarintField(5, static_cast<uint64_t>(micros));
  for (const int64_t bytes : memory)
    stats += BytesField(6, BytesField(1, "cpu") + VarintField(2, static_cast<uint64_t>(bytes)));
  return BytesField(2, stats + more);
}

std::string RunMetadata(const std::vector<std::pair<std::string, std::string>>& devices) {
  std::string step_stats;
  for (const auto& [device, stats] : devices) step_stats += BytesField(1, BytesField(1, device) + stats);
  return BytesField(1, step_stats);
}

Graph Read(const std::string& bytes) { return ReadGraphDef({bytes.begin(), bytes.end()}); }

TEST(Profile, JoinsTimesAndMemoryByName) {
  Graph graph = Read(GraphNode("a", "A", {}, {}, "/cpu:0") + GraphNode("b", "B", {"a"}) +
                     GraphNode("c", "C") + GraphNode("d", "D"));
  const std::string profile = RunMetadata(
      {{"/device:CPU:0", Stats("a", 100, 20, {8, 4}) + Stats("a", 130, 5, {30, -7}) + Stats("_SOURCE", 1, 1)},
       {"/device:GPU:0/stream:all", Stats("b:MatMul", 200, 7) + Stats("c", 1, -1, {-5})}});
  const ProfileJoin join = JoinProfile(AsBytes(profile), &graph);
  EXPECT_EQ(join.entries, 5u);
  EXPECT_EQ(join.unknown, 0u);
  const GraphBody& body = graph.bodies[0];
  EXPECT_EQ(body.compute_micros[0], 35);  // 100 to 135
  EXPECT_EQ(body.memory_bytes[0], 30);
  EXPECT_EQ(body.compute_micros[1], 7);
  EXPECT_TRUE(std::isnan(body.compute_micros[2]));
  EXPECT_EQ(body.memory_bytes[2], 0);
  EXPECT_TRUE(std::isnan(body.memory_bytes[3]));
  EXPECT_EQ(graph.texts[body.devices[0]], "/cpu:0");
  EXPECT_EQ(graph.texts[body.devices[1]], "/device:GPU:0/stream:all");
  EXPECT_EQ(graph.texts[body.devices[3]], "");
}

TEST(Profile, GivesShapesThatTheGraphLacks) {
  Graph graph =
      Read(GraphNode("x", "A") +
           GraphNode("y", "B", {}, {{"T", TypeAttr(1)}, {"_output_shapes", ShapesAttr({Shape({-1})})}}));
  const auto output = [](uint64_t slot, const std::string& shape) {
    return BytesField(7, VarintField(1, slot) + BytesField(3, VarintField(1, 3) + BytesField(2, shape)));
  };
  const std::string profile = RunMetadata(
      {{"cpu", Stats("x", 1, 1, {},
                     output(1, Shape({2, 3})) + output(0, Shape({4})) + output(1ULL << 40, Shape({5}))) +
                   Stats("y", 1, 1, {}, output(0, Shape({7})))}});
  JoinProfile(AsBytes(profile), &graph);
  EXPECT_EQ(Printed(graph), "x = A() : 4 int32, 2×3 int32\ny = B() : ? float32\n");
}

TEST(Profile, FindsEndsOfTheRunAndNodesOfFunctions) {
  Graph graph =
      Read(GraphNode("in/x", "Placeholder") + GraphNode("loss", "Mean", {"in/x"}) +
           Library(Function("f", {}, {}, {NodeDef("only", "A"), NodeDef("both", "A"), NodeDef("loss", "A")}) +
                   Function("g", {}, {}, {NodeDef("both", "A")})));
  const std::string profile = RunMetadata(
      {{"cpu", Stats("_arg_in/x_0_0", 1, 2) + Stats("_retval_loss_0_1", 1, 3) + Stats("only", 1, 4) +
                   Stats("both", 1, 5) + Stats("_arg_", 1, 1) + Stats("", 1, 1)}});
  const ProfileJoin join = JoinProfile(AsBytes(profile), &graph);
  EXPECT_EQ(join.unknown, 3u);
  EXPECT_EQ(PrintedFaults(graph), "not in graph 3 both");
  JoinProfile({}, &graph);
  EXPECT_EQ(PrintedFaults(graph), "");
  JoinProfile(AsBytes(profile), &graph);
  EXPECT_EQ(graph.bodies[0].compute_micros[0], 2);
  EXPECT_TRUE(std::isnan(graph.bodies[0].compute_micros[1]));
  EXPECT_EQ(graph.bodies[1].compute_micros[0], 4);
  EXPECT_TRUE(graph.bodies[2].compute_micros.empty());
}

TEST(Profile, NothingIsNoProfile) {
  Graph graph = Read(GraphNode("x", "A"));
  EXPECT_EQ(JoinProfile({}, &graph).entries, 0u);
  EXPECT_TRUE(graph.bodies[0].compute_micros.empty());
  const std::string profile = RunMetadata({{"cpu", Stats("x", 1, 1)}});
  for (size_t length = 0; length <= profile.size(); ++length)
    JoinProfile(AsBytes(profile).first(length), &graph);
  EXPECT_EQ(graph.bodies[0].compute_micros[0], 1);
}

}  // namespace
}  // namespace tensorpane
