#include "graph/colouring.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "graph/box_text.h"

namespace tensorpane {
namespace {

constexpr std::string_view kDifferences[] = {"same", "changed", "added", "removed"};

}  // namespace

std::string_view Name(ColourBy colour) {
  constexpr std::string_view kNames[kColourCount] = {"structure", "op",     "device",    "cluster",
                                                     "time",      "memory", "difference"};
  return kNames[static_cast<size_t>(colour)];
}

Colouring::Colouring(Forest& forest, ColourBy by) : forest_(forest), by_(by) {
  const Graph& graph = forest.graph();
  if (by == ColourBy::kDifference) {
    counts_.assign(std::size(kDifferences), 0);
    for (const GraphBody& body : graph.bodies) {
      for (const Difference difference : body.differences) ++counts_[static_cast<size_t>(difference)];
    }
  }
  if (by != ColourBy::kOp && by != ColourBy::kDevice && by != ColourBy::kCluster) return;
  std::vector<double> counts(graph.texts.size(), 0);
  for (uint32_t body = 0; body < graph.bodies.size(); ++body) {
    for (const TextId text : Column(body)) ++counts[text];
  }
  for (TextId text = kNoText + 1; text < counts.size(); ++text) {
    if (counts[text] > 0) texts_.push_back(text);
  }
  std::sort(texts_.begin(), texts_.end(), [&](TextId a, TextId b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : forest_.text(a) < forest_.text(b);
  });
  places_.assign(counts.size(), UINT32_MAX);
  tally_.assign(counts.size(), 0);
  for (size_t i = 0; i < texts_.size(); ++i) {
    places_[texts_[i]] = static_cast<uint32_t>(i);
    counts_.push_back(counts[texts_[i]]);
  }
}

const std::vector<TextId>& Colouring::Column(uint32_t body) const {
  const GraphBody& of = forest_.body(body);
  return by_ == ColourBy::kOp ? of.ops : by_ == ColourBy::kDevice ? of.devices : of.clusters;
}

BoxColour Colouring::Of(uint32_t body, const LevelItem& item) {
  if (item.kind == BoxKind::kStub) return {is_scale() ? NAN : -1, 1};
  BoxColour colour;
  switch (by_) {
    case ColourBy::kStructure: {
      if (item.role != Place::kNone || item.is_rest) break;
      const BlockClass block = forest_.blocks().of(body, item.node);
      if (block == kNoClass) break;
      // What nothing else is like has no colour.
      if (forest_.blocks().members(block).size() > 1) colour.index = forest_.blocks().rank(block);
      break;
    }
    case ColourBy::kOp:
    case ColourBy::kDevice:
    case ColourBy::kCluster:
      colour = MostFrequent(body, item);
      break;
    case ColourBy::kTime:
    case ColourBy::kMemory: {
      colour.index = NAN;
      const auto add = [&](const Totals& totals) {
        const double value = by_ == ColourBy::kTime ? totals.micros : totals.memory;
        if (!std::isnan(value)) colour.index = std::isnan(colour.index) ? value : colour.index + value;
      };
      if (item.role != Place::kNone) {
        add(forest_.totals(forest_.body(body).calls[item.role].body, kTreeRoot));
      } else if (item.stack) {
        for (const TreeIndex member : item.stack->members) add(forest_.totals(body, member));
      } else {
        add(forest_.totals(body, item.node));
      }
      return colour;
    }
    case ColourBy::kDifference:
      colour.index = static_cast<double>(DifferenceOf(forest_, body, item));
      break;
  }
  if (colour.index >= double(kMostLegend)) return {-1, 1};
  used_ = std::max(used_, static_cast<size_t>(colour.index + 1));
  return colour;
}

BoxColour Colouring::MostFrequent(uint32_t body, const LevelItem& item) {
  std::vector<TreeIndex> nodes{item.node};
  if (item.stack) nodes = item.stack->members;
  const std::span<const GraphCall> calls = forest_.calls_at(body, item.node);
  if (item.role != Place::kNone) {
    body = forest_.body(body).calls[item.role].body;
    nodes = {kTreeRoot};
  } else if (!item.stack && calls.size() == 1) {
    body = calls.front().body;
    nodes = {kTreeRoot};
  }
  const std::vector<TextId>& column = Column(body);
  std::vector<TextId> met;
  size_t ops = 0;
  for (const TreeIndex node : nodes) {
    for (const NodeIndex op : forest_.tree(body).leaves(node)) {
      ++ops;
      if (tally_[column[op]]++ == 0) met.push_back(column[op]);
    }
  }
  TextId most = kNoText;
  uint32_t count = 0;
  for (const TextId text : met) {
    const uint32_t of_this = std::exchange(tally_[text], 0);
    if (text == kNoText) continue;
    if (of_this > count || (of_this == count && places_[text] < places_[most])) {
      most = text;
      count = of_this;
    }
  }
  if (most == kNoText) return {};
  return {double(places_[most]), double(count) / double(ops)};
}

std::vector<LegendEntry> Colouring::Legend() {
  std::vector<LegendEntry> legend;
  if (is_scale()) return legend;
  if (by_ == ColourBy::kDifference) {
    for (size_t i = 0; i < counts_.size(); ++i) legend.push_back({std::string(kDifferences[i]), counts_[i]});
    return legend;
  }
  for (size_t i = 0; i < used_; ++i) {
    if (by_ == ColourBy::kStructure) {
      const Blocks& blocks = forest_.blocks();
      const std::span<const Blocks::Member> members =
          blocks.members(blocks.at_rank(static_cast<uint32_t>(i)));
      const auto [body, node] = members[0];
      // Of calls what they run: "StatefulPartitionedCall" says nothing.
      const std::span<const GraphCall> calls = forest_.calls_at(body, node);
      legend.push_back({calls.size() == 1 ? std::string(forest_.text(forest_.body(calls[0].body).function))
                                          : forest_.tree(body).Path(node),
                        double(members.size())});
    } else {
      legend.push_back({std::string(forest_.text(texts_[i])), counts_[i]});
    }
  }
  return legend;
}

Difference DifferenceOf(Forest& forest, uint32_t body, const LevelItem& item) {
  if (item.kind == BoxKind::kStub) return Difference::kSame;
  if (!item.stack) return forest.difference(body, item.node);
  Difference all = forest.difference(body, item.node);
  for (const TreeIndex member : item.stack->members) {
    if (forest.difference(body, member) != all) return Difference::kChanged;
  }
  return all;
}

}  // namespace tensorpane
