#include "graph/graph_def_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "graph/data_type.h"
#include "graph/graph_fields.h"
#include "graph/message_fields.h"

namespace tensorpane {
namespace {

/// Attributes that name the type of an output, those that say it best first. Which of them an op has, and
/// what for, is known from tensorflow/core/ops/*_ops.cc; `Tidx` is the type of what Range gives.
constexpr std::array<std::string_view, 11> kTypeAttributes = {
    "output_types", "component_types", "Tout", "DstT",    "output_type",
    "out_type",     "dtype",           "T",    "Tparams", "type",
    "Tidx"};
constexpr size_t kTidx = kTypeAttributes.size() - 1;

/// Ops that have `T` and give bool (math_ops.cc).
bool GivesBool(std::string_view op) {
  constexpr std::string_view kOps[] = {"Equal",        "NotEqual", "Less",  "LessEqual", "Greater",
                                       "GreaterEqual", "IsNan",    "IsInf", "IsFinite",  "ApproximateEqual"};
  return std::find(std::begin(kOps), std::end(kOps), op) != std::end(kOps);
}

/// Ops all of whose outputs are of the one type that they name (array_ops.cc).
bool GivesOneType(std::string_view op) {
  constexpr std::string_view kOps[] = {"Split", "SplitV", "Unpack", "Unstack", "ShapeN", "ConcatOffset"};
  return std::find(std::begin(kOps), std::end(kOps), op) != std::end(kOps);
}

/// Ops whose `shape` is that of their output (array_ops.cc, state_ops.cc). torch's add_onnx_graph writes
/// "Variable" for what goes in and out.
bool GivesItsShape(std::string_view op) {
  return op == "Placeholder" || op == "PlaceholderV2" || op == "Variable" || op == "VariableV2";
}

bool HoldsParameters(std::string_view op) {
  // "Variable", their predecessor, is what torch writes for the inputs of an ONNX graph.
  return op == "VarHandleOp" || op == "VariableV2" || op == "AutoReloadVariable";
}

bool IsDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

uint32_t PortOf(std::string_view digits) {
  uint32_t port = 0;
  for (const char c : digits.substr(0, 9)) port = port * 10 + static_cast<uint32_t>(c - '0');
  return port;
}

}  // namespace

struct GraphDefReader::NodeFields {
  std::string_view name, op, device;
  std::vector<std::string_view> inputs;
  Bytes output_shapes, shape, value, cluster;                   // AttrValues
  std::array<Bytes, kTypeAttributes.size()> types;              // AttrValues
  std::vector<std::pair<std::string, std::string_view>> calls;  // role, function
};

GraphDefReader::GraphDefReader(Graph* graph) : graph_(*graph), builder_(graph) {
  builder_.BeginBody();
  part_of_body_.push_back(0);
}

void GraphDefReader::BeginGraph(std::string_view prefix) {
  Part& part = parts_.emplace_back();
  part.prefix = prefix;
  if (!prefix.empty()) part.function_prefix = std::string(prefix.substr(0, prefix.size() - 1)) + '_';
  part.first_node = static_cast<NodeIndex>(builder_.body().size());
  part_ = &part;
}

void GraphDefReader::Add(Bytes graph_def) {
  Malformed(ReadBytesFields(graph_def, [this](uint32_t number, Bytes content) {
    if (number == fields::kGraphNode) {
      AddNode(content, false);
    } else if (number == fields::kGraphLibrary) {
      parts_.back().libraries.push_back(content);
    } else if (number == fields::kGraphVersions) {
      producer_ = std::max(producer_,
                           static_cast<int32_t>(LastNumber(content, fields::kVersionsProducer).value_or(0)));
    }
  }));
}

void GraphDefReader::Malformed(uint64_t bytes) {
  if (bytes > 0) builder_.Count(GraphFault::Kind::kMalformed, static_cast<double>(bytes));
}

std::string_view GraphDefReader::Prefixed(std::string_view prefix, std::string_view name) {
  if (prefix.empty()) return name;
  prefixed_ = prefix;
  prefixed_ += name;
  return prefixed_;
}

void GraphDefReader::AddNode(Bytes node, bool in_function) {
  NodeFields read;
  Malformed(ReadBytesFields(node, [&](uint32_t number, Bytes content) {
    switch (number) {
      case fields::kNodeName:
        read.name = AsText(content);
        break;
      case fields::kNodeOp:
        read.op = AsText(content);
        break;
      case fields::kNodeInput:
        read.inputs.push_back(AsText(content));
        break;
      case fields::kNodeDevice:
        read.device = AsText(content);
        break;
      case fields::kNodeAttr:
        AddAttribute(content, &read);
        break;
      default:
        break;
    }
  }));
  const std::string_view prefix = in_function ? std::string_view() : part_->prefix;
  if (!builder_.BeginNode(Prefixed(read.name.empty() ? std::string_view() : prefix, read.name),
                          builder_.Text(read.op))) {
    return;
  }
  GraphBody& body = builder_.body();
  body.devices.back() = builder_.Text(read.device);
  body.clusters.back() = builder_.Text(AsText(LastBytes(read.cluster, fields::kAttrText)));
  body.source_offset.back() = static_cast<uint64_t>(node.data() - graph_.source.data());
  body.source_length.back() = static_cast<uint32_t>(node.size());
  for (const std::string_view input : read.inputs) AddInput(input, in_function);
  AddOutputs(read);
  AddParameters(read);
  for (const auto& [role, function] : read.calls) {
    named_calls_.push_back({static_cast<uint32_t>(graph_.bodies.size() - 1),
                            static_cast<NodeIndex>(body.size() - 1),
                            builder_.Text(Prefixed(part_->function_prefix, function)), builder_.Text(role)});
  }
}

void GraphDefReader::AddInput(std::string_view input, bool in_function) {
  EdgeKind kind = EdgeKind::kData;
  if (input.starts_with('^')) {
    kind = EdgeKind::kControl;
    input.remove_prefix(1);
  }
  // "name", "name:1", and in functions "name:output:1"; as TensorBoard reads them (tf_graph_common/graph.ts,
  // INPUT_NAME_PART_MATCHER). Other colons are of the name.
  std::string_view output;
  uint32_t port = 0;
  if (const size_t colon = input.find(':'); kind == EdgeKind::kData && colon != std::string_view::npos) {
    const std::string_view behind = input.substr(colon + 1);
    const size_t second = behind.find(':');
    const bool named = second != std::string_view::npos;
    const std::string_view digits = named ? behind.substr(second + 1) : behind;
    if (IsDigits(digits) && (!named || IsWord(behind.substr(0, second)))) {
      if (named) output = behind.substr(0, second);
      port = PortOf(digits);
      input = input.substr(0, colon);
    }
  }
  builder_.AddInput(Prefixed(in_function ? std::string_view() : part_->prefix, input), port, kind, output);
}

void GraphDefReader::AddAttribute(Bytes entry, NodeFields* read) {
  std::string_view key;
  Bytes value;
  Malformed(ReadBytesFields(entry, [&](uint32_t number, Bytes content) {
    if (number == fields::kEntryKey) key = AsText(content);
    if (number == fields::kEntryValue) value = content;
  }));
  if (key == "_output_shapes") {
    read->output_shapes = value;
  } else if (key == "shape") {
    read->shape = value;
  } else if (key == "value") {
    read->value = value;
  } else if (key == "_XlaCluster") {
    read->cluster = value;
  }
  const auto type = std::find(kTypeAttributes.begin(), kTypeAttributes.end(), key);
  if (type != kTypeAttributes.end()) read->types[static_cast<size_t>(type - kTypeAttributes.begin())] = value;
  AddCalls(key, value, read);
}

void GraphDefReader::AddCalls(std::string_view key, Bytes value, NodeFields* read) const {
  // An AttrValue holds one field, and a list holds values of one kind: the first byte, the tag, says which.
  constexpr auto tag = [](uint32_t number) { return static_cast<uint8_t>(number << 3 | 2); };
  const auto add = [read](std::string role, Bytes function) {
    const std::string_view name = AsText(LastBytes(function, fields::kFuncName));
    if (!name.empty()) read->calls.emplace_back(std::move(role), name);
  };
  if (value.empty()) return;
  if (value[0] == tag(fields::kAttrFunc)) {
    add(std::string(key), LastBytes(value, fields::kAttrFunc));
  } else if (value[0] == tag(fields::kAttrList)) {
    const Bytes list = LastBytes(value, fields::kAttrList);
    if (list.empty() || list[0] != tag(fields::kListFunc)) return;
    size_t index = 0;
    ForEachBytesField(list, [&](uint32_t number, Bytes content) {
      if (number == fields::kListFunc) add(std::string(key) + '_' + std::to_string(index++), content);
      return true;
    });
  }
}

TextId GraphDefReader::TypeText(uint64_t type) {
  constexpr size_t kKept = 256;
  if (type >= kKept) return builder_.Text(DataTypeName(type));
  if (type_texts_.empty()) type_texts_.resize(kKept, kNoText);
  TextId& text = type_texts_[static_cast<size_t>(type)];
  if (text == kNoText && type != 0) text = builder_.Text(DataTypeName(type));
  return text;
}

TextId GraphDefReader::OutputType(const NodeFields& read, size_t output, size_t outputs) {
  if (GivesBool(read.op)) return TypeText(kBoolType);
  if (read.op == "VarHandleOp") return TypeText(kResourceType);
  for (size_t i = 0; i < read.types.size(); ++i) {
    if (read.types[i].empty() || (i == kTidx && read.op != "Range")) continue;
    if (const auto type = LastNumber(read.types[i], fields::kAttrType)) {
      return output == 0 || GivesOneType(read.op) ? TypeText(*type) : kNoText;
    }
    // A list has a type for each output; one that is as long as the inputs may be of these.
    const std::vector<uint64_t> types = TypesOfList(LastBytes(read.types[i], fields::kAttrList));
    if (types.size() == outputs && output < types.size()) return TypeText(types[output]);
  }
  return kNoText;
}

void GraphDefReader::AddShape(Bytes shape, TextId dtype, bool from_onnx) {
  std::vector<int64_t> sizes;
  const bool has_rank = ReadShape(shape, &sizes);
  // torch's add_onnx_graph writes no size for one that has a name instead (_onnx_graph.py).
  if (from_onnx) std::replace(sizes.begin(), sizes.end(), int64_t{0}, int64_t{-1});
  builder_.AddOutput(builder_.Shape(sizes, has_rank, dtype));
}

void GraphDefReader::AddOutputs(const NodeFields& read) {
  if (const Bytes list = LastBytes(read.output_shapes, fields::kAttrList); !list.empty()) {
    std::vector<Bytes> shapes;
    ForEachBytesField(list, [&shapes](uint32_t number, Bytes content) {
      if (number == fields::kListShape) shapes.push_back(content);
      return true;
    });
    for (size_t i = 0; i < shapes.size(); ++i) AddShape(shapes[i], OutputType(read, i, shapes.size()));
  } else if (read.op == "Const") {
    const Bytes tensor = LastBytes(read.value, fields::kAttrTensor);
    const auto type = LastNumber(tensor, fields::kTensorDtype);
    if (type) AddShape(LastBytes(tensor, fields::kTensorShape), TypeText(*type));
  } else if (!read.shape.empty() && GivesItsShape(read.op)) {
    AddShape(LastBytes(read.shape, fields::kAttrShape), OutputType(read, 0, 1), read.op == "Variable");
  }
}

void GraphDefReader::AddParameters(const NodeFields& read) {
  // A parameter of torch is a node of its own in what versions before 1.4 wrote (_pytorch_graph.py).
  Bytes shape;
  if (HoldsParameters(read.op) && !read.shape.empty()) {
    shape = LastBytes(read.shape, fields::kAttrShape);
  } else if (read.op == "Parameter" && !read.output_shapes.empty()) {
    shape = LastBytes(LastBytes(read.output_shapes, fields::kAttrList), fields::kListShape);
  } else {
    return;
  }
  std::vector<int64_t> sizes;
  double parameters = ReadShape(shape, &sizes) ? 1 : NAN;
  for (const int64_t size : sizes) parameters *= size < 0 ? NAN : static_cast<double>(size);
  builder_.SetParameters(parameters);
}

void GraphDefReader::AddLibrary(Bytes library) {
  Malformed(ReadBytesFields(library, [this](uint32_t number, Bytes content) {
    if (number == fields::kLibraryFunction) AddFunction(content);
  }));
}

void GraphDefReader::AddFunction(Bytes function) {
  const Bytes signature = LastBytes(function, fields::kFunctionSignature);
  const TextId name =
      builder_.Text(Prefixed(part_->function_prefix, AsText(LastBytes(signature, fields::kOpDefName))));
  if (!builder_.BeginBody(name)) {
    builder_.Count(GraphFault::Kind::kTooMany, 1, name);
    return;
  }
  const auto index = static_cast<uint32_t>(graph_.bodies.size() - 1);
  functions_.emplace(name, index);
  part_of_body_.push_back(static_cast<uint32_t>(part_ - parts_.data()));

  // Shapes of arguments: arg_attr is map<uint32, ArgAttrs{map<string, AttrValue> attr = 1}>.
  std::unordered_map<uint64_t, Bytes> argument_shapes;
  ForEachBytesField(function, [&argument_shapes](uint32_t number, Bytes entry) {
    if (number != fields::kFunctionArgAttr) return true;
    const Bytes attributes = LastBytes(entry, fields::kEntryValue);
    ForEachBytesField(attributes, [&](uint32_t, Bytes attribute) {
      if (AsText(LastBytes(attribute, fields::kEntryKey)) == "_output_shapes") {
        const Bytes list = LastBytes(LastBytes(attribute, fields::kEntryValue), fields::kAttrList);
        argument_shapes[LastNumber(entry, fields::kEntryKey).value_or(0)] =
            LastBytes(list, fields::kListShape);
      }
      return true;
    });
    return true;
  });

  std::vector<std::string_view> outputs;
  size_t argument = 0;
  ForEachBytesField(signature, [&](uint32_t number, Bytes content) {
    const std::string_view arg_name = AsText(LastBytes(content, fields::kArgName));
    if (number == fields::kOpDefOutputArg) outputs.push_back(arg_name);
    if (number != fields::kOpDefInputArg) return true;
    if (!builder_.BeginNode(arg_name, builder_.Text("_Arg"))) return true;
    const TextId type = TypeText(LastNumber(content, fields::kArgType).value_or(0));
    const auto shape = argument_shapes.find(argument++);
    if (shape != argument_shapes.end()) {
      AddShape(shape->second, type);
    } else if (type != kNoText) {
      builder_.AddOutput(builder_.Shape({}, false, type));
    }
    return true;
  });
  Malformed(ReadBytesFields(function, [this](uint32_t number, Bytes content) {
    if (number == fields::kFunctionNode) AddNode(content, true);
  }));
  AddResults(function, outputs);
  builder_.EndBody();
}

void GraphDefReader::AddResults(Bytes function, const std::vector<std::string_view>& outputs) {
  std::unordered_map<std::string_view, std::string_view> results;
  std::vector<std::string_view> controls;
  ForEachBytesField(function, [&](uint32_t number, Bytes entry) {
    const std::string_view value = AsText(LastBytes(entry, fields::kEntryValue));
    if (number == fields::kFunctionRet) results[AsText(LastBytes(entry, fields::kEntryKey))] = value;
    if (number == fields::kFunctionControlRet) controls.push_back(value);
    return true;
  });
  for (const std::string_view output : outputs) {
    // A node of the function may have the name too, then this one is another.
    if (!builder_.BeginNode(output, builder_.Text("_Retval"))) return;
    const auto result = results.find(output);
    if (result != results.end()) AddInput(result->second, true);
  }
  if (controls.empty() || !builder_.BeginNode("output_control_node", builder_.Text("NoOp"))) return;
  for (const std::string_view node : controls) builder_.AddInput(node, 0, EdgeKind::kControl);
}

void GraphDefReader::ResolveOps(uint32_t body, NodeIndex begin, NodeIndex end, const Part& part) {
  std::unordered_map<TextId, uint32_t> known;  // body of an op, 0 = none
  for (NodeIndex node = begin; node < end; ++node) {
    const TextId op = graph_.bodies[body].ops[node];
    const auto [at, is_new] = known.try_emplace(op, 0);
    if (is_new && op != kNoText) {
      const TextId function = graph_.texts.Find(Prefixed(part.function_prefix, graph_.texts[op]));
      const auto found = functions_.find(function);
      if (function != kNoText && found != functions_.end()) at->second = found->second;
    }
    if (at->second != 0) graph_.bodies[body].calls.push_back({node, at->second, kNoText});
  }
}

void GraphDefReader::ResolveCalls() {
  if (!functions_.empty()) {
    for (size_t i = 0; i < parts_.size(); ++i) {
      const auto end = static_cast<NodeIndex>(graph_.bodies[0].size());
      ResolveOps(0, parts_[i].first_node, i + 1 < parts_.size() ? parts_[i + 1].first_node : end, parts_[i]);
    }
    for (uint32_t body = 1; body < graph_.bodies.size(); ++body) {
      ResolveOps(body, 0, static_cast<NodeIndex>(graph_.bodies[body].size()), parts_[part_of_body_[body]]);
    }
  }
  for (const NamedCall& call : named_calls_) {
    const auto found = functions_.find(call.function);
    if (found == functions_.end()) {
      builder_.Count(GraphFault::Kind::kNoSuchFunction, 1, call.function);
    } else {
      graph_.bodies[call.body].calls.push_back({call.node, found->second, call.role});
    }
  }
  for (GraphBody& body : graph_.bodies) {
    std::stable_sort(body.calls.begin(), body.calls.end(),
                     [](const GraphCall& a, const GraphCall& b) { return a.node < b.node; });
  }
}

void GraphDefReader::Finish(uint64_t unread) {
  Malformed(unread);
  builder_.EndBody();
  for (const Part& part : parts_) {
    part_ = &part;
    for (const Bytes library : part.libraries) AddLibrary(library);
  }
  ResolveCalls();
  const auto& texts = graph_.texts;
  const auto& ops = graph_.bodies[0].ops;
  const bool torch = std::any_of(ops.begin(), ops.end(), [&texts](TextId op) {
    return texts[op].starts_with("aten::") || texts[op].starts_with("prim::");
  });
  // torch and tensorboardX write 22, also of what is no graph of torch.
  constexpr int32_t kTorch = 22;
  if (torch) {
    graph_.producer = "PyTorch";
  } else if (producer_ > 0 && producer_ != kTorch) {
    graph_.producer = "TensorFlow graph version " + std::to_string(producer_);
  }
  builder_.Finish();
}

Graph ReadGraphDef(std::vector<uint8_t> graph_def) {
  Graph graph;
  graph.source = std::move(graph_def);
  GraphDefReader reader(&graph);
  reader.BeginGraph("");
  reader.Add(graph.source);
  reader.Finish();
  return graph;
}

}  // namespace tensorpane
