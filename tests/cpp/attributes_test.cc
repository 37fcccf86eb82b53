#include "graph/attributes.h"

#include <gtest/gtest.h>

#include "graph/graph_def_reader.h"
#include "graph/keras_reader.h"
#include "graph_bytes.h"

namespace tensorpane {
namespace {

using namespace testing;  // NOLINT: all of it is for this

std::string Text(const std::string& value, size_t limit = 1000, size_t numbers = 4) {
  bool cut;
  const std::string text = TextOfAttribute(AsBytes(value), limit, numbers, &cut);
  return cut ? text + "|" : text;
}

TEST(Attributes, ReadAsAPersonWritesThem) {
  EXPECT_EQ(Text(""), "");
  EXPECT_EQ(Text(IntAttr(-6)), "-6");
  EXPECT_EQ(Text(FloatField(4, 0.1F)), "0.1");
  EXPECT_EQ(Text(FloatField(4, std::numeric_limits<float>::infinity())), "Infinity");
  EXPECT_EQ(Text(VarintField(5, 1)), "true");
  EXPECT_EQ(Text(VarintField(5, 0)), "false");
  EXPECT_EQ(Text(TypeAttr(1)), "float32");
  EXPECT_EQ(Text(TypeAttr(101)), "float32_ref");
  EXPECT_EQ(Text(TypeAttr(99)), "type 99");
  EXPECT_EQ(Text(TextAttr("{ value : 1}")), "{ value : 1}");
  EXPECT_EQ(Text(TextAttr("a\nb\x01 ä\\")), "a\\nb\\x01 ä\\");
  EXPECT_EQ(Text(TextAttr("\xff\x80z")), "\\xff\\x80z");
  EXPECT_EQ(Text(ShapeAttr(Shape({64, -1, 384}))), "[64,?,384]");
  EXPECT_EQ(Text(ShapeAttr(Shape({}))), "[]");
  EXPECT_EQ(Text(ShapeAttr(kUnknownRank)), "unknown rank");
  EXPECT_EQ(Text(FuncAttr("body_1")), "body_1");
  EXPECT_EQ(
      Text(BytesField(10, BytesField(1, "f") + Entry(2, "T", TypeAttr(1)) +
                              Entry(2, "g", BytesField(10, BytesField(1, "h") + Entry(2, "N", IntAttr(1)))))),
      "f {T: float32, g: h {…}}");
}

TEST(Attributes, ListsHaveTheirItems) {
  EXPECT_EQ(Text(BytesField(1, "")), "[]");
  EXPECT_EQ(Text(IntsAttr({1, -2, 300})), "[1,-2,300]");
  EXPECT_EQ(Text(BytesField(1, VarintField(3, 1) + VarintField(3, 2))), "[1,2]");
  EXPECT_EQ(Text(BytesField(1, BytesField(4, Raw(0.5F) + Raw(2.0F)))), "[0.5,2]");
  EXPECT_EQ(Text(BytesField(1, BytesField(5, std::string("\x01\x00", 2)))), "[true,false]");
  EXPECT_EQ(Text(BytesField(1, BytesField(6, "\x01\x03"))), "[float32,int32]");
  EXPECT_EQ(Text(BytesField(1, BytesField(2, "a\"b") + BytesField(2, ""))), R"(["a\"b",""])");
  EXPECT_EQ(Text(ShapesAttr({Shape({2}), kUnknownRank})), "[[2],unknown rank]");
  EXPECT_EQ(Text(FuncsAttr({"a", "b"})), "[a,b]");
}

TEST(Attributes, TensorsShowTypeShapeAndAFewNumbers) {
  const std::string floats =
      VarintField(1, 1) + BytesField(2, Shape({2, 3})) + BytesField(5, Raw(1.5F) + Raw(-2.0F));
  EXPECT_EQ(Text(BytesField(8, floats), 1000, 9), "Tensor float32 [2,3] 1.5, -2, -2, -2, -2, -2");
  EXPECT_EQ(Text(BytesField(8, floats)), "Tensor float32 [2,3] 1.5, -2, -2, -2, …|");
  const std::string texts =
      VarintField(1, 7) + BytesField(2, Shape({2})) + BytesField(8, "x\n") + BytesField(8, "y");
  EXPECT_EQ(Text(BytesField(8, texts)), R"(Tensor string [2] "x\n", "y")");
  EXPECT_EQ(Text(BytesField(8, VarintField(1, 9) + BytesField(10, Varint(1ULL << 62)))),
            "Tensor int64 [] 4611686018427387904");
  // What says that it is large is not made.
  EXPECT_EQ(Text(BytesField(8, VarintField(1, 1) + BytesField(2, Shape({1LL << 40})))),
            "Tensor float32 [1099511627776]");
}

TEST(Attributes, LongOnesAreCutBetweenCharacters) {
  EXPECT_EQ(Text(TextAttr("ääää"), 5), "ää|");
  EXPECT_EQ(Text(TextAttr("abcde"), 5), "abcde");
  EXPECT_EQ(Text(TextAttr("abcdef"), 5), "abcde|");
  EXPECT_EQ(Text(IntsAttr({100, 200, 300}), 5), "[100,|");
}

TEST(Attributes, AreThoseOfANode) {
  const std::string source =
      GraphNode("x", "Op", {}, {{"T", TypeAttr(1)}, {"note", TextAttr(std::string(3000, 'n'))}}) +
      GraphNode("y", "Op");
  const Graph graph = ReadGraphDef({source.begin(), source.end()});
  const GraphBody& body = graph.bodies[0];
  const std::vector<NodeAttribute> attributes = AttributesOf(graph, body, 0);
  ASSERT_EQ(attributes.size(), 2u);
  EXPECT_EQ(attributes[0].name + attributes[0].text, "Tfloat32");
  EXPECT_TRUE(attributes[1].cut);
  EXPECT_EQ(attributes[1].text.size(), kShownAttribute);
  EXPECT_EQ(attributes[1].size, 3003u);
  EXPECT_EQ(AttributeText(graph, body, 0, "note"), std::string(3000, 'n'));
  EXPECT_EQ(AttributeText(graph, body, 0, "none"), "");
  EXPECT_TRUE(AttributesOf(graph, body, 1).empty());
}

TEST(Attributes, OfALayerAreItsConfig) {
  const std::string json =
      R"({"class_name": "Sequential", "config": {"layers": [{"class_name": "Conv2D", "config": {"name": "c", "filters": 6, "kernel_size": [3, 3], "use_bias": true, "seed": null, "activation": "relu"}}]}})";
  const Graph graph = ReadKerasModel({json.begin(), json.end()});
  std::string printed;
  for (const NodeAttribute& attribute : AttributesOf(graph, graph.bodies[0], 0))
    printed += attribute.name + "=" + attribute.text + " ";
  EXPECT_EQ(printed, "filters=6 kernel_size=[3, 3] use_bias=true seed=null activation=relu ");
  EXPECT_EQ(AttributeText(graph, graph.bodies[0], 0, "kernel_size"), "[3, 3]");
}

TEST(Attributes, TypesOfALayerAreNames) {
  const auto type = [](const std::string& dtype) {
    const std::string json = R"({"class_name": "Dense", "config": {"name": "d", "dtype": )" + dtype + "}}";
    const Graph graph = ReadKerasModel({json.begin(), json.end()});
    return AttributeText(graph, graph.bodies[0], 0, "dtype");
  };
  EXPECT_EQ(type(R"("float32")"), "float32");
  EXPECT_EQ(type(R"({"module": "keras", "class_name": "DTypePolicy", "config": {"name": "mixed_float16"}})"),
            "mixed_float16");
  EXPECT_EQ(type(R"({"odd": 1})"), R"({"odd": 1})");
}

}  // namespace
}  // namespace tensorpane
