#include "graph/compare_graphs.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/json_tree.h"
#include "base/utf8.h"
#include "graph/attributes.h"
#include "graph/graph_builder.h"
#include "graph/graph_fields.h"
#include "graph/message_fields.h"

namespace tensorpane {
namespace {

constexpr uint32_t kNoBody = UINT32_MAX;

/// The name of a function without its last number.
std::string_view StemOf(std::string_view name) {
  size_t end = name.size();
  while (end > 0 && name[end - 1] >= '0' && name[end - 1] <= '9') --end;
  return end > 1 && end < name.size() && name[end - 1] == '_' ? name.substr(0, end - 1) : name;
}

/// For each body of `before` the one of `after` that it is, or kNoBody.
std::vector<uint32_t> MatchBodies(const Graph& before, const Graph& after) {
  std::vector<uint32_t> matches(before.bodies.size(), kNoBody);
  std::vector<bool> taken(after.bodies.size(), false);
  const auto take = [&](size_t body, uint32_t match) {
    matches[body] = match;
    taken[match] = true;
  };
  take(0, 0);
  std::unordered_map<std::string_view, uint32_t> by_name;
  for (uint32_t i = 1; i < after.bodies.size(); ++i)
    by_name.emplace(after.texts[after.bodies[i].function], i);
  for (size_t i = 1; i < before.bodies.size(); ++i) {
    const auto found = by_name.find(before.texts[before.bodies[i].function]);
    if (found != by_name.end() && !taken[found->second]) take(i, found->second);
  }
  // Those that are left, in their order, back to front to be taken from the end.
  std::unordered_map<std::string_view, std::vector<uint32_t>> by_stem;
  for (auto i = static_cast<uint32_t>(after.bodies.size()); i-- > 1;) {
    if (!taken[i]) by_stem[StemOf(after.texts[after.bodies[i].function])].push_back(i);
  }
  for (size_t i = 1; i < before.bodies.size(); ++i) {
    if (matches[i] != kNoBody) continue;
    const auto found = by_stem.find(StemOf(before.texts[before.bodies[i].function]));
    if (found == by_stem.end() || found->second.empty()) continue;
    take(i, found->second.back());
    found->second.pop_back();
  }
  return matches;
}

Bytes SourceOf(const Graph& graph, const GraphBody& body, NodeIndex node) {
  return Bytes(graph.source).subspan(static_cast<size_t>(body.source_offset[node]), body.source_length[node]);
}

/// Whether an attribute of an op counts.
bool Counts(std::string_view name) { return !name.starts_with('_') || name == "_output_shapes"; }

/// An AttrValue whose functions are named by their stems. The first byte, the tag, says what it is.
std::string Comparable(Bytes value) {
  const auto is = [](Bytes message, uint32_t field) {
    return !message.empty() && message[0] == (field << 3 | 2);
  };
  const Bytes list = is(value, fields::kAttrList) ? LastBytes(value, fields::kAttrList) : Bytes();
  const bool function = is(value, fields::kAttrFunc), functions = is(list, fields::kListFunc);
  if (!function && !functions) return std::string(AsText(value));
  std::string names;
  ForEachBytesField(function ? value : list, [&names](uint32_t, Bytes content) {
    names += StemOf(AsText(LastBytes(content, fields::kFuncName)));
    names += '\0';
    return true;
  });
  return names;
}

/// What of a node's attributes is compared, by name.
std::map<std::string, std::string> ComparableAttributes(Graph::Form form, Bytes source) {
  std::map<std::string, std::string> attributes;
  if (form == Graph::Form::kLayers) {
    for (auto& [name, text] : LayerConfig(source)) attributes[name] = std::move(text);
    return attributes;
  }
  ForEachBytesField(source, [&attributes](uint32_t number, Bytes entry) {
    const std::string_view name = AsText(LastBytes(entry, fields::kEntryKey));
    if (number == fields::kNodeAttr && Counts(name)) {
      attributes[std::string(name)] = Comparable(LastBytes(entry, fields::kEntryValue));
    }
    return true;
  });
  return attributes;
}

bool SameAttributes(Graph::Form form, Bytes before, Bytes after) {
  if (std::equal(before.begin(), before.end(), after.begin(), after.end())) return true;
  return ComparableAttributes(form, before) == ComparableAttributes(form, after);
}

bool SameEdge(const GraphInput& a, const GraphInput& b) {
  return a.from == b.from && a.port == b.port && a.name == b.name && a.kind == b.kind;
}

class Comparer {
 public:
  Comparer(const Graph& before, const Graph& after)
      : before_{before, TextsOf(before), {}, after.source.size()},
        after_{after, TextsOf(after), {}, 0},
        shapes_(graph_.get()) {}

  std::unique_ptr<Graph> Compare() {
    const Graph& before = before_.graph;
    const Graph& after = after_.graph;
    graph_->form = after.form;
    graph_->producer = after.producer;
    graph_->source = after.source;
    graph_->source.insert(graph_->source.end(), before.source.begin(), before.source.end());

    const std::vector<uint32_t> matches = MatchBodies(before, after);
    std::vector<uint32_t> match_of(after.bodies.size(), kNoBody);
    after_.bodies.resize(after.bodies.size());
    for (uint32_t i = 0; i < after.bodies.size(); ++i) after_.bodies[i] = i;
    auto bodies = static_cast<uint32_t>(after.bodies.size());
    for (uint32_t i = 0; i < matches.size(); ++i) {
      if (matches[i] != kNoBody) match_of[matches[i]] = i;
      before_.bodies.push_back(matches[i] != kNoBody ? matches[i] : bodies++);
    }
    for (uint32_t i = 0; i < after.bodies.size(); ++i) {
      CompareBody(match_of[i] == kNoBody ? nullptr : &before.bodies[match_of[i]], &after.bodies[i]);
    }
    for (size_t i = 0; i < matches.size(); ++i) {
      if (matches[i] == kNoBody) CompareBody(&before.bodies[i], nullptr);
    }
    return std::move(graph_);
  }

 private:
  /// One of the two graphs.
  struct Side {
    const Graph& graph;
    std::vector<TextId> texts;     // what its texts are in the new graph
    std::vector<uint32_t> bodies;  // what its bodies are there
    uint64_t source_begin;         // where its source is there
    const GraphBody* body = nullptr;
    std::vector<NodeIndex> nodes = {};  // what the nodes of the body are there
  };

  std::vector<TextId> TextsOf(const Graph& graph) {
    std::vector<TextId> texts;
    for (size_t i = 0; i < graph.texts.size(); ++i)
      texts.push_back(graph_->texts.Add(graph.texts[static_cast<TextId>(i)]));
    return texts;
  }

  void CompareBody(const GraphBody* before, const GraphBody* after) {
    GraphBody& body = graph_->bodies.emplace_back();
    before_.body = before;
    after_.body = after;
    body.function = after != nullptr ? after_.texts[after->function] : before_.texts[before->function];
    Order(&body);
    const bool parameters = (before != nullptr && !before->parameters.empty()) ||
                            (after != nullptr && !after->parameters.empty());
    const bool profile = (before != nullptr && !before->compute_micros.empty()) ||
                         (after != nullptr && !after->compute_micros.empty());
    const auto size = order_.size();
    if (parameters) body.parameters.assign(size, NAN);
    if (profile) {
      body.compute_micros.assign(size, NAN);
      body.memory_bytes.assign(size, NAN);
    }
    for (const auto& [b, a] : order_) AddNode(b, a, &body);
    body.input_begin.push_back(static_cast<uint32_t>(body.inputs.size()));
    body.output_begin.push_back(static_cast<uint32_t>(body.outputs.size()));
    AddCalls(&body);
  }

  /// Decides which nodes there are, and in which order.
  void Order(GraphBody* body) {
    const size_t before = before_.body == nullptr ? 0 : before_.body->size();
    const size_t after = after_.body == nullptr ? 0 : after_.body->size();
    node_of_name_.resize(graph_->texts.size(), kNoNode);
    for (NodeIndex a = 0; a < after; ++a) node_of_name_[after_.texts[after_.body->names[a]]] = a;
    // Nodes that were removed, each behind the last one before it that was not.
    std::vector<std::pair<NodeIndex, NodeIndex>> removed;  // 1 + that in `after`, itself in `before`
    std::vector<NodeIndex> match(after, kNoNode);
    NodeIndex place = 0;
    for (NodeIndex b = 0; b < before; ++b) {
      const NodeIndex a = node_of_name_[before_.texts[before_.body->names[b]]];
      if (a == kNoNode) {
        removed.emplace_back(place, b);
      } else {
        match[a] = b;
        place = a + 1;
      }
    }
    for (NodeIndex a = 0; a < after; ++a) node_of_name_[after_.texts[after_.body->names[a]]] = kNoNode;
    std::stable_sort(removed.begin(), removed.end(),
                     [](const auto& x, const auto& y) { return x.first < y.first; });

    order_.clear();
    before_.nodes.assign(before, kNoNode);
    after_.nodes.assign(after, kNoNode);
    const auto add = [&](NodeIndex b, NodeIndex a) {
      const auto node = static_cast<NodeIndex>(order_.size());
      if (b != kNoNode) before_.nodes[b] = node;
      if (a != kNoNode) after_.nodes[a] = node;
      body->names.push_back(a != kNoNode ? after_.texts[after_.body->names[a]]
                                         : before_.texts[before_.body->names[b]]);
      order_.emplace_back(b, a);
    };
    auto next = removed.begin();
    for (NodeIndex a = 0; a <= after; ++a) {
      for (; next != removed.end() && next->first == a; ++next) add(next->second, kNoNode);
      if (a < after) add(match[a], a);
    }
  }

  void AddNode(NodeIndex b, NodeIndex a, GraphBody* body) {
    const Side& side = a != kNoNode ? after_ : before_;
    const NodeIndex node = a != kNoNode ? a : b;
    const GraphBody& from = *side.body;
    const size_t index = body->ops.size();
    body->ops.push_back(side.texts[from.ops[node]]);
    body->devices.push_back(side.texts[from.devices[node]]);
    body->clusters.push_back(side.texts[from.clusters[node]]);
    body->source_offset.push_back(from.source_offset[node] + side.source_begin);
    body->source_length.push_back(from.source_length[node]);
    body->output_begin.push_back(static_cast<uint32_t>(body->outputs.size()));
    for (uint32_t i = from.output_begin[node]; i < from.output_begin[node + 1]; ++i) {
      body->outputs.push_back(ShapeIn(side, from.outputs[i]));
    }
    if (!from.parameters.empty()) body->parameters[index] = from.parameters[node];
    if (!from.compute_micros.empty()) {
      body->compute_micros[index] = from.compute_micros[node];
      body->memory_bytes[index] = from.memory_bytes[node];
    }
    const bool both = a != kNoNode && b != kNoNode;
    body->before_offset.push_back(both ? before_.body->source_offset[b] + before_.source_begin : 0);
    body->before_length.push_back(both ? before_.body->source_length[b] : 0);
    const bool same_inputs = AddInputs(b, a, body);
    if (!both) {
      body->differences.push_back(a != kNoNode ? Difference::kAdded : Difference::kRemoved);
      return;
    }
    const bool same = same_inputs && before_.texts[before_.body->ops[b]] == body->ops.back() &&
                      before_.texts[before_.body->devices[b]] == body->devices.back() &&
                      SameAttributes(graph_->form, SourceOf(before_.graph, *before_.body, b),
                                     SourceOf(after_.graph, *after_.body, a));
    body->differences.push_back(same ? Difference::kSame : Difference::kChanged);
  }

  ShapeId ShapeIn(const Side& side, ShapeId of_side) {
    TensorShape shape = side.graph.shapes[of_side];
    shape.text = side.texts[shape.text];
    shape.dtype = side.texts[shape.dtype];
    return shapes_.Id(shape);
  }

  static std::vector<GraphInput> InputsOf(const Side& side, NodeIndex node) {
    std::vector<GraphInput> inputs;
    if (node == kNoNode) return inputs;
    for (uint32_t i = side.body->input_begin[node]; i < side.body->input_begin[node + 1]; ++i) {
      GraphInput& input = inputs.emplace_back(side.body->inputs[i]);
      if (input.from != kNoNode) input.from = side.nodes[input.from];
      input.name = side.texts[input.name];
    }
    return inputs;
  }

  /// Returns whether both have the same.
  bool AddInputs(NodeIndex b, NodeIndex a, GraphBody* body) {
    body->input_begin.push_back(static_cast<uint32_t>(body->inputs.size()));
    std::vector<GraphInput> before = InputsOf(before_, b), after = InputsOf(after_, a);
    const bool same = std::equal(before.begin(), before.end(), after.begin(), after.end(), SameEdge);
    if (!same) {
      std::vector<GraphInput*> left;
      for (GraphInput& input : before) left.push_back(&input);
      const auto less = [](const GraphInput* x, const GraphInput* y) {
        return std::tuple(x->from, x->port, x->name, x->kind) <
               std::tuple(y->from, y->port, y->name, y->kind);
      };
      std::stable_sort(left.begin(), left.end(), less);
      // Each edge of one graph stands for one of the other; those of `before` that none does were removed.
      std::vector<uint32_t> used(left.size(), 0);  // of equal ones, at the first of them
      for (GraphInput& input : before) input.difference = Difference::kRemoved;
      for (GraphInput& input : after) {
        const auto [begin, end] = std::equal_range(left.begin(), left.end(), &input, less);
        if (begin == end || used[static_cast<size_t>(begin - left.begin())] == end - begin) {
          input.difference = Difference::kAdded;
        } else {
          begin[used[static_cast<size_t>(begin - left.begin())]++]->difference = Difference::kSame;
        }
      }
      for (uint32_t i = 0; i < before.size(); ++i) {
        if (before[i].difference != Difference::kRemoved) continue;
        if (before[i].from != kNoNode) {
          const ShapeId shape = before_.body->ShapeOfInput(before_.body->input_begin[b] + i);
          body->removed_shapes[static_cast<uint32_t>(body->inputs.size() + after.size())] =
              ShapeIn(before_, shape);
        }
        after.push_back(before[i]);
      }
    }
    body->inputs.insert(body->inputs.end(), after.begin(), after.end());
    return same;
  }

  void AddCalls(GraphBody* body) {
    for (const Side* side : {&after_, &before_}) {
      if (side->body == nullptr) continue;
      for (const GraphCall& call : side->body->calls) {
        const NodeIndex node = side->nodes[call.node];
        // A node of both calls what it does now.
        if (side == &before_ && order_[node].second != kNoNode) continue;
        body->calls.push_back({node, side->bodies[call.body], side->texts[call.role]});
      }
    }
    std::stable_sort(body->calls.begin(), body->calls.end(),
                     [](const GraphCall& x, const GraphCall& y) { return x.node < y.node; });
  }

  std::unique_ptr<Graph> graph_ = std::make_unique<Graph>();
  Side before_, after_;
  ShapeTable shapes_;
  std::vector<NodeIndex> node_of_name_;                 // in `after`, by text
  std::vector<std::pair<NodeIndex, NodeIndex>> order_;  // in `before` and in `after`
};

std::string LayerClass(Bytes layer) { return std::string(JsonTree(layer).root()["class_name"].text()); }

std::string TextOf(Bytes node, uint32_t field) {
  const std::string text = ToValidUtf8(LastBytes(node, field));
  return text.empty() ? "none" : text;
}

}  // namespace

std::unique_ptr<Graph> CompareGraphs(const Graph& before, const Graph& after) {
  if (before.form != after.form) return nullptr;
  return Comparer(before, after).Compare();
}

std::vector<std::string> ChangesOf(const Graph& compared, uint32_t index, NodeIndex node) {
  constexpr size_t kMostInputs = 100;
  std::vector<std::string> changes;
  const GraphBody& body = compared.bodies[index];
  if (body.differences.empty() || body.differences[node] != Difference::kChanged) return changes;
  const Bytes after = SourceOf(compared, body, node);
  const Bytes before =
      Bytes(compared.source).subspan(static_cast<size_t>(body.before_offset[node]), body.before_length[node]);
  const auto add = [&changes](const std::string& what, const std::string& from, const std::string& to) {
    if (from != to) changes.push_back(what + ": " + from + " → " + to);
  };
  if (compared.form == Graph::Form::kOps) {
    add("op", TextOf(before, fields::kNodeOp), TextOf(after, fields::kNodeOp));
    add("device", TextOf(before, fields::kNodeDevice), TextOf(after, fields::kNodeDevice));
  } else {
    add("class", LayerClass(before), LayerClass(after));
  }

  const auto old_values = ComparableAttributes(compared.form, before);
  const auto new_values = ComparableAttributes(compared.form, after);
  std::map<std::string, std::pair<std::string, std::string>> texts;
  for (NodeAttribute& attribute : AttributesIn(compared.form, before))
    texts[attribute.name].first = std::move(attribute.text);
  for (NodeAttribute& attribute : AttributesIn(compared.form, after))
    texts[attribute.name].second = std::move(attribute.text);
  const auto value_of = [](const auto& values, const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
  for (const auto& [name, text] : texts) {
    const auto old_value = value_of(old_values, name), new_value = value_of(new_values, name);
    if (old_value == new_value) continue;
    const std::string from = old_value ? text.first : "none", to = new_value ? text.second : "none";
    // Long ones may begin alike.
    changes.push_back("attribute \"" + name + "\"" +
                      (from == to ? " is another: " + to : ": " + from + " → " + to));
  }

  const size_t before_inputs = changes.size();
  for (uint32_t i = body.input_begin[node]; i < body.input_begin[node + 1]; ++i) {
    const GraphInput& input = body.inputs[i];
    if (input.difference == Difference::kSame || changes.size() - before_inputs == kMostInputs) continue;
    std::string line = input.difference == Difference::kAdded ? "input added: " : "input removed: ";
    if (input.kind == EdgeKind::kControl) line += '^';
    line += compared.texts[input.from == kNoNode ? input.name : body.names[input.from]];
    if (input.port > 0) line += ':' + std::to_string(input.port);
    changes.push_back(std::move(line));
  }
  if (changes.empty()) changes.push_back("order of inputs");
  return changes;
}

}  // namespace tensorpane
