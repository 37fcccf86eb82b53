#include "graph/keras_reader.h"

#include <gtest/gtest.h>

#include "graph_bytes.h"

namespace tensorpane {
namespace {

using testing::Printed;
using testing::PrintedFaults;

Graph Read(const std::string& json) { return ReadKerasModel({json.begin(), json.end()}); }

std::string Layer(const std::string& class_name, const std::string& name, const std::string& inbound = "",
                  const std::string& config = "", const std::string& more = "") {
  return R"({"class_name": ")" + class_name + R"(", "config": {"name": ")" + name + "\"" + config + "}" +
         (inbound.empty() ? "" : R"(, "inbound_nodes": )" + inbound) + more + "}";
}

std::string Joined(const std::vector<std::string>& items) {
  std::string joined;
  for (const std::string& item : items) joined += (joined.empty() ? "" : ", ") + item;
  return joined;
}

std::string Model(const std::string& class_name, const std::string& name,
                  const std::vector<std::string>& layers, const std::string& ends = "",
                  const std::string& inbound = "") {
  return Layer(class_name, name, inbound, R"(, "layers": [)" + Joined(layers) + "]" + ends);
}

/// As Keras 3 writes a tensor.
std::string Tensor(const std::string& layer, int output = 0, const std::string& shape = "[null, 4]") {
  return R"({"class_name": "__keras_tensor__", "config": {"shape": )" + shape +
         R"(, "dtype": "float32", "keras_history": [")" + layer + "\", 0, " + std::to_string(output) + "]}}";
}

std::string Call(const std::string& arguments, const std::string& named = "") {
  return R"({"args": [)" + arguments + R"(], "kwargs": {)" + named + "}}";
}

TEST(KerasReader, SequentialLayersFollowEachOther) {
  const Graph graph =
      Read(Model("Sequential", "net",
                 {Layer("InputLayer", "in", "", R"(, "batch_shape": [null, 6], "dtype": "float32")"),
                  Layer("Dense", "hidden", "", R"(, "units": 8)"), Layer("Dropout", "drop"),
                  Layer("Dense", "out", "", R"(, "units": 2, "use_bias": false)")}));
  EXPECT_EQ(graph.form, Graph::Form::kLayers);
  EXPECT_EQ(Printed(graph),
            "in = InputLayer() : ?×6 float32\nhidden = Dense(in) : ?×8\ndrop = Dropout(hidden) : ?×8\n"
            "out = Dense(drop) : ?×2\n");
  EXPECT_EQ(graph.bodies[0].parameters, (std::vector<double>{0, 56, 0, 16}));
  EXPECT_EQ(PrintedFaults(graph), "");
  const GraphBody& body = graph.bodies[0];
  const std::string source(graph.source.begin(), graph.source.end());
  EXPECT_EQ(source.substr(body.source_offset[2], body.source_length[2]), Layer("Dropout", "drop"));
}

TEST(KerasReader, ThreeNamesTensorsByTheirHistory) {
  const Graph graph = Read(
      Model("Functional", "net",
            {Layer("InputLayer", "a", "[]"), Layer("InputLayer", "b", "[]"),
             Layer("Dense", "shared", "[" + Call(Tensor("a")) + ", " + Call(Tensor("b")) + "]"),
             Layer("Attention", "mix",
                   "[" +
                       Call("[" + Tensor("shared", 0, "[null, 7]") + ", " + Tensor("shared", 1) + "]",
                            R"("mask": )" + Tensor("gone") + R"(, "training": false)") +
                       "]")},
            R"(, "input_layers": {"a": ["a", 0, 0], "b": ["b", 0, 0]}, "output_layers": ["mix", 0, 0])"));
  EXPECT_EQ(Printed(graph),
            "a = InputLayer() : ?×4 float32\nb = InputLayer() : ?×4 float32\n"
            "shared = Dense(a, b) : ?×7 float32, ?×4 float32\n"
            "mix = Attention(shared, shared:1, ?gone?) : ?×4\n");
  EXPECT_EQ(PrintedFaults(graph), "dangling 1 gone");
  EXPECT_TRUE(std::isnan(graph.bodies[0].parameters[3]));
}

TEST(KerasReader, TwoNamesThemInLists) {
  const std::string ends = R"(, "input_layers": [["x", 0, 0]], "output_layers": [["sum", 0, 0]])";
  const Graph graph = Read(Model(
      "Functional", "net",
      {Layer("InputLayer", "x", "[]", R"(, "batch_input_shape": [null, 3], "dtype": "int32")"),
       Layer("Embedding", "e", R"([[["x", 0, 0, {}]]])",
             R"(, "input_dim": 10, "output_dim": 4, "dtype": "float32")"),
       Layer(
           "Add", "sum",
           R"([[["e", 0, 0, {}], ["e", 1, 1, {"y": ["x", 0, 0], "name": ["same", 1, 2]}], ["_CONSTANT_VALUE", -1, 2, {}]]])"),
       Layer("Dict", "d", R"([{"p": ["sum", 0, 0, {}], "q": ["x", 0, 0]}])")},
      ends));
  EXPECT_EQ(Printed(graph),
            "x = InputLayer() : ?×3 int32\ne = Embedding(x) : ?×3×4 float32\nsum = Add(e, e:1, x)\n"
            "d = Dict(sum, x)\n");
  EXPECT_EQ(graph.bodies[0].parameters[1], 40);
}

TEST(KerasReader, ModelsInAModelAreFoldersAndEdgesEndInside) {
  const std::string inner = Model(
      "Functional", "inner",
      {Layer("InputLayer", "one", "[]"), Layer("InputLayer", "two", "[]"),
       Layer("Dense", "left", "[" + Call(Tensor("one")) + "]"),
       Model("Sequential", "deep", {Layer("Dense", "first"), Layer("Dense", "last")}, "",
             "[" + Call(Tensor("two")) + "]")},
      R"(, "input_layers": [["one", 0, 0], ["two", 0, 0]], "output_layers": [["left", 0, 0], ["deep", 0, 0]])",
      "[" + Call("[" + Tensor("a") + ", " + Tensor("b") + "]") + ", " +
          Call("[" + Tensor("b") + ", " + Tensor("a") + "]") + "]");
  const Graph graph = Read(
      Model("Functional", "outer",
            {Layer("InputLayer", "a", "[]"), Layer("InputLayer", "b", "[]"), inner,
             Layer("Add", "sum", "[" + Call("[" + Tensor("inner", 1) + ", " + Tensor("inner") + "]") + "]")},
            R"(, "input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": [["sum", 0, 0]])"));
  EXPECT_EQ(Printed(graph),
            "a = InputLayer() : ?×4 float32\n"
            "b = InputLayer() : ?×4 float32\n"
            "inner/one = InputLayer(a, b) : ?×4 float32\n"
            "inner/two = InputLayer(b, a) : ?×4 float32\n"
            "inner/left = Dense(inner/one) : ?×4 float32\n"
            "inner/deep/first = Dense(inner/two) : ?×?\n"
            "inner/deep/last = Dense(inner/deep/first) : ?×4 float32\n"
            "sum = Add(inner/deep/last, inner/left) : ?×4\n");
}

TEST(KerasReader, WrappersNameWhatTheyWrap) {
  const std::string inner = R"(, "layer": {"class_name": "LSTM", "config": {"name": "lstm", "units": 5}})";
  const Graph graph = Read(Model(
      "Sequential", "net",
      {Layer("Bidirectional", "both", "", inner, R"(, "build_config": {"input_shape": [null, 9, 3]})")}));
  EXPECT_EQ(Printed(graph), "both = Bidirectional(LSTM)() : ?×10\n");
  EXPECT_EQ(graph.bodies[0].parameters[0], 2 * 4 * 5 * (3 + 5 + 1));
}

TEST(KerasReader, OldAndOddModels) {
  // Sequential before Keras 2.2.3: the config is the list.
  EXPECT_EQ(Printed(Read(R"({"class_name": "Sequential", "config": [)" + Layer("Dense", "a") + ", " +
                         Layer("Dense", "b") + "]}")),
            "a = Dense()\nb = Dense(a)\n");
  // A subclass that tells nothing of its layers.
  EXPECT_EQ(Printed(Read(R"({"class_name": "MyModel", "config": {"name": "mine"}})")), "mine = MyModel()\n");
  EXPECT_EQ(PrintedFaults(Read(Model("Sequential", "none", {}))), "empty 1");
  EXPECT_EQ(PrintedFaults(Read("{}")), "malformed 2, empty 1");
  EXPECT_EQ(PrintedFaults(Read("[1")), "malformed 2, empty 1");
  // Names and what they nest are free.
  const Graph twins = Read(Model(
      "Sequential", "net", {Layer("Dense", "x"), Layer("Dense", "x"), R"({"class_name": "Dense"})", "7"}));
  EXPECT_EQ(Printed(twins), "x = Dense()\nx_(2) = Dense(x)\nunnamed = Dense(x)\n");
}

TEST(KerasReader, CountsTheWeightsOfAConvolution) {
  const auto parameters = [](const std::string& class_name, const std::string& config,
                             const std::string& input) {
    return Read(Model("Sequential", "net",
                      {Layer(class_name, "l", "", config,
                             R"(, "build_config": {"input_shape": )" + input + "}")}))
        .bodies[0]
        .parameters[0];
  };
  EXPECT_EQ(parameters("Conv2D", R"(, "filters": 6, "kernel_size": [3, 3], "groups": 1)", "[null, 8, 8, 2]"),
            114);
  EXPECT_EQ(parameters("Conv2D", R"(, "filters": 6, "kernel_size": [3, 3], "data_format": "channels_first")",
                       "[null, 2, 8, 8]"),
            114);
  EXPECT_EQ(parameters("BatchNormalization", R"(, "axis": [3])", "[null, 8, 8, 6]"), 24);
  EXPECT_EQ(parameters("LayerNormalization", R"(, "axis": -1, "scale": false)", "[null, 6]"), 6);
  EXPECT_EQ(parameters("GRU", R"(, "units": 4)", "[null, 9, 3]"), 3 * 4 * (3 + 4 + 2));
  EXPECT_TRUE(std::isnan(parameters("Dense", R"(, "units": 4)", "[null, null]")));
}

TEST(KerasReader, DeepModelsAndEveryTruncation) {
  std::string deep = Layer("Dense", "d");
  for (int i = 0; i < 300; ++i) deep = Model("Sequential", "m", {deep});
  const Graph graph = Read(deep);
  EXPECT_EQ(graph.bodies[0].size(), 1u);
  const std::string text =
      Model("Functional", "net",
            {Layer("InputLayer", "a", "[]"), Layer("Dense", "b", "[" + Call(Tensor("a")) + "]")},
            R"(, "input_layers": ["a", 0, 0], "output_layers": ["b", 0, 0])");
  for (size_t length = 0; length < text.size(); ++length)
    EXPECT_NE(PrintedFaults(Read(text.substr(0, length))), "");
}

TEST(KerasReader, ShowsTheLayersBeforeWhereItIsCut) {
  const std::string text =
      Model("Functional", "net",
            {Layer("InputLayer", "a", "[]"), Layer("Dense", "b", "[" + Call(Tensor("a")) + "]"),
             Model("Sequential", "in", {Layer("Dense", "c"), Layer("Dense", "d"), Layer("Dense", "e")}, "",
                   "[" + Call(Tensor("b")) + "]")});
  Graph graph = Read(text.substr(0, text.find("\"name\": \"e\"")));
  EXPECT_EQ(Printed(graph),
            "a = InputLayer() : ?×4 float32\nb = Dense(a) : ?×?\nin/c = Dense()\nin/d = Dense(in/c)\n");
  EXPECT_EQ(PrintedFaults(graph), "malformed 0");
  // Damaged in the middle of it.
  std::string damaged = text;
  damaged[text.find("\"name\": \"b\"")] = '#';
  graph = Read(damaged);
  EXPECT_EQ(Printed(graph), "a = InputLayer()\n");
  EXPECT_EQ(PrintedFaults(graph), "malformed " + std::to_string(text.size() - text.find("\"name\": \"b\"")));
}

TEST(KerasReader, NestsAsDeepAsModelsDo) {
  const auto nested = [](size_t depth) {
    std::string text = Layer("Dense", "d");
    std::string begin, end;
    for (size_t i = 0; i < depth; ++i) {
      begin += R"({"class_name": "Sequential", "config": {"name": "m", "layers": [)";
      end += "]}}";
    }
    return begin + text + end;
  };
  Graph graph = Read(nested(1000));
  EXPECT_EQ(graph.bodies[0].size(), 1u);
  EXPECT_EQ(PrintedFaults(graph), "");
  graph = Read(nested(100'000));
  EXPECT_EQ(PrintedFaults(graph), "empty 1, too many 1");
}

}  // namespace
}  // namespace tensorpane
