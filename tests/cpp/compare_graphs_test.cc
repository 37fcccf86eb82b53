#include "graph/compare_graphs.h"

#include <gtest/gtest.h>

#include "graph/attributes.h"
#include "graph/graph_def_reader.h"
#include "graph/keras_reader.h"
#include "graph_bytes.h"

namespace tensorpane {
namespace {

using namespace testing;  // NOLINT: all of it is for this

Graph Read(const std::string& bytes) { return ReadGraphDef({bytes.begin(), bytes.end()}); }

/// "name difference" of each node, and below it what was changed.
std::string Differences(const Graph& graph, uint32_t index = 0) {
  constexpr const char* kNames[] = {"same", "changed", "added", "removed"};
  const GraphBody& body = graph.bodies.at(index);
  std::string printed;
  for (NodeIndex node = 0; node < body.size(); ++node) {
    printed += std::string(graph.texts[body.names[node]]) + " " +
               kNames[static_cast<size_t>(body.differences[node])] + "\n";
    for (const std::string& change : ChangesOf(graph, index, node)) printed += "  " + change + "\n";
  }
  return printed;
}

std::string Compared(const std::string& before, const std::string& after) {
  const std::unique_ptr<Graph> graph = CompareGraphs(Read(before), Read(after));
  return Printed(*graph) + Differences(*graph);
}

TEST(CompareGraphs, UnitesNodesByNameAndMarksThem) {
  const std::string before = GraphNode("x", "In") + GraphNode("old", "A", {"x"}) +
                             GraphNode("y", "B", {"old", "x"}) + GraphNode("z", "C", {"y"});
  const std::string after = GraphNode("x", "In") + GraphNode("y", "B", {"x", "new:1", "^gone"}) +
                            GraphNode("new", "D", {"y"}) + GraphNode("z", "C", {"y"});
  EXPECT_EQ(Compared(before, after),
            "x = In()\n"
            "old = A(-x)\n"
            "y = B(x, +new:1, +^?gone?, -old)\n"
            "new = D(+y)\n"
            "z = C(y)\n"
            "x same\n"
            "old removed\n"
            "y changed\n"
            "  input added: new:1\n"
            "  input added: ^gone\n"
            "  input removed: old\n"
            "new added\n"
            "z same\n");
}

TEST(CompareGraphs, TellsWhatIsNotTheSame) {
  const auto node = [](const std::string& op, const Attributes& attributes, const std::string& device = "") {
    return GraphNode("n", op, {}, attributes, device);
  };
  const std::string before = node("Relu", {{"strides", IntsAttr({1, 1})},
                                           {"T", TypeAttr(1)},
                                           {"gone", TextAttr("x")},
                                           {"_class", TextAttr("a")}});
  const std::string after = node("Gelu",
                                 {{"_class", TextAttr("b")},
                                  {"T", TypeAttr(1)},
                                  {"strides", IntsAttr({2, 2})},
                                  {"_output_shapes", ShapesAttr({Shape({3})})}},
                                 "/gpu:0");
  EXPECT_EQ(Compared(before, after),
            "n = Gelu() : 3 float32\n"
            "n changed\n"
            "  op: Relu → Gelu\n"
            "  device: none → /gpu:0\n"
            "  attribute \"_output_shapes\": none → [[3]]\n"
            "  attribute \"gone\": x → none\n"
            "  attribute \"strides\": [1,1] → [2,2]\n");
  EXPECT_EQ(
      Compared(before,
               node("Relu", {{"T", TypeAttr(1)}, {"gone", TextAttr("x")}, {"strides", IntsAttr({1, 1})}})),
      "n = Relu()\nn same\n");
  const std::string longest(2000, 'a');
  EXPECT_EQ(
      Compared(node("A", {{"s", TextAttr(longest + "1")}}), node("A", {{"s", TextAttr(longest + "2")}})),
      "n = A()\nn changed\n  attribute \"s\" is another: " + longest.substr(0, 1000) + "\n");
}

TEST(CompareGraphs, TheOrderOfInputsCounts) {
  const std::string ends = GraphNode("a", "A") + GraphNode("b", "B");
  EXPECT_EQ(Compared(ends + GraphNode("sub", "Sub", {"a", "b", "a"}),
                     ends + GraphNode("sub", "Sub", {"b", "a", "a"})),
            "a = A()\nb = B()\nsub = Sub(b, a, a)\na same\nb same\nsub changed\n  order of inputs\n");
  EXPECT_EQ(
      Compared(ends + GraphNode("sub", "Sub", {"a", "a"}), ends + GraphNode("sub", "Sub", {"a", "a", "a"})),
      "a = A()\nb = B()\nsub = Sub(a, a, +a)\na same\nb same\nsub changed\n  input added: a\n");
}

TEST(CompareGraphs, RemovedInputsHaveTheShapesThatTheyHad) {
  const auto source = [](int size) {
    return GraphNode("x", "In", {}, {{"_output_shapes", ShapesAttr({Shape({size})})}});
  };
  const std::string before = source(16) + GraphNode("kept", "A", {"x"}) + GraphNode("moved", "B", {"x"});
  const std::string after = source(8) + GraphNode("kept", "A", {"x"}) + GraphNode("moved", "B", {"kept"});
  const std::unique_ptr<Graph> graph = CompareGraphs(Read(before), Read(after));
  ASSERT_EQ(Printed(*graph),
            "x = In() : 8\n"
            "kept = A(x)\n"
            "moved = B(+kept, -x)\n");
  const GraphBody& body = graph->bodies[0];
  const auto shape_of = [&](NodeIndex node, uint32_t input) {
    return graph->texts[graph->shapes[body.ShapeOfInput(body.input_begin[node] + input)].text];
  };
  EXPECT_EQ(shape_of(1, 0), "8");
  EXPECT_EQ(shape_of(2, 0), "");
  EXPECT_EQ(shape_of(2, 1), "16");
}

TEST(CompareGraphs, FunctionsAreKnownWithoutTheirLastNumber) {
  const auto graph = [](const std::string& number, const std::string& op, const std::string& more) {
    return GraphNode("call", "PartitionedCall", {}, {{"f", FuncAttr("__inference_f_" + number)}}) +
           Library(more + Function("__inference_f_" + number, {}, {}, {NodeDef("n", op)}) +
                   Function("same", {}, {}, {}));
  };
  const std::unique_ptr<Graph> compared =
      CompareGraphs(Read(graph("12", "A", Function("old", {}, {}, {NodeDef("o", "O")}))),
                    Read(graph("34", "B", Function("new", {}, {}, {NodeDef("n", "N")}))));
  ASSERT_EQ(compared->bodies.size(), 5u);
  EXPECT_EQ(Differences(*compared), "call same\n");
  EXPECT_EQ(compared->bodies[0].calls.at(0).body, 2u);
  EXPECT_EQ(compared->texts[compared->bodies[2].function], "__inference_f_34");
  EXPECT_EQ(Differences(*compared, 1), "n added\n");
  EXPECT_EQ(Differences(*compared, 2), "n changed\n  op: A → B\n");
  EXPECT_EQ(compared->texts[compared->bodies[4].function], "old");
  EXPECT_EQ(Differences(*compared, 4), "o removed\n");
}

TEST(CompareGraphs, AttributesOfAllNodesAreAtHand) {
  const std::unique_ptr<Graph> graph = CompareGraphs(Read(GraphNode("gone", "A", {}, {{"k", IntAttr(1)}})),
                                                     Read(GraphNode("here", "B", {}, {{"k", IntAttr(2)}})));
  EXPECT_EQ(AttributeText(*graph, graph->bodies[0], 0, "k"), "1");
  EXPECT_EQ(AttributeText(*graph, graph->bodies[0], 1, "k"), "2");
}

TEST(CompareGraphs, AGraphIsTheSameAsItself) {
  const std::string bytes =
      GraphNode("v", "VariableV2", {}, {{"shape", ShapeAttr(Shape({2}))}}) +
      GraphNode("set", "Assign", {"v", "gone"}) + GraphNode("call", "f", {"v"}) +
      Library(Function("f", {"x"}, {"y"}, {NodeDef("n", "A", {"x"})}, Entry(4, "y", "n:z:0")));
  const Graph graph = Read(bytes);
  const std::unique_ptr<Graph> compared = CompareGraphs(graph, Read(bytes));
  EXPECT_EQ(Printed(*compared), Printed(graph));
  EXPECT_EQ(Printed(*compared, 1), Printed(graph, 1));
  EXPECT_EQ(Differences(*compared), "v same\nset same\ncall same\n");
  EXPECT_EQ(Differences(*compared, 1), "x same\nn same\ny same\n");
  EXPECT_EQ(compared->bodies[0].parameters[0], 2);
}

TEST(CompareGraphs, LayersToo) {
  const auto read = [](const std::string& layers) {
    const std::string json =
        R"({"class_name": "Sequential", "config": {"name": "m", "layers": [)" + layers + "]}}";
    return ReadKerasModel({json.begin(), json.end()});
  };
  const std::string dense =
      R"({"class_name": "Dense", "config": {"name": "d", "units": 3, "kernel": {"a": [1, 2]}}})";
  const std::string wider =
      R"({"class_name": "Dense", "config": {"name": "d", "units": 4, "kernel": {"a": [1, 2]}}})";
  const std::string act = R"({"class_name": "ReLU", "config": {"name": "a"}})";
  const std::unique_ptr<Graph> compared = CompareGraphs(read(dense + "," + act), read(wider + "," + act));
  EXPECT_EQ(Differences(*compared), "d changed\n  attribute \"units\": 3 → 4\na same\n");
  EXPECT_EQ(CompareGraphs(read(dense), Read(GraphNode("x", "A"))), nullptr);
}

}  // namespace
}  // namespace tensorpane
