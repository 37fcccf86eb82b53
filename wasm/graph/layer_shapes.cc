#include "graph/layer_shapes.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace tensorpane {
namespace {

using Value = JsonTree::Value;

/// Wrappers in each other.
constexpr int kMostWrappers = 8;

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsNormalization(std::string_view class_name) {
  return IsOneOf(class_name,
                 {"BatchNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization"});
}

bool KeepsShape(std::string_view class_name) {
  return IsNormalization(class_name) || class_name.ends_with("Dropout") ||
         class_name.starts_with("SpatialDropout") || class_name.ends_with("ReLU") ||
         IsOneOf(class_name,
                 {"InputLayer", "Activation", "ELU", "Softmax", "GaussianNoise", "UnitNormalization",
                  "ActivityRegularization", "Masking", "Identity", "Rescaling"});
}

/// Of several inputs, element by element.
bool IsMerge(std::string_view class_name) {
  return IsOneOf(class_name, {"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"});
}

bool IsPooling(std::string_view class_name) {
  return class_name.starts_with("MaxPooling") || class_name.starts_with("AveragePooling");
}

bool HasNoWeights(std::string_view class_name) {
  if (IsNormalization(class_name) || class_name == "PReLU") return false;
  return KeepsShape(class_name) || IsMerge(class_name) ||
         class_name.find("Pooling") != std::string_view::npos || class_name.starts_with("ZeroPadding") ||
         class_name.starts_with("Cropping") || class_name.starts_with("UpSampling") ||
         IsOneOf(class_name, {"Flatten", "Reshape", "Permute", "RepeatVector", "Lambda", "Concatenate", "Dot",
                              "Resizing"});
}

/// Conv1D, SeparableConv2D, Conv3DTranspose …
bool IsConvolution(std::string_view class_name) {
  const size_t at = class_name.find("Conv");
  const std::string_view kind = class_name.substr(0, std::min(at, class_name.size()));
  const std::string_view size = at == std::string_view::npos ? std::string_view() : class_name.substr(at + 4);
  return IsOneOf(kind, {"", "Separable", "Depthwise"}) &&
         IsOneOf(size, {"1D", "2D", "3D", "1DTranspose", "2DTranspose", "3DTranspose"});
}

bool IsRecurrent(std::string_view class_name) { return IsOneOf(class_name, {"SimpleRNN", "LSTM", "GRU"}); }

bool IsTrue(Value config, std::string_view key, bool otherwise) {
  const Value value = config[key];
  return value && !value.is_null() ? value.is_true() : otherwise;
}

double NumberOf(Value value, double otherwise) { return value.is_number() ? value.number() : otherwise; }

/// Of a number for each axis: that of one, which may be the same for all.
double NumberAt(Value numbers, size_t axis, double otherwise) {
  return NumberOf(numbers.is_array() ? numbers.at(axis) : numbers, otherwise);
}

/// Sizes of a kernel: a number, or a list of them.
double Product(Value sizes) {
  if (sizes.is_number()) return sizes.number();
  double product = sizes.is_array() ? 1 : NAN;
  for (const Value size : sizes.items()) product *= size.number();
  return product;
}

/// What is no size is not known.
int64_t SizeOf(double size) { return size >= 0 && size < 1e15 ? static_cast<int64_t>(size) : -1; }
double Known(int64_t size) { return size < 0 ? NAN : static_cast<double>(size); }

std::optional<size_t> AxisOf(const LayerShape& shape, double axis) {
  if (axis < 0) axis += static_cast<double>(shape.size());
  return axis >= 0 && axis < static_cast<double>(shape.size()) ? std::optional(static_cast<size_t>(axis))
                                                               : std::nullopt;
}

double SizeAt(const LayerShape& shape, double axis) {
  const std::optional<size_t> at = AxisOf(shape, axis);
  return at ? Known(shape[*at]) : NAN;
}

bool IsChannelsFirst(Value config) { return config["data_format"].text() == "channels_first"; }
double ChannelAxis(Value config) { return IsChannelsFirst(config) ? 1 : -1; }

double ProductOf(LayerShape::const_iterator begin, LayerShape::const_iterator end) {
  double product = 1;
  for (; begin != end; ++begin) product *= Known(*begin);
  return product;
}

/// Of a normalisation: the axis is a number, or a list of them.
double SizeOfAxes(Value axis, const LayerShape& input) {
  if (!axis.is_array()) return SizeAt(input, NumberOf(axis, -1));
  double product = 1;
  for (const Value item : axis.items()) product *= SizeAt(input, item.number());
  return product;
}

/// The axes that are neither the batch nor the channels, each by `size_of(axis, size)`, counted from 0.
template <class F>
std::optional<LayerShape> WithSpace(Value config, LayerShape shape, F size_of) {
  if (shape.size() < 3) return std::nullopt;
  const size_t first = IsChannelsFirst(config) ? 2 : 1;
  for (size_t axis = 0; axis + 2 < shape.size(); ++axis) {
    int64_t& size = shape[first + axis];
    size = SizeOf(size_of(axis, Known(size)));
  }
  return shape;
}

/// keras/src/ops/operation_utils.py, compute_conv_output_shape; of pooling: compute_pooling_output_shape.
double Windowed(double size, double window, double stride, double dilation, bool is_valid) {
  if (!is_valid) return std::ceil(size / stride);
  return std::floor((size - dilation * (window - 1) - 1) / stride) + 1;
}

/// keras/src/backend/common/backend_utils.py, compute_conv_transpose_output_shape.
double Transposed(double size, double window, double stride, double dilation, bool is_valid, Value more) {
  const double reach = (window - 1) * dilation + 1;
  if (more.is_null() || !more) return size * stride + (is_valid ? std::max(reach - stride, 0.0) : 0);
  const double padding = is_valid ? 0 : std::floor(reach / 2);
  return (size - 1) * stride + reach - 2 * padding + more.number();
}

std::optional<LayerShape> OfConvolution(std::string_view class_name, Value config, const LayerShape& input) {
  const bool is_valid = config["padding"].text() == "valid" || !config["padding"];
  const bool is_transposed = class_name.ends_with("Transpose");
  const Value more = config["output_padding"];
  std::optional<LayerShape> output = WithSpace(config, input, [&](size_t axis, double size) {
    const double window = NumberAt(config["kernel_size"], axis, NAN);
    const double stride = NumberAt(config["strides"], axis, 1);
    const double dilation = NumberAt(config["dilation_rate"], axis, 1);
    return is_transposed
               ? Transposed(size, window, stride, dilation, is_valid, more.is_array() ? more.at(axis) : more)
               : Windowed(size, window, stride, dilation, is_valid);
  });
  if (!output) return output;
  const double filters = class_name.starts_with("Depthwise")
                             ? SizeAt(input, ChannelAxis(config)) * NumberOf(config["depth_multiplier"], 1)
                             : config["filters"].number();
  (*output)[IsChannelsFirst(config) ? 1 : output->size() - 1] = SizeOf(filters);
  return output;
}

std::optional<LayerShape> OfPooling(Value config, const LayerShape& input) {
  const bool is_valid = config["padding"].text() == "valid" || !config["padding"];
  return WithSpace(config, input, [&](size_t axis, double size) {
    const double window = NumberAt(config["pool_size"], axis, 2);
    return Windowed(size, window, NumberAt(config["strides"], axis, window), 1, is_valid);
  });
}

/// `sign`: what is put around is more, what is cut off is less.
std::optional<LayerShape> OfBorders(Value borders, Value config, const LayerShape& input, double sign) {
  const bool is_pair = input.size() == 3 && borders.at(0).is_number();
  return WithSpace(config, input, [&](size_t axis, double size) {
    const Value both = is_pair || borders.is_number() ? borders : borders.at(axis);
    const double sum = both.is_array() ? both.at(0).number() + both.at(1).number() : 2 * both.number();
    return size + sign * sum;
  });
}

/// keras/src/layers/pooling/base_global_pooling.py
std::optional<LayerShape> OfGlobalPooling(Value config, const LayerShape& input) {
  if (input.size() < 3) return std::nullopt;
  if (IsTrue(config, "keepdims", false)) return WithSpace(config, input, [](size_t, double) { return 1.0; });
  return LayerShape{input.front(), IsChannelsFirst(config) ? input[1] : input.back()};
}

/// keras/src/ops/operation_utils.py, compute_reshape_output_shape: one size may be what is left.
std::optional<LayerShape> OfReshape(Value config, const LayerShape& input) {
  const std::optional<LayerShape> target = ReadLayerShape(config["target_shape"]);
  if (!target) return std::nullopt;
  LayerShape output{input.front()};
  output.insert(output.end(), target->begin(), target->end());
  const auto left = std::find(output.begin() + 1, output.end(), -1);
  if (left == output.end() || std::count(left, output.end(), -1) > 1) return output;
  const double others = ProductOf(output.begin() + 1, left) * ProductOf(left + 1, output.end());
  *left = SizeOf(ProductOf(input.begin() + 1, input.end()) / others);
  return output;
}

/// Known where all inputs are. `axis`: sizes add up there.
std::optional<LayerShape> OfConcatenation(Value config, LayerInputs inputs) {
  LayerShape output = *inputs[0];
  const std::optional<size_t> axis = AxisOf(output, NumberOf(config["axis"], -1));
  if (!axis) return std::nullopt;
  for (const std::optional<LayerShape>& input : inputs.subspan(1)) {
    if (!input || input->size() != output.size()) return std::nullopt;
    output[*axis] = SizeOf(Known(output[*axis]) + Known((*input)[*axis]));
  }
  return output;
}

/// keras/src/layers/merging/base_merge.py: sizes of 1 are stretched.
std::optional<LayerShape> OfMerge(LayerInputs inputs) {
  LayerShape output = *inputs[0];
  for (const std::optional<LayerShape>& input : inputs.subspan(1)) {
    if (!input || input->size() != output.size()) return std::nullopt;
    for (size_t axis = 0; axis < output.size(); ++axis) {
      const int64_t a = output[axis], b = (*input)[axis];
      output[axis] = a < 0 || b < 0 ? -1 : a == 1 ? b : a;
    }
  }
  return output;
}

std::optional<LayerShape> WithLast(LayerShape shape, double size) {
  if (shape.empty()) return std::nullopt;
  shape.back() = SizeOf(size);
  return shape;
}

/// The steps of time go through what is wrapped each by itself.
LayerShape WithoutTime(LayerShape shape) {
  if (shape.size() > 1) shape.erase(shape.begin() + 1);
  return shape;
}

std::optional<LayerShape> Output(std::string_view class_name, Value config, LayerInputs inputs,
                                 int wrappers) {
  if (inputs.empty() || !inputs[0] || inputs[0]->empty() || wrappers > kMostWrappers) return std::nullopt;
  const LayerShape& input = *inputs[0];
  if (KeepsShape(class_name)) return input;
  if (IsMerge(class_name)) return OfMerge(inputs);
  if (class_name == "Concatenate") return OfConcatenation(config, inputs);
  if (class_name == "Dense") return WithLast(input, config["units"].number());
  if (IsConvolution(class_name)) return OfConvolution(class_name, config, input);
  if (IsPooling(class_name)) return OfPooling(config, input);
  if (class_name.starts_with("Global")) return OfGlobalPooling(config, input);
  if (class_name.starts_with("ZeroPadding")) return OfBorders(config["padding"], config, input, 1);
  if (class_name.starts_with("Cropping")) return OfBorders(config["cropping"], config, input, -1);
  if (class_name.starts_with("UpSampling")) {
    return WithSpace(config, input,
                     [&](size_t axis, double size) { return size * NumberAt(config["size"], axis, 2); });
  }
  if (class_name == "Resizing") {
    return WithSpace(config, input,
                     [&](size_t axis, double) { return config[axis == 0 ? "height" : "width"].number(); });
  }
  if (class_name == "Reshape") return OfReshape(config, input);
  if (class_name == "Flatten") return LayerShape{input[0], SizeOf(ProductOf(input.begin() + 1, input.end()))};
  if (class_name == "Embedding") {
    LayerShape output = input;
    output.push_back(SizeOf(config["output_dim"].number()));
    return output;
  }
  if (class_name == "RepeatVector" && input.size() == 2) {
    return LayerShape{input[0], SizeOf(config["n"].number()), input[1]};
  }
  if (class_name == "Permute") {
    LayerShape output{input[0]};
    for (const Value axis : config["dims"].items()) output.push_back(SizeOf(SizeAt(input, axis.number())));
    return output;
  }
  if (IsRecurrent(class_name) && input.size() == 3) {
    const int64_t units = SizeOf(config["units"].number());
    if (IsTrue(config, "return_sequences", false)) return LayerShape{input[0], input[1], units};
    return LayerShape{input[0], units};
  }
  if (class_name == "MultiHeadAttention") {
    const Value shape = config["output_shape"];
    if (shape.is_null() || !shape) return input;
    return shape.is_array() && shape.at(1) ? std::nullopt : WithLast(input, NumberAt(shape, 0, NAN));
  }
  if (IsOneOf(class_name, {"Attention", "AdditiveAttention"}) && inputs.size() > 1 && inputs[1]) {
    return WithLast(input, SizeAt(*inputs[1], -1));
  }
  const Value wrapped = config["layer"];
  const std::string_view wrapped_class = wrapped["class_name"].text();
  if (class_name == "Bidirectional") {
    std::optional<LayerShape> output = Output(wrapped_class, wrapped["config"], inputs, wrappers + 1);
    const Value merge = config["merge_mode"];
    if (output && (!merge || merge.text() == "concat")) return WithLast(*output, 2 * SizeAt(*output, -1));
    return output;
  }
  if (class_name == "TimeDistributed" && input.size() > 2) {
    const std::optional<LayerShape> step = WithoutTime(input);
    std::optional<LayerShape> output = Output(wrapped_class, wrapped["config"], {&step, 1}, wrappers + 1);
    if (output) output->insert(output->begin() + 1, input[1]);
    return output;
  }
  return std::nullopt;
}

double Parameters(std::string_view class_name, Value config, LayerInputs inputs, int wrappers) {
  if (HasNoWeights(class_name)) return 0;
  if (wrappers > kMostWrappers) return NAN;
  const LayerShape input = inputs.empty() ? LayerShape() : inputs[0].value_or(LayerShape());
  const double bias = IsTrue(config, "use_bias", true) ? 1 : 0;
  const double units = config["units"].number();
  const double in = SizeAt(input, -1);
  if (class_name == "Dense") return units * (in + bias);
  if (class_name == "Embedding") return config["input_dim"].number() * config["output_dim"].number();
  if (IsConvolution(class_name)) {
    const double channels = SizeAt(input, ChannelAxis(config));
    const double depth = channels * NumberOf(config["depth_multiplier"], 1);
    const double window = Product(config["kernel_size"]), filters = config["filters"].number();
    if (class_name.starts_with("Depthwise")) return depth * (window + bias);
    if (class_name.starts_with("Separable")) return depth * window + filters * (depth + bias);
    return filters * (window * channels / NumberOf(config["groups"], 1) + bias);
  }
  const double affine = (IsTrue(config, "center", true) ? 1 : 0) + (IsTrue(config, "scale", true) ? 1 : 0);
  // Mean and variance move along.
  if (class_name == "BatchNormalization") return SizeOfAxes(config["axis"], input) * (affine + 2);
  if (class_name == "RMSNormalization") return SizeOfAxes(config["axis"], input);
  if (IsNormalization(class_name)) return SizeOfAxes(config["axis"], input) * affine;
  // Each gate has a kernel, a recurrent kernel and a bias; a GRU that resets after has two biases.
  if (class_name == "SimpleRNN") return units * (in + units + bias);
  if (class_name == "LSTM") return 4 * units * (in + units + bias);
  if (class_name == "GRU") {
    return 3 * units * (in + units + bias * (IsTrue(config, "reset_after", true) ? 2 : 1));
  }
  if (class_name == "MultiHeadAttention") {
    const auto width = [&](size_t i) {  // of query, value, key, which is the value if there is none
      i = std::min(i, inputs.size() - 1);
      return !inputs.empty() && inputs[i] ? SizeAt(*inputs[i], -1) : NAN;
    };
    const Value shape = config["output_shape"];
    const double heads = config["num_heads"].number(), key = config["key_dim"].number();
    const double value = NumberOf(config["value_dim"], key);
    const double out = shape.is_null() || !shape ? width(0) : Product(shape);
    return heads * (key * (width(0) + bias) + key * (width(2) + bias) + value * (width(1) + bias)) +
           out * (heads * value + bias);
  }
  const Value wrapped = config["layer"];
  const auto inside = [&](LayerInputs of) {
    return Parameters(wrapped["class_name"].text(), wrapped["config"], of, wrappers + 1);
  };
  if (class_name == "Bidirectional") return 2 * inside(inputs);
  if (class_name == "TimeDistributed") {
    const std::optional<LayerShape> step = WithoutTime(input);
    return inside({&step, 1});
  }
  return NAN;
}

}  // namespace

std::optional<LayerShape> ReadLayerShape(Value shape) {
  if (!shape.is_array()) return std::nullopt;
  LayerShape sizes;
  for (const Value size : shape.items()) {
    if (!size.is_null() && !size.is_number()) return std::nullopt;
    sizes.push_back(SizeOf(size.number()));
  }
  return sizes;
}

std::string_view ReadLayerType(Value dtype) {
  return dtype.is_text() ? dtype.text() : dtype["config"]["name"].text();
}

std::optional<LayerShape> OutputShape(std::string_view class_name, Value config, LayerInputs inputs) {
  return Output(class_name, config, inputs, 0);
}

double ParametersOf(std::string_view class_name, Value config, LayerInputs inputs) {
  return Parameters(class_name, config, inputs, 0);
}

}  // namespace tensorpane
