#include "graph/keras_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/json_tree.h"
#include "graph/graph_builder.h"
#include "graph/layer_shapes.h"

namespace tensorpane {
namespace {

using Value = JsonTree::Value;

/// Models in each other; the names of what is deeper would be as long as the text.
constexpr size_t kMostNested = 1000;

/// A tensor of a layer, as configs name it.
struct TensorName {
  std::string_view layer;
  uint32_t output = 0;
  std::string_view key = {};  ///< of the dictionary that it stands in
  std::optional<LayerShape> shape = {};
  std::string_view dtype = {};
};

uint32_t OutputOf(Value number) {
  return number.number() >= 0 && number.number() < 1e6 ? static_cast<uint32_t>(number.number()) : 0;
}

/// All tensors that are named within `value`, in order. Keras 3 writes a tensor as an object with its
/// `keras_history` [layer, call, output], Keras 2 as a list [layer, call, output, {arguments}] of which the
/// arguments may name more. `is_layer(name)` tells whether a list in these is one.
template <class F>
std::vector<TensorName> TensorsIn(Value value, F is_layer) {
  struct Open {
    Value value;
    std::string_view key;
    bool in_arguments;
  };
  std::vector<TensorName> tensors;
  std::vector<Open> open = {{value, {}, false}};
  while (!open.empty()) {
    const auto [at, key, in_arguments] = open.back();
    open.pop_back();
    const Value first = at.at(0);
    const Value history = at["config"]["keras_history"];
    if (history.is_array()) {
      tensors.push_back({.layer = history.at(0).text(),
                         .output = OutputOf(history.at(2)),
                         .key = key,
                         .shape = ReadLayerShape(at["config"]["shape"]),
                         .dtype = at["config"]["dtype"].text()});
      continue;
    }
    std::vector<Open> inner;
    if (at.is_array() && first.is_text() && at.at(1).is_number() && at.at(2).is_number()) {
      // "_CONSTANT_VALUE" stands for no layer.
      const bool is_tensor = is_layer(first.text()) || (!in_arguments && at.at(1).number() >= 0);
      if (is_tensor) tensors.push_back({.layer = first.text(), .output = OutputOf(at.at(2)), .key = key});
      if (const Value arguments = at.at(3)) inner.push_back({arguments, {}, true});
    } else if (at.is_array() || at.is_object()) {
      for (const Value item : at.items()) {
        if (item.is_array() || item.is_object())
          inner.push_back({item, at.is_object() ? item.key() : key, in_arguments});
      }
    }
    open.insert(open.end(), inner.rbegin(), inner.rend());
  }
  return tensors;
}

class KerasReader {
 public:
  explicit KerasReader(Graph* graph)
      : graph_(*graph), tree_(graph->source, JsonTree::Damaged::kBeginning), builder_(graph) {}

  void Read() {
    graph_.form = Graph::Form::kLayers;
    builder_.BeginBody();
    const Value root = tree_.root();
    if (!root.is_object() || !root["class_name"].is_text()) {
      builder_.Count(GraphFault::Kind::kMalformed, static_cast<double>(graph_.source.size()));
    } else {
      if (tree_.unread()) builder_.Count(GraphFault::Kind::kMalformed, static_cast<double>(*tree_.unread()));
      if (root["keras_version"].is_text())
        graph_.producer = "Keras " + std::string(root["keras_version"].text());
      AddLayers(root);
      for (uint32_t model = 0; model < models_.size(); ++model) Connect(model);
      FindShapes();
      Build();
    }
    builder_.EndBody();
    builder_.Finish();
  }

 private:
  /// A layer of a model: a node, or a model itself.
  struct Layer {
    Value value;
    bool is_model;
    uint32_t index;  // in nodes_ or models_
  };
  struct Model {
    Value value;
    std::string prefix;
    bool is_chain = false;  // layers follow each other
    std::vector<Layer> layers = {};
    std::unordered_map<std::string_view, uint32_t> by_name = {};
    std::vector<TensorName> inputs = {}, outputs = {};
  };
  struct Tensor {
    uint32_t node = kNoNode;  // in nodes_
    uint32_t output = 0;
    std::string stub = {};
  };
  struct Node {
    std::string name;
    Value value;
    Value wrapped;  // of a wrapper
    std::vector<Tensor> inputs = {};
    size_t arity = 0;                                          // inputs of its first call
    std::vector<std::optional<LayerShape>> input_shapes = {};  // of that
    std::vector<std::pair<std::optional<LayerShape>, std::string_view>> outputs = {};  // shape, type
  };

  static Value LayersOf(Value layer) {
    const Value config = layer["config"];
    if (config.is_array()) return config;  // Sequential before Keras 2.2.3
    return config["layers"].is_array() ? config["layers"] : Value();
  }

  static std::string_view NameOf(Value layer) {
    std::string_view name = layer["config"]["name"].text();
    if (name.empty()) name = layer["name"].text();
    return name.empty() ? "unnamed" : name;
  }

  /// Models and nodes, in the order of the text.
  void AddLayers(Value root) {
    if (!LayersOf(root)) {
      // A model that says nothing of its layers, or a layer alone.
      models_.push_back({.value = root, .prefix = ""});
      AddLayer(0, root);
      return;
    }
    AddModel(root, "");
    // The text has an order of its own: a model in a model has its nodes where it stands.
    struct Open {
      uint32_t model;
      std::vector<Value> left;  // back to front
    };
    std::vector<Open> open;
    const auto enter = [&](uint32_t model) {
      Open& inner = open.emplace_back(Open{model, {}});
      for (const Value layer : LayersOf(models_[model].value).items()) inner.left.push_back(layer);
      std::reverse(inner.left.begin(), inner.left.end());
    };
    enter(0);
    while (!open.empty()) {
      if (open.back().left.empty() || open.size() > kMostNested) {
        if (!open.back().left.empty()) builder_.Count(GraphFault::Kind::kTooMany, 1);
        open.pop_back();
        continue;
      }
      const Value layer = open.back().left.back();
      open.back().left.pop_back();
      if (!layer.is_object()) continue;
      // One that is cut off says nothing of itself, but a model has the layers that came before.
      if (!layer.is_whole() && !LayersOf(layer)) continue;
      if (AddLayer(open.back().model, layer)) enter(static_cast<uint32_t>(models_.size() - 1));
    }
  }

  void AddModel(Value value, std::string prefix) {
    const Value config = value["config"];
    Model& model = models_.emplace_back(Model{.value = value, .prefix = std::move(prefix)});
    const auto any = [](std::string_view) { return true; };
    model.inputs = TensorsIn(config["input_layers"], any);
    model.outputs = TensorsIn(config["output_layers"], any);
    // Where a model is cut off, what it says last is missing: its inputs and outputs.
    model.is_chain =
        model.inputs.empty() && model.outputs.empty() && (value.is_whole() || ClassOf(value) == "Sequential");
  }

  /// Returns whether the layer is a model, which is the last one then.
  bool AddLayer(uint32_t in, Value value) {
    const bool is_model = static_cast<bool>(LayersOf(value));
    if (!is_model && nodes_.size() == GraphBuilder::kMaxNodes) {
      builder_.Count(GraphFault::Kind::kTooMany, 1);
      return false;
    }
    const std::string name = models_[in].prefix + std::string(NameOf(value));
    const auto index = static_cast<uint32_t>(is_model ? models_.size() : nodes_.size());
    models_[in].by_name.emplace(NameOf(value), static_cast<uint32_t>(models_[in].layers.size()));
    models_[in].layers.push_back({value, is_model, index});
    if (is_model) {
      AddModel(value, name + '/');
    } else {
      nodes_.push_back({.name = name, .value = value, .wrapped = value["config"]["layer"]});
    }
    return is_model;
  }

  /// What a tensor of `model` is: the output of a node, also of one in a model in it.
  Tensor Find(uint32_t model, const TensorName& tensor) const {
    std::string_view name = tensor.layer;
    uint32_t output = tensor.output;
    for (;;) {
      const Model& in = models_[model];
      const auto found = in.by_name.find(name);
      if (found == in.by_name.end()) return {.stub = in.prefix + std::string(name)};
      const Layer& layer = in.layers[found->second];
      if (!layer.is_model) return {.node = layer.index, .output = output};
      const Model& inner = models_[layer.index];
      if (inner.layers.empty()) return {.stub = in.prefix + std::string(name)};
      model = layer.index;
      if (inner.outputs.empty()) {
        name = NameOf(inner.layers.back().value);
        output = 0;
      } else {
        const TensorName& last = inner.outputs[std::min<size_t>(output, inner.outputs.size() - 1)];
        name = last.layer;
        output = last.output;
      }
    }
  }

  /// Lets a tensor into a layer: number `i` of a call, or the one of this key.
  void Enter(const Layer& layer, size_t i, std::string_view key, const Tensor& tensor, bool is_first_call) {
    const Layer* at = &layer;
    while (at->is_model) {
      const Model& model = models_[at->index];
      if (model.layers.empty()) return;
      const Layer* next = &model.layers.front();
      if (!model.inputs.empty()) {
        auto named = std::find_if(model.inputs.begin(), model.inputs.end(), [key](const TensorName& input) {
          return !key.empty() && input.key == key;
        });
        if (named == model.inputs.end()) {
          named = model.inputs.begin() + static_cast<std::ptrdiff_t>(std::min(i, model.inputs.size() - 1));
        }
        const auto found = model.by_name.find(named->layer);
        if (found != model.by_name.end()) next = &model.layers[found->second];
      }
      at = next;
    }
    nodes_[at->index].inputs.push_back(tensor);
    if (is_first_call) ++nodes_[at->index].arity;
  }

  void Connect(uint32_t index) {
    const std::vector<Layer>& layers = models_[index].layers;
    for (size_t l = 0; l < layers.size(); ++l) {
      if (models_[index].is_chain) {
        if (l > 0) Enter(layers[l], 0, {}, Find(index, {.layer = NameOf(layers[l - 1].value)}), true);
        continue;
      }
      const auto is_layer = [&](std::string_view name) { return models_[index].by_name.contains(name); };
      // An entry for each call of the layer.
      bool is_first_call = true;
      for (const Value call : layers[l].value["inbound_nodes"].items()) {
        const std::vector<TensorName> tensors = TensorsIn(call, is_layer);
        for (size_t i = 0; i < tensors.size(); ++i) {
          const Tensor tensor = Find(index, tensors[i]);
          Enter(layers[l], i, tensors[i].key, tensor, is_first_call);
          if (tensor.node != kNoNode) SetOutput(tensor, tensors[i].shape, tensors[i].dtype);
        }
        is_first_call = false;
      }
    }
  }

  void SetOutput(const Tensor& tensor, const std::optional<LayerShape>& shape, std::string_view dtype) {
    constexpr uint32_t kMostOutputs = 1000;
    if (tensor.output >= kMostOutputs || !shape) return;
    auto& outputs = nodes_[tensor.node].outputs;
    if (outputs.size() <= tensor.output) outputs.resize(tensor.output + 1);
    if (!outputs[tensor.output].first) outputs[tensor.output] = {shape, dtype};
  }

  static std::string_view ClassOf(Value layer) { return layer["class_name"].text(); }

  void FindShapes() {
    for (Node& node : nodes_) {
      const Value config = node.value["config"];
      std::optional<LayerShape> given = ReadLayerShape(config["batch_shape"]);
      if (!given) given = ReadLayerShape(config["batch_input_shape"]);
      node.input_shapes.resize(std::max<size_t>(node.arity, 1));
      std::optional<LayerShape>& input = node.input_shapes[0];
      input = ReadLayerShape(node.value["build_config"]["input_shape"]);
      if (!input) input = given;
      // What goes in is what came out of its only input.
      if (input && node.inputs.size() == 1 && node.inputs[0].node != kNoNode) {
        SetOutput(node.inputs[0], input, {});
      }
    }
    for (uint32_t i = 0; i < nodes_.size(); ++i) {
      Node& node = nodes_[i];
      for (size_t j = 0; j < node.arity; ++j) {
        if (node.input_shapes[j] || node.inputs[j].node == kNoNode) continue;
        const auto& outputs = nodes_[node.inputs[j].node].outputs;
        if (node.inputs[j].output < outputs.size())
          node.input_shapes[j] = outputs[node.inputs[j].output].first;
      }
      if (!node.input_shapes[0]) continue;
      SetOutput({.node = i}, OutputShape(ClassOf(node.value), node.value["config"], node.input_shapes), {});
    }
  }

  void Build() {
    for (const Node& node : nodes_) {
      std::string op(ClassOf(node.value));
      if (node.wrapped) op += '(' + std::string(ClassOf(node.wrapped)) + ')';
      builder_.BeginNode(node.name, builder_.Text(op));
      GraphBody& body = builder_.body();
      body.source_offset.back() = node.value.offset();
      body.source_length.back() = static_cast<uint32_t>(node.value.length());
      for (const Tensor& input : node.inputs) {
        if (input.node == kNoNode) {
          builder_.AddInput(input.stub, 0, EdgeKind::kData);
        } else {
          builder_.AddInput(input.node, input.output);
        }
      }
      for (const auto& [shape, dtype] : node.outputs) {
        const TextId type =
            builder_.Text(dtype.empty() ? ReadLayerType(node.value["config"]["dtype"]) : dtype);
        builder_.AddOutput(builder_.Shape(shape.value_or(LayerShape()), shape.has_value(), type));
      }
      builder_.SetParameters(ParametersOf(ClassOf(node.value), node.value["config"], node.input_shapes));
    }
  }

  Graph& graph_;
  JsonTree tree_;
  GraphBuilder builder_;
  std::vector<Model> models_;
  std::vector<Node> nodes_;
};

}  // namespace

Graph ReadKerasModel(std::vector<uint8_t> json) {
  Graph graph;
  graph.source = std::move(json);
  KerasReader(&graph).Read();
  return graph;
}

}  // namespace tensorpane
