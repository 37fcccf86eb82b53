#pragma once

#include <cstdint>
#include <vector>

#include "graph/graph.h"

namespace tensorpane {

/// Reads the JSON of a Keras 2 or 3 model (`model.to_json()`) into a Graph of layers: a node for each layer,
/// its op the class, its inputs those of all its calls. Layers of a model in the model are "model/layer", and
/// edges that go to it or come from it end at its layers. Layers of the outermost model have no prefix; in
/// TensorBoard (tensorboard/plugins/graph/keras_util.py) they have its name, so that two models of one
/// architecture would have no layer in common. A wrapper names what it wraps: "Bidirectional(LSTM)".
///
/// What is no such JSON is a Graph without nodes and with the fault kMalformed.
Graph ReadKerasModel(std::vector<uint8_t> json);

}  // namespace tensorpane
