#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/json_tree.h"

namespace tensorpane {

/// Sizes of a tensor between layers, -1 = not known.
using LayerShape = std::vector<int64_t>;

/// A shape in a Keras config: a list of numbers and nulls.
std::optional<LayerShape> ReadLayerShape(JsonTree::Value shape);

/// What a layer makes of its one input, for the few classes of which the config tells it simply; nothing of
/// others.
std::optional<LayerShape> OutputShape(std::string_view class_name, JsonTree::Value config,
                                      const LayerShape& input);

/// How many weights a layer holds, those that are not trained too: of the classes below by the shapes that
/// keras.io/api/layers gives for their weights, NaN of others, or where a size that counts is not known.
/// `input` may be empty.
double ParametersOf(std::string_view class_name, JsonTree::Value config, const LayerShape& input);

}  // namespace tensorpane
