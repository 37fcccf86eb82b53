#include "graph/graph_builder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace tensorpane {
namespace {

/// Ops whose outputs have names of their own, in the order of their registration
/// (tensorflow/core/ops/*_ops.cc): functions name outputs so, and a port counts within a name. Of other ops
/// the first name is taken for all there is.
struct OutputNames {
  std::string_view op;
  std::array<std::string_view, 6> names;
};
constexpr OutputNames kOutputNames[] = {
    {"BroadcastGradientArgs", {"r0", "r1"}},
    {"FusedBatchNorm", {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"}},
    {"FusedBatchNormV2", {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"}},
    {"FusedBatchNormV3",
     {"y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"}},
    {"FusedBatchNormGradV3",
     {"x_backprop", "scale_backprop", "offset_backprop", "reserve_space_4", "reserve_space_5"}},
    {"ListDiff", {"out", "idx"}},
    {"Merge", {"output", "value_index"}},
    {"SoftmaxCrossEntropyWithLogits", {"loss", "backprop"}},
    {"SparseSoftmaxCrossEntropyWithLogits", {"loss", "backprop"}},
    {"StatelessRandomGetKeyCounter", {"key", "counter"}},
    {"Switch", {"output_false", "output_true"}},
    {"TensorArrayV3", {"handle", "flow"}},
    {"TensorListPopBack", {"output_handle", "tensor"}},
    {"TopKV2", {"values", "indices"}},
    {"Unique", {"y", "idx"}},
    {"UniqueV2", {"y", "idx"}},
    {"UniqueWithCounts", {"y", "idx", "count"}},
};

/// How many outputs come before those called `output`.
uint32_t FirstPort(std::string_view op, std::string_view output) {
  for (const OutputNames& known : kOutputNames) {
    if (known.op != op) continue;
    const auto at = std::find(known.names.begin(), known.names.end(), output);
    if (at != known.names.end()) return static_cast<uint32_t>(at - known.names.begin());
  }
  return 0;
}

/// Ops of TensorFlow 1 that give a reference to a variable (state_ops.cc, control_flow_ops.cc).
constexpr std::string_view kGiveReferences[] = {
    "Variable",  "VariableV2", "TemporaryVariable", "AutoReloadVariable", "RefIdentity",      "RefSwitch",
    "RefMerge",  "RefEnter",   "RefExit",           "RefSelect",          "RefNextIteration", "Assign",
    "AssignAdd", "AssignSub"};

/// Whether input `i` of an op may be written to. TensorBoard counts input 0 of Assign*, Scatter* and
/// CountUpTo (tf_graph_common/graph.ts, refEdges); the optimizers' ops of TensorFlow 1 write to several
/// (training_ops.cc).
bool TakesReference(std::string_view op, size_t i) {
  if (op.starts_with("Apply") || op.starts_with("SparseApply") || op.starts_with("Ref")) return true;
  return i == 0 && (op.starts_with("Assign") || op.starts_with("Scatter") || op == "CountUpTo" ||
                    op == "DestroyTemporaryVariable");
}

}  // namespace

GraphBuilder::GraphBuilder(Graph* graph) : graph_(*graph), shapes_(graph) {}

bool GraphBuilder::BeginBody(TextId function) {
  if (graph_.bodies.size() == kMaxBodies) return false;
  graph_.bodies.emplace_back();
  body().function = function;
  return true;
}

bool GraphBuilder::BeginNode(std::string_view name, TextId op) {
  if (nodes_ == kMaxNodes) {
    // The first one is named; the others would fill the table of texts.
    Count(GraphFault::Kind::kTooMany, 1, too_many_ ? kNoText : Text(name));
    too_many_ = true;
    return false;
  }
  ++nodes_;
  GraphBody& body = this->body();
  const auto node = static_cast<NodeIndex>(body.size());
  const TextId unique = UniqueName(name);
  if (unique >= node_of_name_.size())
    node_of_name_.resize(std::max<size_t>(unique + 1, 2 * node_of_name_.size()), kNoNode);
  node_of_name_[unique] = node;
  body.names.push_back(unique);
  body.ops.push_back(op);
  body.devices.push_back(kNoText);
  body.clusters.push_back(kNoText);
  body.input_begin.push_back(static_cast<uint32_t>(body.inputs.size()));
  body.output_begin.push_back(static_cast<uint32_t>(body.outputs.size()));
  body.source_offset.push_back(0);
  body.source_length.push_back(0);
  return true;
}

TextId GraphBuilder::UniqueName(std::string_view name) {
  const auto taken = [this](TextId id) { return id < node_of_name_.size() && node_of_name_[id] != kNoNode; };
  const TextId id = Text(name.empty() ? "unnamed" : name);
  if (!taken(id)) return id;
  Count(GraphFault::Kind::kDuplicate, 1, id);
  uint32_t& count = duplicates_.try_emplace(id, 1).first->second;
  for (;;) {
    std::string other(graph_.texts[id]);
    other += "_(" + std::to_string(++count) + ")";
    const TextId unique = Text(other);
    if (!taken(unique)) return unique;
  }
}

void GraphBuilder::AddInput(std::string_view node, uint32_t port, EdgeKind kind, std::string_view output) {
  body().inputs.push_back({.port = port, .name = Text(node), .kind = kind});
  output_names_.resize(body().inputs.size() - 1, kNoText);
  output_names_.push_back(output.empty() ? kNoText : Text(output));
}

void GraphBuilder::AddInput(NodeIndex from, uint32_t port) {
  body().inputs.push_back({.from = from, .port = port});
}

void GraphBuilder::SetParameters(double parameters) {
  std::vector<double>& column = body().parameters;
  column.resize(body().size(), NAN);
  column.back() = parameters;
}

void GraphBuilder::EndBody() {
  GraphBody& body = this->body();
  body.input_begin.push_back(static_cast<uint32_t>(body.inputs.size()));
  body.output_begin.push_back(static_cast<uint32_t>(body.outputs.size()));
  if (!body.parameters.empty()) body.parameters.resize(body.size(), NAN);
  output_names_.resize(body.inputs.size(), kNoText);
  // torch leaves out the modules that parameters are taken of, but not the inputs that name them: of no
  // tensor (torch/utils/tensorboard/_pytorch_graph.py).
  const TextId parameter = graph_.texts.Find("prim::GetAttr");
  uint32_t left = 0;
  for (NodeIndex node = 0; node < body.size(); ++node) {
    const uint32_t begin = std::exchange(body.input_begin[node], left);
    for (uint32_t i = begin; i < body.input_begin[node + 1]; ++i) {
      GraphInput& input = body.inputs[left];
      input = body.inputs[i];
      if (input.from == kNoNode && input.name != kNoText) Resolve(output_names_[i], &input);
      if (input.from == kNoNode && parameter != kNoText && body.ops[node] == parameter) continue;
      if (input.from == kNoNode) Count(GraphFault::Kind::kDangling, 1, input.name);
      ++left;
    }
  }
  body.input_begin.back() = left;
  body.inputs.resize(left);
  MarkReferences();
  for (const TextId name : body.names) node_of_name_[name] = kNoNode;
  output_names_.clear();
  duplicates_.clear();
}

void GraphBuilder::Resolve(TextId output_name, GraphInput* input) const {
  const auto node_of = [this](TextId name) {
    return name < node_of_name_.size() ? node_of_name_[name] : kNoNode;
  };
  input->from = node_of(input->name);
  if (input->from == kNoNode && input->kind == EdgeKind::kData) {
    // Converters to ONNX call nodes "x:0", as TensorFlow calls tensors.
    const std::string tensor = std::string(graph_.texts[input->name]) + ':' + std::to_string(input->port);
    input->from = node_of(graph_.texts.Find(tensor));
    if (input->from != kNoNode) input->port = 0;
  }
  if (input->from == kNoNode) return;
  input->name = kNoText;
  if (output_name == kNoText) return;
  const GraphBody& body = graph_.bodies.back();
  input->port += FirstPort(graph_.texts[body.ops[input->from]], graph_.texts[output_name]);
}

void GraphBuilder::MarkReferences() {
  std::vector<TextId> givers;
  for (const std::string_view op : kGiveReferences) {
    if (const TextId id = graph_.texts.Find(op); id != kNoText) givers.push_back(id);
  }
  if (givers.empty()) return;
  GraphBody& body = this->body();
  for (NodeIndex node = 0; node < body.size(); ++node) {
    const uint32_t begin = body.input_begin[node], end = body.input_begin[node + 1];
    for (uint32_t i = begin; i < end; ++i) {
      GraphInput& input = body.inputs[i];
      if (input.kind != EdgeKind::kData || input.from == kNoNode) continue;
      const bool given = std::find(givers.begin(), givers.end(), body.ops[input.from]) != givers.end();
      if (given && TakesReference(graph_.texts[body.ops[node]], i - begin)) input.kind = EdgeKind::kReference;
    }
  }
}

ShapeTable::ShapeTable(Graph* graph) : graph_(*graph) {
  if (graph_.shapes.empty()) graph_.shapes.emplace_back();
  for (size_t i = 0; i < graph_.shapes.size(); ++i)
    ids_.emplace(KeyOf(graph_.shapes[i]), static_cast<ShapeId>(i));
}

ShapeId ShapeTable::Id(std::span<const int64_t> sizes, bool has_rank, TextId dtype) {
  constexpr size_t kShown = 32;  // of the dimensions; a tensor of TensorFlow has at most 254
  TensorShape shape{.text = kNoText, .dtype = dtype, .elements = 0};
  if (has_rank) {
    std::string text;
    shape.elements = 1;
    for (size_t i = 0; i < sizes.size(); ++i) {
      if (sizes[i] >= 0) shape.elements *= static_cast<double>(sizes[i]);
      if (i > kShown) continue;
      if (i > 0) text += "×";
      text += i == kShown ? "…" : sizes[i] < 0 ? "?" : std::to_string(sizes[i]);
    }
    shape.text = graph_.texts.Add(sizes.empty() ? kScalar : std::string_view(text));
  }
  return Id(shape);
}

ShapeId ShapeTable::Id(const TensorShape& shape) {
  const auto [at, is_new] = ids_.try_emplace(KeyOf(shape), static_cast<ShapeId>(graph_.shapes.size()));
  if (is_new) graph_.shapes.push_back(shape);
  return at->second;
}

void GraphBuilder::Count(GraphFault::Kind kind, double count, TextId example) {
  for (GraphFault& fault : graph_.faults) {
    if (fault.kind != kind) continue;
    fault.count += count;
    return;
  }
  graph_.faults.push_back({kind, count, example});
}

void GraphBuilder::Finish() {
  if (graph_.bodies[0].size() == 0) Count(GraphFault::Kind::kEmpty, 1);
  // One sentence each, in an order that does not depend on where they are.
  std::sort(graph_.faults.begin(), graph_.faults.end(),
            [](const GraphFault& a, const GraphFault& b) { return a.kind < b.kind; });
}

}  // namespace tensorpane
