#include "graph/layer_shapes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace tensorpane {
namespace {

/// Shapes as JSON: "[null, 8, 3]".
struct Asked {
  Asked(const std::string& json, const std::vector<std::string>& shapes) : config(AsBytes(json)) {
    for (const std::string& shape : shapes) inputs.push_back(ReadLayerShape(JsonTree(AsBytes(shape)).root()));
  }
  JsonTree config;
  std::vector<std::optional<LayerShape>> inputs;
};

std::string Shape(const std::string& class_name, const std::string& config,
                  const std::vector<std::string>& inputs) {
  const Asked asked("{" + config + "}", inputs);
  const std::optional<LayerShape> output = OutputShape(class_name, asked.config.root(), asked.inputs);
  if (!output) return "nothing";
  std::string text;
  for (const int64_t size : *output)
    text += (text.empty() ? "" : " ") + (size < 0 ? "?" : std::to_string(size));
  return text;
}

double Weights(const std::string& class_name, const std::string& config,
               const std::vector<std::string>& inputs) {
  const Asked asked("{" + config + "}", inputs);
  return ParametersOf(class_name, asked.config.root(), asked.inputs);
}

// The numbers are computed by hand from the formulas on keras.io/api/layers.

TEST(LayerShapes, Convolutions) {
  EXPECT_EQ(Shape("Conv1D", R"("filters": 6, "kernel_size": [5], "padding": "valid")", {"[null, 20, 3]"}),
            "? 16 6");
  EXPECT_EQ(Shape("Conv1D", R"("filters": 6, "kernel_size": [5], "strides": [2], "padding": "causal")",
                  {"[null, 21, 3]"}),
            "? 11 6");
  EXPECT_EQ(Shape("Conv2D", R"("filters": 64, "kernel_size": [7, 7], "strides": [2, 2], "padding": "same")",
                  {"[8, 224, 225, 3]"}),
            "8 112 113 64");
  EXPECT_EQ(
      Shape("Conv2D", R"("filters": 4, "kernel_size": 3, "dilation_rate": [2, 1])", {"[null, 10, 10, 1]"}),
      "? 6 8 4");
  EXPECT_EQ(Shape("Conv2D", R"("filters": 4, "kernel_size": [3, 3], "data_format": "channels_first")",
                  {"[null, 3, null, 9]"}),
            "? 4 ? 7");
  EXPECT_EQ(Shape("Conv3D", R"("filters": 2, "kernel_size": [1, 2, 3])", {"[null, 5, 5, 5, 1]"}),
            "? 5 4 3 2");
  EXPECT_EQ(Shape("DepthwiseConv2D", R"("depth_multiplier": 2, "kernel_size": [3, 3], "padding": "same")",
                  {"[null, 9, 9, 5]"}),
            "? 9 9 10");
  EXPECT_EQ(Shape("SeparableConv2D", R"("filters": 7, "kernel_size": [3, 3])", {"[null, 9, 9, 5]"}),
            "? 7 7 7");
  EXPECT_EQ(Shape("ConvLSTM2D", R"("filters": 7, "kernel_size": [3, 3])", {"[null, 9, 9, 9, 5]"}), "nothing");
}

TEST(LayerShapes, TransposedConvolutions) {
  const std::string config = R"("filters": 4, "kernel_size": [3, 5], "strides": [2, 2])";
  EXPECT_EQ(Shape("Conv2DTranspose", config + R"(, "padding": "same")", {"[null, 7, 7, 8]"}), "? 14 14 4");
  EXPECT_EQ(Shape("Conv2DTranspose", config + R"(, "padding": "valid")", {"[null, 7, 7, 8]"}), "? 15 17 4");
  EXPECT_EQ(Shape("Conv2DTranspose", config + R"(, "padding": "same", "output_padding": [1, 0])",
                  {"[null, 7, 7, 8]"}),
            "? 14 13 4");
  EXPECT_EQ(
      Shape("Conv1DTranspose", R"("filters": 4, "kernel_size": [3], "strides": [2], "output_padding": null)",
            {"[null, 7, 8]"}),
      "? 15 4");
}

TEST(LayerShapes, Pooling) {
  EXPECT_EQ(Shape("MaxPooling2D", R"("pool_size": [2, 2], "strides": [2, 2], "padding": "valid")",
                  {"[null, 9, 8, 3]"}),
            "? 4 4 3");
  EXPECT_EQ(
      Shape("AveragePooling1D", R"("pool_size": [3], "strides": null, "padding": "same")", {"[null, 10, 3]"}),
      "? 4 3");
  EXPECT_EQ(Shape("MaxPooling3D", R"("pool_size": 2, "strides": 1)", {"[null, 4, 5, 6, 1]"}), "? 3 4 5 1");
  EXPECT_EQ(Shape("GlobalAveragePooling2D", "", {"[null, 7, 7, 512]"}), "? 512");
  EXPECT_EQ(Shape("GlobalMaxPooling2D", R"("data_format": "channels_first")", {"[null, 512, 7, 7]"}),
            "? 512");
  EXPECT_EQ(Shape("GlobalMaxPooling1D", R"("keepdims": true)", {"[null, 7, 5]"}), "? 1 5");
}

TEST(LayerShapes, BordersAndSizes) {
  EXPECT_EQ(Shape("ZeroPadding1D", R"("padding": [1, 2])", {"[null, 7, 5]"}), "? 10 5");
  EXPECT_EQ(Shape("ZeroPadding1D", R"("padding": 2)", {"[null, 7, 5]"}), "? 11 5");
  EXPECT_EQ(Shape("ZeroPadding2D", R"("padding": [[1, 1], [0, 3]])", {"[null, 7, 7, 5]"}), "? 9 10 5");
  EXPECT_EQ(Shape("ZeroPadding2D", R"("padding": [1, 2])", {"[null, 7, 7, 5]"}), "? 9 11 5");
  EXPECT_EQ(Shape("Cropping1D", R"("cropping": [1, 2])", {"[null, 7, 5]"}), "? 4 5");
  EXPECT_EQ(Shape("Cropping2D", R"("cropping": [[2, 2], [4, 4]])", {"[null, 28, 28, 3]"}), "? 24 20 3");
  EXPECT_EQ(Shape("UpSampling1D", R"("size": 3)", {"[null, 7, 5]"}), "? 21 5");
  EXPECT_EQ(Shape("UpSampling2D", R"("size": [2, 3])", {"[null, 7, 7, 5]"}), "? 14 21 5");
  EXPECT_EQ(Shape("Resizing", R"("height": 64, "width": 32)", {"[null, null, null, 3]"}), "? 64 32 3");
}

TEST(LayerShapes, OtherForms) {
  EXPECT_EQ(Shape("Dense", R"("units": 10)", {"[null, 7, 5]"}), "? 7 10");
  EXPECT_EQ(Shape("Flatten", "", {"[null, 7, 5, 2]"}), "? 70");
  EXPECT_EQ(Shape("Flatten", "", {"[null, null, 5]"}), "? ?");
  EXPECT_EQ(Shape("Reshape", R"("target_shape": [-1, 14])", {"[null, 7, 4]"}), "? 2 14");
  EXPECT_EQ(Shape("Reshape", R"("target_shape": [2, -1])", {"[null, null, 4]"}), "? 2 ?");
  EXPECT_EQ(Shape("Embedding", R"("input_dim": 100, "output_dim": 8)", {"[null, 20]"}), "? 20 8");
  EXPECT_EQ(Shape("RepeatVector", R"("n": 3)", {"[null, 32]"}), "? 3 32");
  EXPECT_EQ(Shape("Permute", R"("dims": [2, 1])", {"[null, 10, 64]"}), "? 64 10");
  for (const char* const same : {"BatchNormalization", "LayerNormalization", "Dropout", "SpatialDropout2D",
                                 "LeakyReLU", "PReLU", "Softmax", "Rescaling"}) {
    EXPECT_EQ(Shape(same, "", {"[null, 3, 4]"}), "? 3 4") << same;
  }
  EXPECT_EQ(Shape("MyLayer", "", {"[null, 3]"}), "nothing");
  EXPECT_EQ(Shape("Dense", R"("units": 10)", {"null"}), "nothing");
}

TEST(LayerShapes, OfSeveralInputs) {
  EXPECT_EQ(Shape("Concatenate", R"("axis": -1)", {"[null, 4, 5]", "[null, 4, 6]", "[null, 4, 1]"}),
            "? 4 12");
  EXPECT_EQ(Shape("Concatenate", R"("axis": 1)", {"[null, 4, 5]", "[null, null, 5]"}), "? ? 5");
  EXPECT_EQ(Shape("Concatenate", R"("axis": 1)", {"[null, 4, 5]", "null"}), "nothing");
  EXPECT_EQ(Shape("Add", "", {"[null, 4, 5]", "[null, 4, 5]"}), "? 4 5");
  EXPECT_EQ(Shape("Multiply", "", {"[null, 1, 5]", "[null, 4, 5]"}), "? 4 5");
  EXPECT_EQ(Shape("MultiHeadAttention", R"("num_heads": 2, "key_dim": 3, "output_shape": null)",
                  {"[null, 8, 16]", "[null, 4, 20]"}),
            "? 8 16");
  EXPECT_EQ(Shape("MultiHeadAttention", R"("num_heads": 2, "key_dim": 3, "output_shape": [9])",
                  {"[null, 8, 16]", "[null, 4, 20]"}),
            "? 8 9");
  EXPECT_EQ(Shape("Attention", "", {"[null, 8, 16]", "[null, 4, 20]"}), "? 8 20");
}

TEST(LayerShapes, OverTime) {
  EXPECT_EQ(Shape("LSTM", R"("units": 5, "return_sequences": true)", {"[null, 9, 3]"}), "? 9 5");
  EXPECT_EQ(Shape("GRU", R"("units": 5, "return_sequences": false)", {"[null, 9, 3]"}), "? 5");
  const std::string lstm =
      R"("layer": {"class_name": "LSTM", "config": {"units": 5, "return_sequences": true}})";
  EXPECT_EQ(Shape("Bidirectional", R"("merge_mode": "concat", )" + lstm, {"[null, 9, 3]"}), "? 9 10");
  EXPECT_EQ(Shape("Bidirectional", R"("merge_mode": "sum", )" + lstm, {"[null, 9, 3]"}), "? 9 5");
  const std::string conv =
      R"("layer": {"class_name": "Conv2D", "config": {"filters": 64, "kernel_size": [3, 3], "padding": "valid"}})";
  EXPECT_EQ(Shape("TimeDistributed", conv, {"[null, 10, 128, 128, 3]"}), "? 10 126 126 64");
  std::string nested = R"("layer": {"class_name": "Dense", "config": {"units": 1}})";
  for (int i = 0; i < 10'000; ++i) {
    nested = R"("layer": {"class_name": "Bidirectional", "config": {)" + nested + "}}";
  }
  EXPECT_EQ(Shape("Bidirectional", nested, {"[null, 9, 3]"}), "nothing");
  EXPECT_TRUE(std::isnan(Weights("Bidirectional", nested, {"[null, 9, 3]"})));
}

TEST(LayerShapes, CountsWeights) {
  // query 16·6+6, key and value 20·6+6 each, output 6·16+16
  EXPECT_EQ(Weights("MultiHeadAttention", R"("num_heads": 2, "key_dim": 3, "use_bias": true)",
                    {"[null, 8, 16]", "[null, 4, 20]"}),
            102 + 126 + 126 + 112);
  // depthwise 3·3·5, pointwise 5·7 and a bias
  EXPECT_EQ(Weights("SeparableConv2D", R"("filters": 7, "kernel_size": [3, 3])", {"[null, 9, 9, 5]"}),
            45 + 35 + 7);
  EXPECT_EQ(
      Weights("DepthwiseConv2D", R"("depth_multiplier": 2, "kernel_size": [3, 3])", {"[null, 9, 9, 5]"}),
      100);
  EXPECT_EQ(Weights("Conv3DTranspose", R"("filters": 2, "kernel_size": [2, 2, 2])", {"[null, 5, 5, 5, 3]"}),
            50);
  EXPECT_EQ(Weights("Concatenate", "", {"[null, 4]", "[null, 4]"}), 0);
  EXPECT_EQ(Weights("TimeDistributed", R"("layer": {"class_name": "Dense", "config": {"units": 4}})",
                    {"[null, 10, 3]"}),
            16);
  EXPECT_TRUE(std::isnan(Weights("Dense", R"("units": 4)", {"null"})));
}

}  // namespace
}  // namespace tensorpane
