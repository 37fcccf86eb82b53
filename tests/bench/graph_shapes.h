#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "../cpp/event_bytes.h"
#include "layout/layered.h"

namespace tensorpane::bench {

/// Graphs of any size in the shapes that real ones have, the same ones on every machine. Names have
/// namespaces.
struct GraphShape {
  std::vector<std::string> names, ops;
  std::vector<std::pair<uint32_t, uint32_t>> edges;

  uint32_t Add(std::string name, std::string op) {
    names.push_back(std::move(name));
    ops.push_back(std::move(op));
    return static_cast<uint32_t>(names.size() - 1);
  }
  void Connect(uint32_t from, uint32_t to) { edges.emplace_back(from, to); }
  /// Another one after the last.
  uint32_t Follow(std::string name, std::string op) {
    const uint32_t node = Add(std::move(name), std::move(op));
    if (node > 0) Connect(node - 1, node);
    return node;
  }
};

inline std::string Numbered(const char* name, uint32_t i) { return name + std::to_string(i); }

/// Of 0 … count.
inline uint32_t Random(std::mt19937* random, uint32_t count) {
  return static_cast<uint32_t>((*random)() % count);
}

inline GraphShape MakeChain(uint32_t nodes) {
  GraphShape graph;
  for (uint32_t i = 0; i < nodes; ++i) graph.Follow(Numbered("relu_", i), "Relu");
  return graph;
}

/// Blocks one after the other, of five ops and two constants, with an edge around them: 1.14 edges a node.
inline GraphShape MakeResidual(uint32_t nodes) {
  constexpr const char* kOps[] = {"Conv2D", "BiasAdd", "Relu", "Conv2D", "AddV2"};
  GraphShape graph;
  uint32_t before = graph.Add("input", "Placeholder");
  for (uint32_t block = 0; graph.names.size() + 7 <= nodes; ++block) {
    const std::string scope = Numbered("model/block_", block) + '/';
    const uint32_t input = before;
    for (uint32_t i = 0; i < 5; ++i) {
      const uint32_t op = graph.Add(scope + Numbered(kOps[i], i), kOps[i]);
      graph.Connect(before, op);
      before = op;
      if (i % 3 == 0) graph.Connect(graph.Add(scope + Numbered("kernel_", i), "Const"), op);
    }
    graph.Connect(input, before);
  }
  return graph;
}

/// Layers of ten, of which each node has one or two inputs from the layer before, at random: 1.5 edges a
/// node.
inline GraphShape MakeLayered(uint32_t nodes) {
  constexpr uint32_t kWidth = 10;
  std::mt19937 random(1);
  GraphShape graph;
  for (uint32_t i = 0; i < nodes; ++i) {
    graph.Add(Numbered("layer_", i / kWidth) + Numbered("/op_", i % kWidth), "AddV2");
    if (i < kWidth) continue;
    const uint32_t inputs = 1 + Random(&random, 2);
    for (uint32_t k = 0; k < inputs; ++k)
      graph.Connect((i / kWidth - 1) * kWidth + Random(&random, kWidth), i);
  }
  return graph;
}

/// No namespaces: each op takes one to three of the fifty before it, one in twenty any.
inline GraphShape MakeFlat(uint32_t nodes) {
  std::mt19937 random(2);
  GraphShape graph;
  for (uint32_t i = 0; i < nodes; ++i) {
    graph.Add(Numbered("op_", i), "Mul");
    if (i == 0) continue;
    const uint32_t inputs = 1 + Random(&random, 3);
    for (uint32_t k = 0; k < inputs; ++k)
      graph.Connect(Random(&random, 20) == 0 ? Random(&random, i) : i - 1 - Random(&random, std::min(i, 50u)),
                    i);
  }
  return graph;
}

/// One op in each of so many namespaces, each inside of the one before.
inline GraphShape MakeDeep(uint32_t depth) {
  GraphShape graph;
  std::string scope;
  for (uint32_t i = 0; i < depth; ++i) {
    scope += Numbered("level_", i) + '/';
    graph.Follow(scope + "op", "Identity");
  }
  return graph;
}

/// Towers of blocks of layers, as graphs that train have them: 4.1 edges a node. With 160,000 nodes it is as
/// large as what TensorBoard took more than two minutes for (its pull request 4742).
inline GraphShape MakeTraining(uint32_t nodes) {
  constexpr uint32_t kInputs = 4;
  constexpr const char* kOps[] = {"MatMul", "BiasAdd", "Relu", "Mul", "AddV2", "Reshape", "Identity", "Cast"};
  std::mt19937 random(3);
  GraphShape graph;
  for (uint32_t i = 0; i < nodes; ++i) {
    const uint32_t in_block = i % 400;
    graph.Follow(Numbered("tower_", i / 40'000) + Numbered("/block_", i / 400 % 100) +
                     Numbered("/layer_", in_block / 40) + '/' + kOps[i % 8] + Numbered("_", in_block % 40),
                 kOps[i % 8]);
    for (uint32_t k = 1; k < kInputs && in_block > 0; ++k)
      graph.Connect(i - 1 - Random(&random, std::min(in_block, 60u)), i);
    if (in_block % 8 == 0 && i >= 400) graph.Connect(i - 400, i);
  }
  return graph;
}

/// All of it as one level, with boxes as wide as the last parts of the names.
inline LevelGraph ToLevel(const GraphShape& graph) {
  LevelGraph level;
  for (const auto& name : graph.names) {
    const auto letters = static_cast<double>(name.size() - (name.rfind('/') + 1));
    level.vertices.push_back({std::clamp(letters * 7 + 20, 48.0, 220.0), 20});
  }
  for (const auto& [from, to] : graph.edges) level.edges.push_back({from, to});
  return level;
}

/// As TensorFlow writes it.
inline std::string ToGraphDef(const GraphShape& graph) {
  using namespace testing;
  std::vector<std::string> inputs(graph.names.size());
  for (const auto& [from, to] : graph.edges) inputs[to] += BytesField(3, graph.names[from]);
  std::string bytes;
  for (size_t i = 0; i < graph.names.size(); ++i)
    bytes += BytesField(1, BytesField(1, graph.names[i]) + BytesField(2, graph.ops[i]) + inputs[i]);
  return bytes + BytesField(4, VarintField(1, 1882));
}

}  // namespace tensorpane::bench
