#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/graph.h"

namespace tensorpane {

/// Makes a Graph by hand, node by node, inputs by name as TensorFlow writes them: "a", "a:1", "^a". A name
/// that no node of the body has is a stub.
class GraphMaker {
 public:
  GraphMaker() {
    graph_->shapes.emplace_back();
    Begin({});
  }

  /// What follows is in this function.
  GraphMaker& Function(std::string_view name) {
    EndBody();
    Begin(name);
    return *this;
  }
  GraphMaker& Node(std::string_view name, std::string_view op, std::vector<std::string> inputs = {}) {
    GraphBody& body = graph_->bodies.back();
    nodes_[std::string(name)] = static_cast<NodeIndex>(body.size());
    body.names.push_back(graph_->texts.Add(name));
    body.ops.push_back(graph_->texts.Add(op));
    body.devices.push_back(kNoText);
    body.clusters.push_back(kNoText);
    body.source_offset.push_back(0);
    body.source_length.push_back(0);
    body.output_begin.push_back(static_cast<uint32_t>(body.outputs.size()));
    inputs_.push_back(std::move(inputs));
    return *this;
  }
  /// Of the node that was added last.
  GraphMaker& Device(std::string_view device) {
    graph_->bodies.back().devices.back() = graph_->texts.Add(device);
    return *this;
  }
  GraphMaker& Output(std::string_view shape, double elements) {
    graph_->shapes.push_back({graph_->texts.Add(shape), graph_->texts.Add("float32"), elements});
    graph_->bodies.back().outputs.push_back(static_cast<ShapeId>(graph_->shapes.size() - 1));
    return *this;
  }
  /// It calls the function that is the n-th body.
  GraphMaker& Calls(uint32_t body, std::string_view role = {}) {
    GraphBody& last = graph_->bodies.back();
    last.calls.push_back({static_cast<NodeIndex>(last.size() - 1), body, graph_->texts.Add(role)});
    return *this;
  }
  GraphMaker& Difference(tensorpane::Difference difference) {
    GraphBody& body = graph_->bodies.back();
    body.differences.resize(body.size(), tensorpane::Difference::kSame);
    body.differences.back() = difference;
    return *this;
  }
  GraphMaker& Profile(double micros, double bytes) {
    GraphBody& body = graph_->bodies.back();
    body.compute_micros.resize(body.size(), NAN);
    body.memory_bytes.resize(body.size(), NAN);
    body.compute_micros.back() = micros;
    body.memory_bytes.back() = bytes;
    return *this;
  }
  GraphMaker& Reference(size_t input) {
    references_.push_back({inputs_.size() - 1, input});
    return *this;
  }

  std::unique_ptr<Graph> Take() {
    EndBody();
    return std::move(graph_);
  }

 private:
  void Begin(std::string_view function) {
    graph_->bodies.emplace_back().function = graph_->texts.Add(function);
    nodes_.clear();
    inputs_.clear();
    references_.clear();
  }
  void EndBody() {
    GraphBody& body = graph_->bodies.back();
    body.output_begin.push_back(static_cast<uint32_t>(body.outputs.size()));
    for (const std::vector<std::string>& inputs : inputs_) {
      body.input_begin.push_back(static_cast<uint32_t>(body.inputs.size()));
      for (std::string name : inputs) {
        GraphInput input;
        if (name.starts_with("^")) {
          input.kind = EdgeKind::kControl;
          name.erase(0, 1);
        }
        if (const size_t colon = name.find(':'); colon != std::string::npos) {
          input.port = static_cast<uint32_t>(std::stoul(name.substr(colon + 1)));
          name.resize(colon);
        }
        if (const auto found = nodes_.find(name); found != nodes_.end()) {
          input.from = found->second;
        } else {
          input.name = graph_->texts.Add(name);
        }
        body.inputs.push_back(input);
      }
    }
    for (const auto& [node, input] : references_) {
      body.inputs[body.input_begin[node] + input].kind = EdgeKind::kReference;
    }
    body.input_begin.push_back(static_cast<uint32_t>(body.inputs.size()));
    if (!body.differences.empty()) body.differences.resize(body.size());
    if (!body.compute_micros.empty()) {
      body.compute_micros.resize(body.size(), NAN);
      body.memory_bytes.resize(body.size(), NAN);
    }
  }

  std::unique_ptr<Graph> graph_ = std::make_unique<Graph>();
  std::unordered_map<std::string, NodeIndex> nodes_;
  std::vector<std::vector<std::string>> inputs_;
  std::vector<std::pair<size_t, size_t>> references_;
};

}  // namespace tensorpane
