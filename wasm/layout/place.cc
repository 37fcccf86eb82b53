// Where the nodes of rows stand. After Brandes and Köpf, "Fast and simple horizontal coordinate assignment"
// (Graph Drawing 2001): each node is aligned with the median of its neighbours above (or below), from the
// left (or from the right), which makes blocks that stand on one line; each of the four alignments is packed,
// and the middle of the four is taken. Not as there:
//
// - What must be straight is chosen first, and all four keep to it: the main line of the graph and the inner
// segments
//   of long links. (There only the latter are preferred, and a chain bends wherever a link passes beside it.)
// - Blocks are packed by the longest path in the graph of blocks, which has none of the faults that "Erratum:
// Fast and
//   simple horizontal coordinate assignment" (Brandes, Walter, Zink 2020) mends in the paper's classes of
//   blocks.
// - Boxes are aligned where a link meets them, as in Rüegg, Schulze, Carstens and von Hanxleden, "Size- and
//   port-aware horizontal node coordinate assignment" (Graph Drawing 2015).
// - In graphs where much passes beside much, straight blocks push each other aside, row after row, and the
// drawing is
//   many times as wide as any of its rows. There, nothing is held straight: rows go in turn to where they are
//   pulled.
// - In the end blocks move to the median of their neighbours as far as there is room.

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "layout/layers.h"

namespace tensorpane {
namespace {

constexpr int kSettles = 6;
constexpr double kLoose = 1.25;  // by how much a drawing may be wider than its widest row
constexpr double kNarrow = 800;  // pixels: that is no matter then
constexpr int kTightens = 24;

double Offset(double x) { return std::isnan(x) ? 0 : x; }

class Placer {
 public:
  Placer(const Part& part, const Ranks& ranks, const Layers& layers, const Gaps& gaps, Deadline* deadline)
      : part_(part), ranks_(ranks), layers_(layers), gaps_(gaps), deadline_(*deadline) {}

  std::vector<double> Run() {
    ChooseStraight();
    std::vector<double> x = Place();
    const double width = Width(x);
    if (width > std::max(kNarrow, kLoose * WidestRow())) {
      std::vector<double> tight = x;
      Tighten(&tight);
      if (Width(tight) * kLoose < width) {
        x = std::move(tight);
        straight_up_.assign(layers_.node_count(), {});
        straight_down_.assign(layers_.node_count(), {});
      }
    }
    Settle(&x);
    return x;
  }

 private:
  std::vector<double> Place() {
    std::vector<double> candidates[4];
    int tried = 0;
    for (int i = 0; i < 4 && (i == 0 || !deadline_.Over(layers_.node_count())); ++i, ++tried) {
      Align(i / 2 == 0, i % 2 == 1);
      candidates[i] = Pack(i % 2 == 1);
    }
    return Middle(candidates, tried);
  }

  double WidestRow() const {
    double widest = 0;
    for (uint32_t row = 0; row < layers_.row_count(); ++row) {
      double width = 0;
      for (uint32_t i = 0; i < layers_.rows.size(row); ++i) {
        const uint32_t node = Row(row)[i];
        width += i == 0 ? layers_.left[node] : Separation(Row(row)[i - 1], node);
      }
      widest = std::max(widest, width + layers_.right[Row(row)[layers_.rows.size(row) - 1]]);
    }
    return widest;
  }

  double Width(const std::vector<double>& x) const {
    double low = INFINITY, high = -INFINITY;
    for (uint32_t node = 0; node < layers_.node_count(); ++node) {
      if (layers_.row[node] == kNone) continue;
      low = std::min(low, x[node] - layers_.left[node]);
      high = std::max(high, x[node] + layers_.right[node]);
    }
    return high - low;
  }

  struct Link {
    uint32_t other = kNone;
    double offset = 0;  // of the node's middle from the other's
  };

  const uint32_t* Row(uint32_t row) const { return layers_.rows.first(row); }
  double Separation(uint32_t left, uint32_t right) const {
    return layers_.right[left] + layers_.left[right] + gaps_.Between(layers_, left, right);
  }

  /// The segment above (below) a node that goes on its line: the widest, to a box rather than past one, and
  /// with the longest way behind it. Inputs that come from nowhere, as constants do, and outputs that go
  /// nowhere are no main line. kNone: several are as good.
  uint32_t MainSegment(uint32_t node, bool up) const {
    using Key = std::tuple<bool, long, bool, uint32_t>;
    Key best{false, -1, false, 0};
    uint32_t found = kNone;
    const Lists& lists = up ? layers_.up : layers_.down;
    for (auto s = lists.first(node); s != lists.last(node); ++s) {
      const auto& segment = layers_.segments[*s];
      const uint32_t other = up ? segment.upper : segment.lower;
      const bool box = layers_.is_box(other);
      const uint32_t way = !box ? 0 : up ? ranks_.depth[other] : ranks_.height[other];
      const bool goes_on = !box || way > 0 || part_.boxes[other].rank != Part::Rank::kAny;
      const Key key{goes_on, std::lround(segment.width), box, way};
      if (found != kNone && layers_.segments[found].upper == segment.upper &&
          layers_.segments[found].lower == segment.lower) {
        best = std::max(best, key);
        continue;
      }
      if (key > best) {
        best = key;
        found = *s;
      } else if (key == best) {
        found = kNone;
      }
    }
    return found;
  }

  /// Segments that are to be straight, none of which cross: the main line where it goes from box to box, then
  /// where it passes others, and all long links.
  void ChooseStraight() {
    const uint32_t nodes = layers_.node_count();
    straight_up_.assign(nodes, {});
    straight_down_.assign(nodes, {});
    std::vector<uint32_t> main(nodes), main_down(nodes);
    for (uint32_t node = 0; node < nodes; ++node) {
      main[node] = MainSegment(node, true);
      main_down[node] = MainSegment(node, false);
    }
    std::map<uint32_t, uint32_t> taken;  // places above → places below
    for (uint32_t row = 0; row + 1 < layers_.row_count(); ++row) {
      taken.clear();
      const auto take = [&](const Layers::Segment& segment) {
        const uint32_t above = layers_.place[segment.upper], below = layers_.place[segment.lower];
        const auto next = taken.lower_bound(above);
        if (next != taken.end() && (next->first == above || next->second <= below)) return;
        if (next != taken.begin() && std::prev(next)->second >= below) return;
        taken.emplace_hint(next, above, below);
        const double offset = Offset(segment.upper_x) - Offset(segment.lower_x);
        straight_down_[segment.upper] = {segment.lower, -offset};
        straight_up_[segment.lower] = {segment.upper, offset};
      };
      for (const bool boxes : {true, false}) {
        for (auto node = Row(row + 1); node != layers_.rows.last(row + 1); ++node) {
          if (main[*node] == kNone) continue;
          const auto& segment = layers_.segments[main[*node]];
          const bool both = layers_.is_box(segment.upper) && layers_.is_box(*node);
          const uint32_t down = main_down[segment.upper];
          if (both == boxes && down != kNone && layers_.segments[down].lower == *node) take(segment);
        }
      }
      for (auto node = Row(row + 1); node != layers_.rows.last(row + 1); ++node) {
        if (layers_.is_box(*node)) continue;
        for (auto s = layers_.up.first(*node); s != layers_.up.last(*node); ++s)
          if (!layers_.is_box(layers_.segments[*s].upper)) take(layers_.segments[*s]);
      }
      deadline_.Over(layers_.rows.size(row));
    }
  }

  /// Makes blocks: block_[node] is one of its nodes, offset_[node] where it stands from that. From above (or
  /// from below); `mirrored`: from the right.
  void Align(bool from_above, bool mirrored) {
    const uint32_t nodes = layers_.node_count();
    block_.resize(nodes);
    offset_.assign(nodes, 0);
    next_.assign(nodes, kNone);
    for (uint32_t node = 0; node < nodes; ++node) block_[node] = node;
    tail_ = block_;
    const auto& straight = from_above ? straight_up_ : straight_down_;
    const auto& straight_back = from_above ? straight_down_ : straight_up_;
    const Lists& lists = from_above ? layers_.up : layers_.down;
    const uint32_t rows = layers_.row_count();
    for (uint32_t step = 1; step < rows; ++step) {
      const uint32_t row = from_above ? step : rows - 1 - step;
      const uint32_t before = from_above ? row - 1 : row + 1;
      const uint32_t count = layers_.rows.size(row), width = layers_.rows.size(before);
      // What stands nearest at the left and the right of each place there, of the other ends of straight
      // ones.
      low_.assign(width, 0);
      high_.assign(width, count);
      for (uint32_t i = 0, low = 0; i < width; ++i) {
        const uint32_t other = straight_back[Row(before)[i]].other;
        low_[i] = low;
        if (other != kNone) low = layers_.place[other] + 1;
      }
      for (uint32_t i = width, high = count; i-- > 0;) {
        const uint32_t other = straight_back[Row(before)[i]].other;
        high_[i] = high;
        if (other != kNone) high = layers_.place[other];
      }
      uint32_t bound = mirrored ? width : 0;  // places there that are free: below it, or from it on
      for (uint32_t i = 0; i < count; ++i) {
        const uint32_t node = Row(row)[mirrored ? count - 1 - i : i];
        const auto join = [&](uint32_t other, double offset) {
          block_[node] = block_[other];
          offset_[node] = offset_[other] + offset;
          next_[tail_[block_[node]]] = node;
          tail_[block_[node]] = node;
          bound = layers_.place[other] + (mirrored ? 0 : 1);
        };
        if (straight[node].other != kNone) {
          join(straight[node].other, straight[node].offset);
          continue;
        }
        ends_.clear();
        for (auto s = lists.first(node); s != lists.last(node); ++s) {
          const auto& segment = layers_.segments[*s];
          const uint32_t other = from_above ? segment.upper : segment.lower;
          const double offset = Offset(segment.upper_x) - Offset(segment.lower_x);
          ends_.push_back({layers_.place[other], other, from_above ? offset : -offset});
        }
        if (ends_.empty()) continue;
        std::sort(ends_.begin(), ends_.end(), [](const End& a, const End& b) { return a.place < b.place; });
        size_t medians[] = {(ends_.size() - 1) / 2, ends_.size() / 2};
        if (mirrored) std::swap(medians[0], medians[1]);
        for (const size_t median : medians) {
          const End& end = ends_[median];
          if (straight_back[end.other].other != kNone) continue;
          if (mirrored ? end.place >= bound : end.place < bound) continue;
          if (layers_.place[node] < low_[end.place] || layers_.place[node] >= high_[end.place]) continue;
          join(end.other, end.offset);
          break;
        }
      }
      deadline_.Over(count);
    }
  }

  /// Packs the blocks to the left (mirrored: to the right), then pulls those back that hang on what stands
  /// far away.
  std::vector<double> Pack(bool mirrored) {
    const uint32_t nodes = layers_.node_count();
    const double sign = mirrored ? -1 : 1;
    // The neighbour behind, as seen from the side that all is packed to.
    const auto behind = [&](uint32_t node) -> uint32_t {
      const uint32_t row = layers_.row[node], place = layers_.place[node];
      if (mirrored) return place == 0 ? kNone : Row(row)[place - 1];
      return place + 1 == layers_.rows.size(row) ? kNone : Row(row)[place + 1];
    };
    const auto distance = [&](uint32_t node, uint32_t next) {  // of their blocks
      return (mirrored ? Separation(next, node) : Separation(node, next)) +
             sign * (offset_[node] - offset_[next]);
    };
    waits_.assign(nodes, 0);
    for (uint32_t node = 0; node < nodes; ++node)
      if (layers_.row[node] != kNone)
        if (const uint32_t next = behind(node); next != kNone) ++waits_[block_[next]];
    order_.clear();
    for (uint32_t node = 0; node < nodes; ++node)
      if (block_[node] == node && layers_.row[node] != kNone && waits_[node] == 0) order_.push_back(node);
    std::vector<double> at(nodes, 0);
    for (size_t i = 0; i < order_.size(); ++i) {
      const uint32_t block = order_[i];
      for (uint32_t node = block; node != kNone; node = next_[node]) {
        const uint32_t next = behind(node);
        if (next == kNone) continue;
        at[block_[next]] = std::max(at[block_[next]], at[block] + distance(node, next));
        if (--waits_[block_[next]] == 0) order_.push_back(block_[next]);
      }
    }
    for (auto block = order_.rbegin(); block != order_.rend(); ++block) {
      double room = INFINITY;
      for (uint32_t node = *block; node != kNone; node = next_[node])
        if (const uint32_t next = behind(node); next != kNone)
          room = std::min(room, at[block_[next]] - distance(node, next));
      if (room != INFINITY) at[*block] = std::max(at[*block], room);
    }
    std::vector<double> x(nodes, NAN);
    for (uint32_t node = 0; node < nodes; ++node)
      if (layers_.row[node] != kNone) x[node] = sign * at[block_[node]] + offset_[node];
    return x;
  }

  /// The middle of the candidates, which are put beside each other first: by the narrowest one.
  std::vector<double> Middle(std::vector<double>* candidates, int count) const {
    if (count < 4) return candidates[0];
    const uint32_t nodes = layers_.node_count();
    double low[4], high[4];
    int narrowest = 0;
    for (int i = 0; i < 4; ++i) {
      low[i] = INFINITY, high[i] = -INFINITY;
      for (uint32_t node = 0; node < nodes; ++node) {
        if (layers_.row[node] == kNone) continue;
        low[i] = std::min(low[i], candidates[i][node] - layers_.left[node]);
        high[i] = std::max(high[i], candidates[i][node] + layers_.right[node]);
      }
      if (high[i] - low[i] < high[narrowest] - low[narrowest]) narrowest = i;
    }
    std::vector<double> x(nodes);
    double shift[4];
    for (int i = 0; i < 4; ++i) shift[i] = i % 2 == 0 ? low[narrowest] - low[i] : high[narrowest] - high[i];
    for (uint32_t node = 0; node < nodes; ++node) {
      double at[4];
      for (int i = 0; i < 4; ++i) at[i] = candidates[i][node] + shift[i];
      if (layers_.row[node] == kNone) {
        x[node] = NAN;
        continue;
      }
      std::sort(at, at + 4);
      x[node] = (at[1] + at[2]) / 2;
    }
    return x;
  }

  /// What is straight gives way here: each row in turn goes as near as it can to what it hangs on in the row
  /// before, by least squares, then to the row after (isotonic regression).
  void Tighten(std::vector<double>* x) {
    for (uint32_t row = 0; row < layers_.row_count(); ++row) {
      double at = 0;
      const uint32_t count = layers_.rows.size(row);
      for (uint32_t i = 0; i < count; ++i) {
        const uint32_t node = Row(row)[i];
        at += i == 0 ? 0 : Separation(Row(row)[i - 1], node);
        (*x)[node] = at;
      }
      for (uint32_t i = 0; i < count; ++i) (*x)[Row(row)[i]] -= at / 2;
    }
    for (int pass = 0; pass < kTightens; ++pass) {
      for (uint32_t step = 0; step < layers_.row_count(); ++step) {
        const uint32_t row = pass % 2 == 0 ? step : layers_.row_count() - 1 - step;
        TightenRow(row, x, pass % 2 == 0 || pass + 4 >= kTightens, pass % 2 == 1 || pass + 4 >= kTightens);
        if (deadline_.Over(layers_.rows.size(row))) return;
      }
    }
  }

  void TightenRow(uint32_t row, std::vector<double>* x, bool up, bool down) {
    pools_.clear();
    double at = 0;
    for (uint32_t i = 0; i < layers_.rows.size(row); ++i) {
      const uint32_t node = Row(row)[i];
      at += i == 0 ? 0 : Separation(Row(row)[i - 1], node);
      double sum = 0, weight = 0;
      const auto pull = [&](uint32_t other, double other_x, double node_x) {
        const int boxes = layers_.is_box(node) + layers_.is_box(other);
        const double w = boxes == 2 ? 1 : boxes == 1 ? 2 : 8;
        sum += w * ((*x)[other] + Offset(other_x) - Offset(node_x));
        weight += w;
      };
      if (up)
        for (auto s = layers_.up.first(node); s != layers_.up.last(node); ++s)
          pull(layers_.segments[*s].upper, layers_.segments[*s].upper_x, layers_.segments[*s].lower_x);
      if (down)
        for (auto s = layers_.down.first(node); s != layers_.down.last(node); ++s)
          pull(layers_.segments[*s].lower, layers_.segments[*s].lower_x, layers_.segments[*s].upper_x);
      const double to = weight > 0 ? sum / weight : (*x)[node];
      if (weight == 0) weight = 0.01;
      Pool pool{to - at, weight, 1};
      while (!pools_.empty() && pools_.back().middle >= pool.middle) {
        const Pool& before = pools_.back();
        const double total = before.weight + pool.weight;
        pool = {(before.middle * before.weight + pool.middle * pool.weight) / total, total,
                before.count + pool.count};
        pools_.pop_back();
      }
      pools_.push_back(pool);
    }
    at = 0;
    uint32_t i = 0;
    for (const Pool& pool : pools_)
      for (uint32_t end = i + pool.count; i < end; ++i) {
        at += i == 0 ? 0 : Separation(Row(row)[i - 1], Row(row)[i]);
        (*x)[Row(row)[i]] = pool.middle + at;
      }
  }

  struct Pool {
    double middle, weight;
    uint32_t count;
  };

  /// Moves what is straight, as one, and every other node to the median of its neighbours, as far as there is
  /// room.
  void Settle(std::vector<double>* x) {
    const uint32_t nodes = layers_.node_count();
    std::vector<std::pair<double, double>> pulls;  // by how much, weight
    for (int pass = 0; pass < kSettles; ++pass) {
      for (uint32_t step = 0; step < nodes; ++step) {
        const uint32_t head = pass % 2 == 0 ? step : nodes - 1 - step;
        if (layers_.row[head] == kNone || straight_up_[head].other != kNone) continue;
        if (deadline_.Over(1)) return;
        double low = -INFINITY, high = INFINITY;
        pulls.clear();
        for (uint32_t node = head; node != kNone; node = straight_down_[node].other) {
          const uint32_t row = layers_.row[node], place = layers_.place[node];
          if (place > 0) {
            const uint32_t left = Row(row)[place - 1];
            low = std::max(low, (*x)[left] + Separation(left, node) - (*x)[node]);
          }
          if (place + 1 < layers_.rows.size(row)) {
            const uint32_t right = Row(row)[place + 1];
            high = std::min(high, (*x)[right] - Separation(node, right) - (*x)[node]);
          }
          for (auto s = layers_.up.first(node); s != layers_.up.last(node); ++s) {
            const auto& segment = layers_.segments[*s];
            if (segment.upper == straight_up_[node].other) continue;
            pulls.emplace_back(PullTo(*x, segment.upper, segment.upper_x, node, segment.lower_x),
                               segment.width);
          }
          for (auto s = layers_.down.first(node); s != layers_.down.last(node); ++s) {
            const auto& segment = layers_.segments[*s];
            if (segment.lower == straight_down_[node].other) continue;
            pulls.emplace_back(PullTo(*x, segment.lower, segment.lower_x, node, segment.upper_x),
                               segment.width);
          }
        }
        if (pulls.empty()) continue;
        low = std::min(low, 0.0), high = std::max(high, 0.0);
        const double move = std::clamp(Median(&pulls, !layers_.is_box(head), low, high), low, high);
        if (move == 0) continue;
        for (uint32_t node = head; node != kNone; node = straight_down_[node].other) (*x)[node] += move;
      }
    }
  }

  /// By how much `node` would have to move for a segment to be straight. A dummy may stand anywhere above or
  /// below a box that leaves it free where it is met.
  double PullTo(const std::vector<double>& x, uint32_t other, double other_x, uint32_t node,
                double node_x) const {
    const double pull = x[other] + Offset(other_x) - Offset(node_x) - x[node];
    if (layers_.is_box(node) || !layers_.is_box(other) || !std::isnan(other_x)) return pull;
    const double half = FreeHalf(part_.boxes[other].width);
    return pull - std::clamp(pull, -half, half);
  }

  /// The weighted median. Where anything between two will do: the middle of them, or, for what is to have few
  /// bends, the nearer of those that it may go to.
  static double Median(std::vector<std::pair<double, double>>* pulls, bool straight, double low,
                       double high) {
    std::sort(pulls->begin(), pulls->end());
    double total = 0, sum = 0;
    for (const auto& pull : *pulls) total += pull.second;
    for (size_t i = 0; i < pulls->size(); ++i) {
      const double to = (*pulls)[i].first;
      sum += (*pulls)[i].second;
      if (sum * 2 > total) return to;
      if (sum * 2 < total || i + 1 == pulls->size()) continue;
      const double next = (*pulls)[i + 1].first;
      if (!straight) return (to + next) / 2;
      const bool can = to >= low, can_next = next <= high;
      return can && (!can_next || std::abs(to) <= std::abs(next)) ? to : next;
    }
    return pulls->back().first;
  }

  struct End {
    uint32_t place, other;
    double offset;
  };

  const Part& part_;
  const Ranks& ranks_;
  const Layers& layers_;
  const Gaps& gaps_;
  Deadline& deadline_;
  std::vector<Link> straight_up_, straight_down_;
  std::vector<uint32_t> block_, next_, tail_, waits_, order_, low_, high_;
  std::vector<double> offset_;
  std::vector<End> ends_;
  std::vector<Pool> pools_;
};

}  // namespace

std::vector<double> PlaceNodes(const Part& part, const Ranks& ranks, const Layers& layers, const Gaps& gaps,
                               Deadline* deadline) {
  return Placer(part, ranks, layers, gaps, deadline).Run();
}

}  // namespace tensorpane
