#include "graph/graph_def_reader.h"

#include <gtest/gtest.h>

#include <random>

#include "graph_bytes.h"

namespace tensorpane {
namespace {

using namespace testing;  // NOLINT: all of it is for this

std::vector<uint8_t> Source(const std::string& bytes) { return {bytes.begin(), bytes.end()}; }
Graph Read(const std::string& bytes) { return ReadGraphDef(Source(bytes)); }

const std::string kGraph =
    GraphNode("x", "Placeholder", {}, {{"dtype", TypeAttr(1)}, {"shape", ShapeAttr(Shape({-1, 3}))}}) +
    GraphNode("layer/mul", "MatMul", {"x", "w:0", "^init"},
              {{"T", TypeAttr(1)}, {"_output_shapes", ShapesAttr({Shape({-1, 4})})}}, "/device:GPU:0") +
    GraphNode("w", "Const", {},
              {{"value", BytesField(8, VarintField(1, 1) + BytesField(2, Shape({3, 4})))}}) +
    GraphNode("init", "NoOp", {}, {{"_XlaCluster", TextAttr("cluster_1")}}) +
    GraphNode("parts", "Split", {"layer/mul"},
              {{"T", TypeAttr(19)}, {"_output_shapes", ShapesAttr({Shape({}), kUnknownRank})}}) +
    GraphNode("sum", "Add", {"parts:1", "parts"}) + Producer(1882);

TEST(GraphDefReader, ReadsNodesEdgesAndShapes) {
  const Graph graph = Read(kGraph);
  EXPECT_EQ(Printed(graph),
            "x = Placeholder() : ?×3 float32\n"
            "layer/mul = MatMul(x, w, ^init) : ?×4 float32\n"
            "w = Const() : 3×4 float32\n"
            "init = NoOp()\n"
            "parts = Split(layer/mul) : scalar float16,  float16\n"
            "sum = Add(parts:1, parts)\n");
  EXPECT_EQ(PrintedFaults(graph), "");
  EXPECT_EQ(graph.producer, "TensorFlow graph version 1882");
  const GraphBody& body = graph.bodies[0];
  EXPECT_EQ(graph.texts[body.devices[1]], "/device:GPU:0");
  EXPECT_EQ(graph.texts[body.clusters[3]], "cluster_1");
  EXPECT_EQ(graph.shapes[body.outputs[0]].elements, 3);
  EXPECT_EQ(graph.shapes[body.outputs[2]].elements, 12);
  EXPECT_TRUE(body.parameters.empty());
  EXPECT_EQ(body.inputs[2].kind, EdgeKind::kControl);
  const std::string node(
      graph.source.begin() + static_cast<std::ptrdiff_t>(body.source_offset[3]),
      graph.source.begin() + static_cast<std::ptrdiff_t>(body.source_offset[3] + body.source_length[3]));
  EXPECT_EQ(node, NodeDef("init", "NoOp", {}, {{"_XlaCluster", TextAttr("cluster_1")}}));
}

TEST(GraphDefReader, WhatNamesNothingIsAStub) {
  const Graph graph = Read(GraphNode("a", "Add", {"gone", "gone:1", "^lost"}));
  EXPECT_EQ(Printed(graph), "a = Add(?gone?, ?gone?:1, ^?lost?)\n");
  EXPECT_EQ(PrintedFaults(graph), "dangling 3 gone");
}

TEST(GraphDefReader, NodesOfOneNameAreToldApart) {
  const Graph graph = Read(GraphNode("y", "A") + GraphNode("y", "B", {"y"}) + GraphNode("y_(2)", "C") +
                           GraphNode("y", "D") + GraphNode("", "E") + GraphNode("", "F"));
  EXPECT_EQ(Printed(graph),
            "y = A()\ny_(2) = B(y)\ny_(2)_(2) = C()\ny_(3) = D()\nunnamed = E()\nunnamed_(2) = F()\n");
  EXPECT_EQ(PrintedFaults(graph), "duplicate 4 y");
}

TEST(GraphDefReader, NamesMayHaveColons) {
  // As tf2onnx names nodes; a port otherwise.
  const Graph graph = Read(GraphNode("x:0", "Variable") + GraphNode("a::b", "Op", {"x:0"}) +
                           GraphNode("c", "Op", {"a::b", "x:1", "a::b:2"}));
  EXPECT_EQ(Printed(graph), "x:0 = Variable()\na::b = Op(x:0)\nc = Op(a::b, ?x?:1, ?a::b:2?)\n");
}

TEST(GraphDefReader, ModulesOfTorchAreNoInputs) {
  const Graph graph =
      Read(GraphNode("w", "prim::GetAttr", {"module"}) + GraphNode("x", "aten::mm", {"w", "gone"}) +
           GraphNode("v", "prim::GetAttr", {"w", "module"}) + Producer(22));
  EXPECT_EQ(Printed(graph), "w = prim::GetAttr()\nx = aten::mm(w, ?gone?)\nv = prim::GetAttr(w)\n");
  EXPECT_EQ(PrintedFaults(graph), "dangling 1 gone");
  EXPECT_EQ(graph.producer, "PyTorch");
}

TEST(GraphDefReader, FunctionsAreBodiesAndCallsNameThem) {
  const std::string library = Library(
      Function("square", {"n"}, {"product"},
               {NodeDef("mul", "Mul", {"n", "n:0"}), NodeDef("check", "Assert", {"mul:z:0", "^mul"}),
                NodeDef("bn", "FusedBatchNormV3", {"mul:z:0"}),
                NodeDef("sum", "Add", {"bn:batch_mean:0", "bn:y:0"})},
               Entry(4, "product", "mul:z:0") + Entry(6, "check", "check") +
                   BytesField(7, VarintField(1, 0) +
                                     BytesField(2, Entry(1, "_output_shapes", ShapesAttr({Shape({2})}))))) +
      Function("again", {}, {"out"}, {NodeDef("deeper", "again")}));
  const Graph graph = Read(
      GraphNode("x", "Const") + GraphNode("call", "PartitionedCall", {"x"}, {{"f", FuncAttr("square")}}) +
      GraphNode("direct", "square", {"x"}) +
      GraphNode("loop", "While", {"x"}, {{"body", FuncAttr("square")}, {"cond", FuncAttr("again")}}) +
      GraphNode("case", "Case", {"x"}, {{"branches", FuncsAttr({"again", "missing", "square"})}}) + library);
  ASSERT_EQ(graph.bodies.size(), 3u);
  EXPECT_EQ(graph.texts[graph.bodies[1].function], "square");
  EXPECT_EQ(Printed(graph, 1),
            "n = _Arg() : 2 float32\n"
            "mul = Mul(n, n)\n"
            "check = Assert(mul, ^mul)\n"
            "bn = FusedBatchNormV3(mul)\n"
            "sum = Add(bn:1, bn)\n"
            "product = _Retval(mul)\n"
            "output_control_node = NoOp(^check)\n");
  EXPECT_EQ(Printed(graph, 2), "deeper = again()\nout = _Retval()\n");
  std::string calls;
  for (const GraphCall& call : graph.bodies[0].calls) {
    calls += std::to_string(call.node) + " " + std::to_string(call.body) + " " +
             std::string(graph.texts[call.role]) + "\n";
  }
  EXPECT_EQ(calls, "1 1 f\n2 1 \n3 1 body\n3 2 cond\n4 2 branches_0\n4 1 branches_2\n");
  EXPECT_EQ(graph.bodies[2].calls.size(), 1u);
  EXPECT_EQ(PrintedFaults(graph), "no such function 1 missing");
}

TEST(GraphDefReader, MergesGraphsUnderPrefixes) {
  const std::string first =
      GraphNode("x", "Const") +
      GraphNode("call", "StatefulPartitionedCall", {"x", "^x"}, {{"f", FuncAttr("g")}}) +
      Library(Function("g", {}, {}, {NodeDef("one", "A")}));
  const std::string second = GraphNode("x", "Const", {"y"}) + GraphNode("call", "g") +
                             Library(Function("g", {}, {}, {NodeDef("two", "B")}));
  Graph graph;
  graph.source = Source(first + second);
  GraphDefReader reader(&graph);
  reader.BeginGraph("graph_1/");
  reader.Add(Bytes(graph.source).first(first.size()));
  reader.BeginGraph("graph_2/");
  reader.Add(Bytes(graph.source).subspan(first.size()));
  reader.Finish();
  EXPECT_EQ(Printed(graph),
            "graph_1/x = Const()\n"
            "graph_1/call = StatefulPartitionedCall(graph_1/x, ^graph_1/x)\n"
            "graph_2/x = Const(?graph_2/y?)\n"
            "graph_2/call = g()\n");
  ASSERT_EQ(graph.bodies[0].calls.size(), 2u);
  EXPECT_EQ(Printed(graph, graph.bodies[0].calls[0].body), "one = A()\n");
  EXPECT_EQ(Printed(graph, graph.bodies[0].calls[1].body), "two = B()\n");
  EXPECT_EQ(graph.texts[graph.bodies[1].function], "graph_1_g");
}

TEST(GraphDefReader, VariablesOfTensorFlow1AreWrittenByReference) {
  const Graph graph =
      Read(GraphNode("v", "VariableV2", {}, {{"dtype", TypeAttr(1)}, {"shape", ShapeAttr(Shape({2, 3}))}}) +
           GraphNode("h", "VarHandleOp", {}, {{"dtype", TypeAttr(1)}, {"shape", ShapeAttr(Shape({5}))}}) +
           GraphNode("set", "Assign", {"v", "v"}) + GraphNode("read", "Identity", {"v"}) +
           GraphNode("sgd", "ApplyGradientDescent", {"v", "read", "v"}) +
           GraphNode("new", "AssignVariableOp", {"h", "read"}));
  EXPECT_EQ(Printed(graph),
            "v = VariableV2() : 2×3 float32\n"
            "h = VarHandleOp()\n"
            "set = Assign(&v, v)\n"
            "read = Identity(v)\n"
            "sgd = ApplyGradientDescent(&v, read, &v)\n"
            "new = AssignVariableOp(h, read)\n");
  EXPECT_EQ(graph.bodies[0].parameters[0], 6);
  EXPECT_EQ(graph.bodies[0].parameters[1], 5);
  EXPECT_TRUE(std::isnan(graph.bodies[0].parameters[3]));
}

TEST(GraphDefReader, ADamagedGraphKeepsWhatWasRead) {
  const std::string cut = kGraph.substr(0, kGraph.size() - 8);  // within the last node
  const Graph graph = Read(cut);
  EXPECT_EQ(graph.bodies[0].size(), 5u);
  ASSERT_EQ(graph.faults.size(), 1u);
  EXPECT_EQ(graph.faults[0].kind, GraphFault::Kind::kMalformed);
  // A node that is damaged inside is kept as far as it can be read, and what follows is read.
  const Graph inner = Read(GraphNode("a", "A") + BytesField(1, NodeDef("b", "B", {"a"}) + "\x0a\x7f") +
                           GraphNode("c", "C", {"b"}));
  EXPECT_EQ(Printed(inner), "a = A()\nb = B(a)\nc = C(b)\n");
  EXPECT_EQ(PrintedFaults(inner), "malformed 2");
}

TEST(GraphDefReader, EveryTruncationGivesAGraph) {
  for (size_t length = 0; length < kGraph.size(); ++length) {
    const Graph graph = Read(kGraph.substr(0, length));
    const GraphBody& body = graph.bodies.at(0);
    EXPECT_EQ(body.input_begin.size(), body.size() + 1);
    EXPECT_EQ(body.output_begin.back(), body.outputs.size());
  }
}

TEST(GraphDefReader, AnEmptyGraphSaysSo) {
  const Graph graph = Read("");
  EXPECT_EQ(graph.bodies.at(0).size(), 0u);
  EXPECT_EQ(PrintedFaults(graph), "empty 1");
}

TEST(GraphDefReader, TextsAreValidUtf8AndStandOnce) {
  const Graph graph = Read(GraphNode("a\xff", "Op\xfe") + GraphNode("b", "Op\xfd", {"a\xff"}));
  EXPECT_EQ(Printed(graph), "a\uFFFD = Op\uFFFD()\nb = Op\uFFFD(a\uFFFD)\n");
  EXPECT_EQ(graph.bodies[0].ops[0], graph.bodies[0].ops[1]);
}

TEST(TextTable, LongTextsAndManyShortOnesStayWhereTheyAre) {
  TextTable table;
  const std::string_view first = table[table.Add("first")];
  const std::string longest(300'000, 'x');
  const TextId id = table.Add(longest);
  for (int i = 0; i < 100'000; ++i) table.Add("text " + std::to_string(i));
  EXPECT_EQ(table[id], longest);
  EXPECT_EQ(first, "first");
  EXPECT_EQ(table.Add("text 99999"), table.Find("text 99999"));
  EXPECT_EQ(table.Find("none"), kNoText);
  EXPECT_EQ(table.size(), 100'003u);
}

}  // namespace
}  // namespace tensorpane
