#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/forest.h"
#include "graph/level.h"

namespace tensorpane {

/// GRAPH_COLOURS of web/src/engine/graphs/graphs.ts, in its order.
enum class ColourBy : uint8_t { kStructure, kOp, kDevice, kCluster, kTime, kMemory, kDifference };
constexpr size_t kColourCount = 7;
std::string_view Name(ColourBy colour);

struct LegendEntry {
  std::string label;
  double count;
};

struct BoxColour {
  double index = -1;  ///< in the legend; of a scale the amount itself, NaN = unknown
  double share = 1;   ///< which part of the box is of that colour
};

/// All alike, or changed.
Difference DifferenceOf(Forest& forest, uint32_t body, const LevelItem& item);

/// A legend has no more entries; what is beyond has no colour.
constexpr size_t kMostLegend = 200;

/// What the colours of a graph mean, the same for each of its drawings.
class Colouring {
 public:
  Colouring(Forest& forest, ColourBy by);

  BoxColour Of(uint32_t body, const LevelItem& item);
  /// Entries up to the last one that was given out by Of.
  std::vector<LegendEntry> Legend();
  bool is_scale() const { return by_ == ColourBy::kTime || by_ == ColourBy::kMemory; }

 private:
  BoxColour MostFrequent(uint32_t body, const LevelItem& item);
  const std::vector<TextId>& Column(uint32_t body) const;

  Forest& forest_;
  ColourBy by_;
  std::vector<TextId> texts_;  // of the legend
  std::vector<double> counts_;
  std::vector<uint32_t> places_;  // of texts in the legend
  std::vector<uint32_t> tally_;   // of texts, zero between calls
  size_t used_ = 0;
};

}  // namespace tensorpane
