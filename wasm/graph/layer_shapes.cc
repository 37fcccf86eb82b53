#include "graph/layer_shapes.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace tensorpane {
namespace {

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool KeepsShape(std::string_view class_name) {
  return IsOneOf(class_name, {"InputLayer",
                              "Activation",
                              "ReLU",
                              "LeakyReLU",
                              "ELU",
                              "PReLU",
                              "Softmax",
                              "Dropout",
                              "SpatialDropout1D",
                              "SpatialDropout2D",
                              "SpatialDropout3D",
                              "AlphaDropout",
                              "GaussianDropout",
                              "GaussianNoise",
                              "BatchNormalization",
                              "LayerNormalization",
                              "GroupNormalization",
                              "UnitNormalization",
                              "ActivityRegularization",
                              "Masking"});
}

bool HasNoWeights(std::string_view class_name) {
  if (IsOneOf(class_name, {"BatchNormalization", "LayerNormalization", "GroupNormalization", "PReLU"}))
    return false;
  return KeepsShape(class_name) || class_name.find("Pooling") != std::string_view::npos ||
         class_name.starts_with("ZeroPadding") || class_name.starts_with("Cropping") ||
         class_name.starts_with("UpSampling") ||
         IsOneOf(class_name,
                 {"Flatten", "Reshape", "Permute", "RepeatVector", "Lambda", "Concatenate", "Add", "Subtract",
                  "Multiply", "Average", "Maximum", "Minimum", "Dot", "Rescaling", "Resizing"});
}

bool IsConvolution(std::string_view class_name) {
  return IsOneOf(class_name,
                 {"Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"});
}

bool IsTrue(JsonTree::Value config, std::string_view key, bool otherwise) {
  const JsonTree::Value value = config[key];
  return value && !value.is_null() ? value.is_true() : otherwise;
}

/// Sizes of a kernel: a number, or a list of them.
double Product(JsonTree::Value sizes) {
  if (sizes.is_number()) return sizes.number();
  double product = sizes.is_array() ? 1 : NAN;
  for (const JsonTree::Value size : sizes.items()) product *= size.number();
  return product;
}

double SizeAt(const LayerShape& shape, int64_t axis) {
  const auto rank = static_cast<int64_t>(shape.size());
  if (axis < 0) axis += rank;
  if (axis < 0 || axis >= rank || shape[static_cast<size_t>(axis)] < 0) return NAN;
  return static_cast<double>(shape[static_cast<size_t>(axis)]);
}

double Channels(JsonTree::Value config, const LayerShape& input) {
  return SizeAt(input, config["data_format"].text() == "channels_first" ? 1 : -1);
}

/// Of a normalisation: the axis is a number, or a list of them.
double SizeOfAxes(JsonTree::Value axis, const LayerShape& input) {
  const auto size = [&input](double number) {
    return std::abs(number) < 100 ? SizeAt(input, static_cast<int64_t>(number)) : NAN;
  };
  if (!axis.is_array()) return size(axis.is_number() ? axis.number() : -1);
  double product = 1;
  for (const JsonTree::Value item : axis.items()) product *= size(item.number());
  return product;
}

}  // namespace

std::optional<LayerShape> ReadLayerShape(JsonTree::Value shape) {
  if (!shape.is_array()) return std::nullopt;
  LayerShape sizes;
  for (const JsonTree::Value size : shape.items()) {
    if (!size.is_null() && !size.is_number()) return std::nullopt;
    const double number = size.number();
    sizes.push_back(number >= 0 && number < 1e15 ? static_cast<int64_t>(number) : -1);
  }
  return sizes;
}

std::optional<LayerShape> OutputShape(std::string_view class_name, JsonTree::Value config,
                                      const LayerShape& input) {
  if (KeepsShape(class_name)) return input;
  LayerShape output = input;
  const auto appended = [&output](double size) {
    output.push_back(size >= 0 && size < 1e15 ? static_cast<int64_t>(size) : -1);
    return output;
  };
  if (class_name == "Dense" && !input.empty()) {
    output.pop_back();
    return appended(config["units"].number());
  }
  if (class_name == "Embedding") return appended(config["output_dim"].number());
  if (class_name == "Flatten" && !input.empty()) {
    const bool known = std::all_of(input.begin() + 1, input.end(), [](int64_t size) { return size >= 0; });
    double product = known ? 1 : -1;
    for (size_t i = 1; known && i < input.size(); ++i) product *= static_cast<double>(input[i]);
    output.resize(1);
    return appended(product);
  }
  if (class_name == "Reshape" && !input.empty()) {
    const std::optional<LayerShape> target = ReadLayerShape(config["target_shape"]);
    if (!target) return std::nullopt;
    output.resize(1);
    output.insert(output.end(), target->begin(), target->end());
    return output;
  }
  const bool last = config["data_format"].text() != "channels_first";
  if (class_name.starts_with("Global") && last && input.size() > 2 && !IsTrue(config, "keepdims", false)) {
    return LayerShape{input.front(), input.back()};
  }
  return std::nullopt;
}

double ParametersOf(std::string_view class_name, JsonTree::Value config, const LayerShape& input) {
  if (HasNoWeights(class_name)) return 0;
  const double bias = IsTrue(config, "use_bias", true) ? 1 : 0;
  const double units = config["units"].number();
  const double in = SizeAt(input, -1);
  if (class_name == "Dense") return units * (in + bias);
  if (class_name == "Embedding") return config["input_dim"].number() * config["output_dim"].number();
  if (IsConvolution(class_name)) {
    const double groups = config["groups"].is_number() ? config["groups"].number() : 1;
    return config["filters"].number() *
           (Product(config["kernel_size"]) * Channels(config, input) / groups + bias);
  }
  if (class_name == "DepthwiseConv2D" || class_name == "DepthwiseConv1D") {
    return Channels(config, input) * config["depth_multiplier"].number() *
           (Product(config["kernel_size"]) + bias);
  }
  const double affine = (IsTrue(config, "center", true) ? 1 : 0) + (IsTrue(config, "scale", true) ? 1 : 0);
  // Mean and variance move along.
  if (class_name == "BatchNormalization") return SizeOfAxes(config["axis"], input) * (affine + 2);
  if (class_name == "LayerNormalization" || class_name == "GroupNormalization") {
    return SizeOfAxes(config["axis"], input) * affine;
  }
  // Each gate has a kernel, a recurrent kernel and a bias; a GRU that resets after has two biases.
  if (class_name == "SimpleRNN") return units * (in + units + bias);
  if (class_name == "LSTM") return 4 * units * (in + units + bias);
  if (class_name == "GRU") {
    return 3 * units * (in + units + bias * (IsTrue(config, "reset_after", true) ? 2 : 1));
  }
  return NAN;
}

}  // namespace tensorpane
