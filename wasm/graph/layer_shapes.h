#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/json_tree.h"

namespace tensorpane {

/// Sizes of a tensor between layers, -1 = not known.
using LayerShape = std::vector<int64_t>;
/// Shapes of what goes into a layer, as far as they are known; at least one.
using LayerInputs = std::span<const std::optional<LayerShape>>;

/// A shape in a Keras config: a list of numbers and nulls.
std::optional<LayerShape> ReadLayerShape(JsonTree::Value shape);
/// `dtype` of a Keras config: a name, or since Keras 2.4 a policy; "" if it is neither.
std::string_view ReadLayerType(JsonTree::Value dtype);

/// What a layer makes of its inputs, its first output: of the classes that keras.io/api/layers describes and
/// that can be told from the config and the shapes, by `compute_output_shape` of Keras 3; nothing of others.
std::optional<LayerShape> OutputShape(std::string_view class_name, JsonTree::Value config,
                                      LayerInputs inputs);

/// How many weights a layer holds, those that are not trained too: of the classes below by the shapes that
/// keras.io/api/layers gives for their weights, NaN of others, or where a size that counts is not known.
double ParametersOf(std::string_view class_name, JsonTree::Value config, LayerInputs inputs);

}  // namespace tensorpane
