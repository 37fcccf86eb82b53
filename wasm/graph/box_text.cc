#include "graph/box_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace tensorpane {
namespace {

// Advance widths of ASCII from the space on, 1/1000 em: Helvetica's (Adobe Core 14 AFM). User interface fonts
// are somewhat wider.
constexpr std::array<uint16_t, 95> kAdvances = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
constexpr double kWider = 1.06, kOtherAdvance = 0.7;

constexpr double kLabelSize = 12, kNoteSize = 10.5;
constexpr double kMostWidth = 220, kLeastOpWidth = 48, kLeastGroupWidth = 100;
constexpr double kOpHeight = 20, kLayerHeight = 34, kGroupHeight = 38;
/// "± ", a little more than it is.
constexpr double kSignWidth = 12;
constexpr double kOpPadding = 24, kGroupPadding = 36, kHeaderPadding = 48;

/// Folders of few things are described by these: "fc1, gelu, fc2".
constexpr uint32_t kMostNamed = 3;
constexpr size_t kMostNamedLength = 24;

std::string_view Unit(const Graph& graph, double count) {
  const bool one = count == 1;
  if (graph.form == Graph::Form::kLayers) return one ? " layer" : " layers";
  return one ? " op" : " ops";
}

std::string NamesOfChildren(const Tree& tree, TreeIndex group) {
  const uint32_t count = tree.child_count(group);
  std::string names;
  if (count > kMostNamed) return names;
  for (uint32_t i = 0; i < count; ++i) {
    if (i > 0) names += ", ";
    names += tree.Label(tree.first_child(group) + i);
    if (names.size() > kMostNamedLength) return {};
  }
  return names;
}

double LabelWidth(const BoxText& text) {
  return TextWidth(text.label, kLabelSize) + (text.has_sign ? kSignWidth : 0);
}

std::string OpsText(const Graph& graph, double ops) { return Grouped(ops) + std::string(Unit(graph, ops)); }

}  // namespace

double TextWidth(std::string_view text, double size) {
  double width = 0;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      width += kAdvances[byte - 0x20] * 0.001 * kWider;
    } else if ((byte & 0xC0) != 0x80) {  // the first byte of a character
      width += kOtherAdvance;
    }
  }
  return width * size;
}

std::string Grouped(double count) {
  char digits[32];
  const int length = std::snprintf(digits, sizeof digits, "%.0f", count);
  std::string text;
  for (int i = 0; i < length; ++i) {
    if (i > 0 && (length - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

double OpsOf(Forest& forest, uint32_t body, const LevelItem& item) {
  if (item.kind == BoxKind::kStub) return 0;
  if (item.role != Place::kNone) {
    return forest.totals(forest.body(body).calls[item.role].body, kTreeRoot).ops;
  }
  if (!item.stack) return forest.totals(body, item.node).ops;
  double ops = 0;
  for (const TreeIndex member : item.stack->members) ops += forest.totals(body, member).ops;
  return std::min(ops, kMostOps);
}

BoxText TextOf(Forest& forest, uint32_t body_index, const LevelItem& item) {
  const Graph& graph = forest.graph();
  const GraphBody& body = forest.body(body_index);
  const Tree& tree = forest.tree(body_index);
  if (item.kind == BoxKind::kStub) return {std::string(forest.text(item.stub)), {}};
  const double ops = OpsOf(forest, body_index, item);
  if (item.role != Place::kNone) {
    const GraphCall& call = body.calls[item.role];
    return {std::string(forest.text(call.role)),
            std::string(forest.text(forest.body(call.body).function)) + " · " + OpsText(graph, ops)};
  }
  if (item.is_rest) return {Grouped(double(item.stack->members.size())) + " more", OpsText(graph, ops)};
  if (item.stack) {
    const std::string times = Grouped(double(item.stack->members.size())) + " × ";
    const NodeIndex op = tree.op(item.node);
    if (item.stack->of_ops) return {item.stack->Label(), times + std::string(forest.text(body.ops[op]))};
    // In a comparison what is of one structure now need not have been so before.
    const bool is_changed = std::any_of(
        item.stack->members.begin(), item.stack->members.end(),
        [&](TreeIndex member) { return forest.difference(body_index, member) == Difference::kChanged; });
    return {item.stack->Label(), times + OpsText(graph, forest.totals(body_index, item.node).ops) +
                                     (is_changed ? ", changed" : ", identical")};
  }
  BoxText text{tree.Label(item.node), {}};
  const NodeIndex op = tree.op(item.node);
  if (item.kind == BoxKind::kOp) {
    text.note = forest.text(body.ops[op]);
    return text;
  }
  std::string what;
  if (op != kNoNode) {
    const std::span<const GraphCall> calls = forest.calls(body_index, op);
    what =
        calls.size() == 1 ? forest.text(forest.body(calls.front().body).function) : forest.text(body.ops[op]);
  } else if (!item.is_open) {
    what = NamesOfChildren(tree, item.node);
  }
  if (!what.empty()) text.note = what + " · ";
  text.note += OpsText(graph, ops);
  if (item.is_open) {
    const Blocks& blocks = forest.blocks();
    const size_t alike = blocks.members(blocks.of(body_index, item.node)).size();
    if (alike > 1) text.note += " · 1 of " + Grouped(double(alike));
  }
  return text;
}

BoxSize SizeOf(Graph::Form form, BoxKind kind, const BoxText& text) {
  const double label = LabelWidth(text);
  const double widest = std::max(label, TextWidth(text.note, kNoteSize));
  if (kind == BoxKind::kOp || kind == BoxKind::kStub) {
    const bool has_note = form == Graph::Form::kLayers && kind == BoxKind::kOp;
    return {std::clamp(std::round((has_note ? widest : label) + kOpPadding), kLeastOpWidth, kMostWidth),
            has_note ? kLayerHeight : kOpHeight};
  }
  return {std::clamp(std::round(widest + kGroupPadding), kLeastGroupWidth, kMostWidth), kGroupHeight};
}

double HeaderWidth(const BoxText& text) {
  return std::round(
      std::min(LabelWidth(text) + TextWidth(text.note, kNoteSize) + kHeaderPadding, 2 * kMostWidth));
}

}  // namespace tensorpane
