#include "graph/node_facts.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <unordered_set>

#include "base/json_writer.h"
#include "graph/attributes.h"
#include "graph/box_text.h"
#include "graph/colouring.h"
#include "graph/compare_graphs.h"
#include "graph/level.h"
#include "graph/outline.h"

namespace tensorpane {
namespace {

/// Lists of ports and of identical groups are cut after so many, those of what is inside after fewer.
constexpr size_t kMostPortsListed = 500, kMostInside = 50;

constexpr std::string_view kEdgeKinds[] = {"data", "control", "reference"};

/// One place, and what of it can be said in general.
class Facts {
 public:
  Facts(AllNames& names, std::string_view path, Place place)
      : names_(names),
        forest_(names.forest()),
        path_(path),
        place_(std::move(place)),
        body_(forest_.body(place_.body)),
        tree_(forest_.tree(place_.body)) {
    item_.node = place_.node;
    item_.role = place_.role;
    if (place_.stack) {
      item_.stack = place_.stack;
      item_.node = place_.stack->members.front();
      item_.kind = BoxKind::kStack;
    } else if (tree_.is_group(place_.node) || !forest_.calls_at(place_.body, place_.node).empty()) {
      item_.kind = BoxKind::kGroup;
    }
    const std::vector<TreeIndex> nodes = place_.stack ? place_.stack->members : std::vector{place_.node};
    for (const TreeIndex node : nodes) {
      const std::span<const NodeIndex> leaves = tree_.leaves(node);
      ops_.insert(ops_.end(), leaves.begin(), leaves.end());
    }
    if (!place_.stack && place_.role == Place::kNone) op_ = tree_.op(place_.node);
    // What a role or a call holds is of the body that it runs.
    inner_body_ = place_.body;
    inner_ops_ = ops_;
    const std::span<const GraphCall> calls = forest_.calls_at(place_.body, item_.node);
    const bool is_role = place_.role != Place::kNone;
    if (is_role || (!place_.stack && calls.size() == 1)) {
      inner_body_ = is_role ? body_.calls[place_.role].body : calls[0].body;
      const std::span<const NodeIndex> leaves = forest_.tree(inner_body_).leaves(kTreeRoot);
      inner_ops_.assign(leaves.begin(), leaves.end());
    }
  }

  std::string Json() {
    json_.BeginObject();
    const BoxText text = TextOf(forest_, place_.body, item_);
    Text("path", path_);
    Text("label", text.label);
    Text("kind", Name(item_.kind));
    Text("op", op_ == kNoNode ? std::string_view() : forest_.text(body_.ops[op_]));
    Text("device", Common(&GraphBody::devices));
    Text("cluster", Common(&GraphBody::clusters));
    WriteTotals();
    WriteIdentical();
    WritePorts();
    WriteOutputShapes();
    WriteAttributes();
    WriteInside();
    Text("difference", Name(DifferenceOf(forest_, place_.body, item_)));
    WriteChanges();
    json_.EndObject();
    return json_.Take();
  }

 private:
  struct Port {
    std::string path;
    EdgeKind kind;
    ShapeId shape;
    bool is_stub;
  };

  void Text(std::string_view key, std::string_view text) {
    json_.Key(key);
    json_.Text(text);
  }
  void Number(std::string_view key, double number) {
    json_.Key(key);
    json_.Double(number);
  }

  /// What all ops inside have; empty if they have not the same.
  std::string_view Common(const std::vector<TextId> GraphBody::*column) const {
    const std::vector<TextId>& texts = forest_.body(inner_body_).*column;
    if (inner_ops_.empty()) return {};
    const TextId first = texts[inner_ops_[0]];
    const bool is_common =
        std::all_of(inner_ops_.begin(), inner_ops_.end(), [&](NodeIndex op) { return texts[op] == first; });
    return is_common ? forest_.text(first) : std::string_view();
  }

  void WriteTotals() {
    Totals totals;
    const auto add = [](double more, double* sum) {
      if (!std::isnan(more)) *sum = std::isnan(*sum) ? more : *sum + more;
    };
    const auto add_all = [&](const Totals& more) {
      totals.ops += more.ops;
      add(more.micros, &totals.micros);
      add(more.memory, &totals.memory);
      add(more.parameters, &totals.parameters);
    };
    if (place_.role != Place::kNone) {
      add_all(forest_.totals(inner_body_, kTreeRoot));
    } else if (place_.stack) {
      for (const TreeIndex member : place_.stack->members) add_all(forest_.totals(place_.body, member));
    } else {
      add_all(forest_.totals(place_.body, place_.node));
    }
    Number("ops", std::min(totals.ops, kMostOps));
    Number("parameters", totals.parameters);
    Number("micros", totals.micros);
    Number("timeShare", totals.micros / forest_.totals(0, kTreeRoot).micros);
    Number("memory", totals.memory);
  }

  void WriteIdentical() {
    std::vector<std::string> paths;
    size_t count = 0;
    const Blocks& blocks = forest_.blocks();
    const BlockClass block =
        place_.role == Place::kNone && !place_.stack ? blocks.of(place_.body, place_.node) : kNoClass;
    if (block != kNoClass) {
      for (const Blocks::Member& member : blocks.members(block)) {
        if (member.body == place_.body && member.node == place_.node) continue;
        const std::string* prefix = names_.PrefixOf(member.body);
        if (prefix == nullptr) continue;
        ++count;
        if (paths.size() < kMostPortsListed) {
          paths.push_back(names_.PathOf({member.body, *prefix}, member.node));
        }
      }
    }
    json_.Key("identical");
    json_.BeginArray();
    for (const std::string& path : paths) json_.Text(path);
    json_.EndArray();
    Number("identicalCount", double(count));
  }

  std::string PathOf(NodeIndex op) const {
    std::string path = path_.substr(0, place_.prefix);
    tree_.AppendPath(tree_.of(op), &path);
    return path;
  }

  /// What goes in: of an op each input, of a group each tensor from outside once. What comes out: who
  /// consumes it, outside.
  void WritePorts() {
    std::vector<bool> is_inside(body_.size(), false);
    for (const NodeIndex op : ops_) is_inside[op] = true;
    const bool is_one = ops_.size() == 1;
    std::vector<Port> inputs, outputs, controls;
    size_t input_count = 0, output_count = 0, control_count = 0;
    const auto add = [](std::vector<Port>* ports, size_t* count, const auto& make) {
      if (++*count <= kMostPortsListed) ports->push_back(make());
    };
    std::set<std::pair<uint64_t, EdgeKind>> met_inputs;
    std::set<std::pair<NodeIndex, EdgeKind>> met_outputs;
    const Consumers& consumers = forest_.consumers(place_.body);
    for (const NodeIndex op : ops_) {
      for (uint32_t i = body_.input_begin[op]; i < body_.input_begin[op + 1]; ++i) {
        const GraphInput& input = body_.inputs[i];
        const bool is_stub = input.from == kNoNode;
        if (!is_one && !is_stub && is_inside[input.from]) continue;
        const uint64_t source =
            uint64_t{is_stub ? input.name : input.from} << 33 | uint64_t{is_stub} << 32 | input.port;
        if (!is_one && !met_inputs.insert({source, input.kind}).second) continue;
        const bool is_control = input.kind == EdgeKind::kControl;
        add(is_control ? &controls : &inputs, is_control ? &control_count : &input_count, [&] {
          if (is_stub) return Port{std::string(forest_.text(input.name)), input.kind, 0, true};
          return Port{PathOf(input.from), input.kind, is_control ? 0 : body_.ShapeOfInput(i), false};
        });
      }
      for (const Consumer& use : consumers.of(op)) {
        if (!is_one && is_inside[use.node]) continue;
        const GraphInput& input = body_.inputs[use.input];
        if (!met_outputs.insert({use.node, input.kind}).second) continue;
        add(&outputs, &output_count, [&] {
          const bool is_control = input.kind == EdgeKind::kControl;
          return Port{PathOf(use.node), input.kind, is_control ? 0 : body_.ShapeOfInput(use.input), false};
        });
      }
    }
    WritePortList("inputs", inputs);
    WritePortList("outputs", outputs);
    WritePortList("controls", controls);
    Number("inputCount", double(input_count));
    Number("outputCount", double(output_count));
    Number("controlCount", double(control_count));
  }

  std::string ShapeText(ShapeId shape) const {
    const TensorShape& of = forest_.graph().shapes[shape];
    std::string text(forest_.text(of.text));
    if (of.dtype != kNoText) text += (text.empty() ? "" : " ") + std::string(forest_.text(of.dtype));
    return text;
  }

  void WritePortList(std::string_view key, const std::vector<Port>& ports) {
    json_.Key(key);
    json_.BeginArray();
    for (const Port& port : ports) {
      json_.BeginObject();
      Text("path", port.path);
      Text("kind", kEdgeKinds[static_cast<size_t>(port.kind)]);
      Text("shape", ShapeText(port.shape));
      json_.Key("stub");
      json_.Bool(port.is_stub);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void WriteOutputShapes() {
    json_.Key("outputShapes");
    json_.BeginArray();
    if (op_ != kNoNode) {
      for (uint32_t i = body_.output_begin[op_]; i < body_.output_begin[op_ + 1]; ++i) {
        json_.Text(ShapeText(body_.outputs[i]));
      }
    }
    json_.EndArray();
  }

  void WriteAttributes() {
    json_.Key("attributes");
    json_.BeginArray();
    if (op_ != kNoNode) {
      for (const NodeAttribute& attribute : AttributesOf(forest_.graph(), body_, op_)) {
        json_.BeginObject();
        Text("name", attribute.name);
        Text("text", attribute.text);
        Number("size", double(attribute.size));
        json_.Key("cut");
        json_.Bool(attribute.cut);
        json_.EndObject();
      }
    }
    json_.EndArray();
  }

  void WriteChanges() {
    json_.Key("changes");
    json_.BeginArray();
    if (op_ != kNoNode && !body_.differences.empty()) {
      for (const std::string& change : ChangesOf(forest_.graph(), place_.body, op_)) json_.Text(change);
    }
    json_.EndArray();
  }

  /// Of a group whose times are known the ops that take longest, each; else how many there are of each type.
  void WriteInside() {
    struct Inside {
      std::string name;
      double count, micros;
    };
    std::vector<Inside> inside;
    if (item_.kind != BoxKind::kOp) {
      const GraphBody& body = forest_.body(inner_body_);
      const std::vector<double>& micros = body.compute_micros;
      std::vector<NodeIndex> timed;
      for (const NodeIndex op : inner_ops_) {
        if (!micros.empty() && !std::isnan(micros[op])) timed.push_back(op);
      }
      if (!timed.empty()) {
        const size_t shown = std::min(timed.size(), kMostInside);
        std::partial_sort(timed.begin(), timed.begin() + static_cast<ptrdiff_t>(shown), timed.end(),
                          [&micros](NodeIndex a, NodeIndex b) {
                            return micros[a] != micros[b] ? micros[a] > micros[b] : a < b;
                          });
        const Tree& tree = forest_.tree(inner_body_);
        const size_t folder = inner_body_ == place_.body && !place_.stack && place_.node != kTreeRoot
                                  ? tree.Path(place_.node).size() + 1
                                  : 0;
        for (size_t i = 0; i < shown; ++i) {
          const std::string path = tree.Path(tree.of(timed[i]));
          inside.push_back({folder < path.size() ? path.substr(folder) : path, 1, micros[timed[i]]});
        }
      } else {
        std::vector<TextId> types;
        for (const NodeIndex op : inner_ops_) types.push_back(body.ops[op]);
        std::sort(types.begin(), types.end());
        for (size_t i = 0, end; i < types.size(); i = end) {
          for (end = i; end < types.size() && types[end] == types[i];) ++end;
          inside.push_back({std::string(forest_.text(types[i])), double(end - i), NAN});
        }
        std::sort(inside.begin(), inside.end(), [](const Inside& a, const Inside& b) {
          return a.count != b.count ? a.count > b.count : a.name < b.name;
        });
        if (inside.size() > kMostInside) inside.resize(kMostInside);
      }
    }
    json_.Key("inside");
    json_.BeginArray();
    for (const Inside& one : inside) {
      json_.BeginObject();
      Text("name", one.name);
      Number("count", one.count);
      Number("micros", one.micros);
      json_.EndObject();
    }
    json_.EndArray();
  }

  AllNames& names_;
  Forest& forest_;
  std::string path_;
  Place place_;
  const GraphBody& body_;
  const Tree& tree_;
  LevelItem item_;
  std::vector<NodeIndex> ops_;  // of this body that it holds
  NodeIndex op_ = kNoNode;      // that it is
  uint32_t inner_body_ = 0;
  std::vector<NodeIndex> inner_ops_;  // what is inside, of a call what it runs
  JsonWriter json_;
};

}  // namespace

std::string NodeFactsJson(AllNames& names, std::string_view path) {
  std::optional<Place> place = FindPlace(names.forest(), path);
  if (!place || path.empty()) return "null";
  return Facts(names, path, std::move(*place)).Json();
}

std::string AttributeOf(Forest& forest, std::string_view path, std::string_view name) {
  const std::optional<Place> place = FindPlace(forest, path);
  if (!place || place->stack || place->role != Place::kNone) return {};
  const NodeIndex op = forest.tree(place->body).op(place->node);
  return op == kNoNode ? std::string() : AttributeText(forest.graph(), forest.body(place->body), op, name);
}

}  // namespace tensorpane
