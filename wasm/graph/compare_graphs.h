#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace tensorpane {

/// One graph of two, with `differences`: nodes by body and name, in the order of `after`, those that are only
/// in `before` behind what stood before them there. Null: one is of ops, the other of layers.
///
/// A function has the name that it has in both, or else one that is the same but for its last number
/// ("__inference_train_function_1234"), which TensorFlow counts up with every build.
///
/// A node is changed if its op, its device, its inputs or their order, or its attributes are not the same.
/// Attributes are compared as they are written, without regard to their order, but for these: functions by
/// which function it is, and not at all what begins with an underscore, which TensorFlow notes for itself
/// (`_gradient_op_type` has a number of its own in each build), except `_output_shapes`, without which a
/// graph of torch would look the same with layers of any width. Of a layer its class and config are compared,
/// and its inputs. Edges that only one graph has are in the inputs with their difference, removed ones last.
std::unique_ptr<Graph> CompareGraphs(const Graph& before, const Graph& after);

/// What was changed in a node of such a graph, a line each: 'attribute "strides": [1,1] → [2,2]', 'op: Relu →
/// Gelu', 'input added: encoder/block_1/out'. Empty where nothing was.
std::vector<std::string> ChangesOf(const Graph& compared, uint32_t body, NodeIndex node);

}  // namespace tensorpane
