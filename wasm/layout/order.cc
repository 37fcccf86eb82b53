#include <algorithm>
#include <utility>

#include "layout/layers.h"

namespace tensorpane {
namespace {

constexpr int kSweeps = 16;
constexpr int kIdleSweeps = 4;
constexpr int kExchanges = 4;

/// Counts inversions by a tree of sums (Barth, Jünger and Mutzel, "Simple and efficient bilayer cross
/// counting", Graph Drawing 2002).
class CrossingCounter {
 public:
  /// Between a row and the next.
  uint64_t Count(const Layers& layers, uint32_t row) {
    const uint32_t width = layers.rows.size(row + 1);
    uint32_t leaves = 1;
    while (leaves < width) leaves *= 2;
    sums_.assign(leaves * 2, 0);
    uint64_t crossings = 0;
    for (uint32_t i = 0; i < layers.rows.size(row); ++i) {
      const uint32_t node = layers.rows.first(row)[i];
      ends_.clear();
      for (auto s = layers.down.first(node); s != layers.down.last(node); ++s)
        ends_.emplace_back(layers.place[layers.segments[*s].lower], layers.segments[*s].count);
      // What was added before and stands at the right of an end is crossed. Those of one node do not cross.
      for (const auto& [place, count] : ends_) {
        uint64_t right = 0;
        for (uint32_t at = place + leaves; at > 1; at /= 2)
          if (at % 2 == 0) right += sums_[at + 1];
        crossings += right * count;
      }
      for (const auto& [place, count] : ends_)
        for (uint32_t at = place + leaves; at > 0; at /= 2) sums_[at] += count;
    }
    return crossings;
  }

 private:
  std::vector<uint64_t> sums_;
  std::vector<std::pair<uint32_t, uint32_t>> ends_;
};

class Orderer {
 public:
  Orderer(Layers* layers, Deadline* deadline) : layers_(*layers), deadline_(*deadline) {}

  void Run() {
    Start();
    uint64_t best = CountCrossings(layers_);
    Lists best_rows = layers_.rows;
    for (int sweep = 0, idle = 0; best > 0 && sweep < kSweeps && idle < kIdleSweeps; ++sweep, ++idle) {
      const bool done = sweep % 2 == 0 ? SweepDown(sweep) : SweepUp(sweep);
      if (!done) break;
      if (!Exchange()) break;
      const uint64_t crossings = CountCrossings(layers_);
      if (crossings >= best) continue;
      best = crossings;
      best_rows = layers_.rows;
      idle = 0;
    }
    layers_.rows = std::move(best_rows);
    for (uint32_t row = 0; row < layers_.row_count(); ++row) SetPlaces(row);
  }

 private:
  uint32_t* Row(uint32_t row) { return layers_.rows.items.data() + layers_.rows.begin[row]; }

  void SetPlaces(uint32_t row) {
    for (uint32_t i = 0; i < layers_.rows.size(row); ++i) layers_.place[Row(row)[i]] = i;
  }

  /// Nodes in the order in which a search from the top comes to them, in source order: trees do not cross.
  /// The way on of a bundle is in the middle of those that leave it.
  void Start() {
    for (uint32_t node = 0; node < layers_.node_count(); ++node) {
      const auto first = layers_.down.items.begin() + layers_.down.begin[node];
      const auto last = layers_.down.items.begin() + layers_.down.begin[node + 1];
      const auto middle = first + (last - first) / 2;
      const auto on =
          std::find_if(first, last, [&](uint32_t s) { return !layers_.is_box(layers_.segments[s].lower); });
      if (on == last || last - first < 4) continue;
      on < middle ? std::rotate(on, on + 1, middle + 1) : std::rotate(middle, on, on + 1);
    }
    std::vector<uint8_t> seen(layers_.node_count(), 0);
    std::vector<std::pair<uint32_t, uint32_t>> stack;
    std::vector<uint32_t> filled(layers_.row_count(), 0);
    const Lists source = layers_.rows;
    const auto visit = [&](uint32_t node) {
      seen[node] = 1;
      const uint32_t row = layers_.row[node];
      layers_.place[node] = filled[row];
      Row(row)[filled[row]++] = node;
      stack.emplace_back(node, layers_.down.begin[node]);
    };
    for (const uint32_t start : source.items) {
      if (seen[start]) continue;
      visit(start);
      while (!stack.empty()) {
        auto& [node, next] = stack.back();
        if (next == layers_.down.begin[node + 1]) {
          stack.pop_back();
          continue;
        }
        const uint32_t lower = layers_.segments[layers_.down.items[next++]].lower;
        if (!seen[lower]) visit(lower);
      }
    }
  }

  /// Puts a row where the segments of `lists` pull it; who has none stays at its place. Among equals, the
  /// order stays, or is turned around.
  bool Pull(uint32_t row, const Lists& lists, bool down, bool turn) {
    uint32_t* const nodes = Row(row);
    const uint32_t count = layers_.rows.size(row);
    pulled_.clear();
    free_.clear();
    size_t work = count;
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t node = nodes[i];
      double sum = 0, weight = 0;
      for (auto s = lists.first(node); s != lists.last(node); ++s) {
        const auto& segment = layers_.segments[*s];
        sum += static_cast<double>(segment.count) * layers_.place[down ? segment.upper : segment.lower];
        weight += segment.count;
      }
      work += lists.size(node);
      if (weight > 0) {
        pulled_.push_back({sum / weight, turn ? count - i : i, node});
      } else {
        free_.push_back(i);
      }
    }
    std::sort(pulled_.begin(), pulled_.end(), [](const Pulled& a, const Pulled& b) {
      return a.to != b.to ? a.to < b.to : a.place < b.place;
    });
    kept_.assign(nodes, nodes + count);
    size_t next = 0, next_free = 0;
    for (uint32_t i = 0; i < count; ++i) {
      if (next_free < free_.size() && free_[next_free] == i) {
        nodes[i] = kept_[i];
        ++next_free;
      } else {
        nodes[i] = pulled_[next++].node;
      }
    }
    SetPlaces(row);
    return !deadline_.Over(work);
  }

  bool SweepDown(int sweep) {
    for (uint32_t row = 1; row < layers_.row_count(); ++row)
      if (!Pull(row, layers_.up, true, sweep % 4 >= 2)) return false;
    return true;
  }

  bool SweepUp(int sweep) {
    for (uint32_t row = layers_.row_count() - 1; row-- > 0;)
      if (!Pull(row, layers_.down, false, sweep % 4 >= 2)) return false;
    return true;
  }

  /// Exchanges neighbours while that takes crossings away.
  bool Exchange() {
    for (int pass = 0; pass < kExchanges; ++pass) {
      bool changed = false;
      for (uint32_t row = 0; row < layers_.row_count(); ++row) {
        if (!ExchangeIn(row, &changed)) return false;
      }
      if (!changed) break;
    }
    return true;
  }

  struct End {
    uint32_t place, count;
  };

  bool ExchangeIn(uint32_t row, bool* changed) {
    uint32_t* const nodes = Row(row);
    const uint32_t count = layers_.rows.size(row);
    if (count < 2) return true;
    // The ends of all segments of the row, sorted by place: first those above, then those below of each node.
    ends_.clear();
    begin_.assign(1, 0);
    for (uint32_t i = 0; i < count; ++i) {
      for (const bool up : {true, false}) {
        const Lists& lists = up ? layers_.up : layers_.down;
        for (auto s = lists.first(nodes[i]); s != lists.last(nodes[i]); ++s) {
          const auto& segment = layers_.segments[*s];
          ends_.push_back({layers_.place[up ? segment.upper : segment.lower], segment.count});
        }
        std::sort(ends_.begin() + begin_.back(), ends_.end(),
                  [](const End& a, const End& b) { return a.place < b.place; });
        begin_.push_back(static_cast<uint32_t>(ends_.size()));
      }
    }
    at_.resize(count);
    for (uint32_t i = 0; i < count; ++i) at_[i] = i;
    size_t work = ends_.size();
    for (uint32_t i = 0; i + 1 < count; ++i) {
      const uint32_t a = at_[i], b = at_[i + 1];
      const uint64_t kept = Crossings(a * 2, b * 2) + Crossings(a * 2 + 1, b * 2 + 1);
      if (kept == 0) continue;
      const uint64_t turned = Crossings(b * 2, a * 2) + Crossings(b * 2 + 1, a * 2 + 1);
      work += begin_[a * 2 + 2] - begin_[a * 2] + begin_[b * 2 + 2] - begin_[b * 2];
      if (turned >= kept) continue;
      std::swap(at_[i], at_[i + 1]);
      *changed = true;
    }
    kept_.assign(nodes, nodes + count);
    for (uint32_t i = 0; i < count; ++i) nodes[i] = kept_[at_[i]];
    SetPlaces(row);
    return !deadline_.Over(work);
  }

  /// Of two lists of ends, when the first stands left of the second.
  uint64_t Crossings(uint32_t left, uint32_t right) const {
    uint64_t crossings = 0, passed = 0;
    uint32_t r = begin_[right];
    for (uint32_t l = begin_[left]; l < begin_[left + 1]; ++l) {
      for (; r < begin_[right + 1] && ends_[r].place < ends_[l].place; ++r) passed += ends_[r].count;
      crossings += passed * ends_[l].count;
    }
    return crossings;
  }

  struct Pulled {
    double to;
    uint32_t place, node;
  };

  Layers& layers_;
  Deadline& deadline_;
  std::vector<Pulled> pulled_;
  std::vector<uint32_t> free_, kept_, begin_, at_;
  std::vector<End> ends_;
};

}  // namespace

void OrderRows(Layers* layers, Deadline* deadline) { Orderer(layers, deadline).Run(); }

uint64_t CountCrossings(const Layers& layers) {
  CrossingCounter counter;
  uint64_t crossings = 0;
  for (uint32_t row = 0; row + 1 < layers.row_count(); ++row) crossings += counter.Count(layers, row);
  return crossings;
}

}  // namespace tensorpane
