#include "layout/route.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>

#include "layout/heights.h"
#include "layout/stable_order.h"

namespace tensorpane {
namespace {

constexpr uint32_t kMostLanes = 64;
constexpr double kFirm = 1e9;  // weight of what is to be exact

class Router {
 public:
  Router(const Part& part, const Layers& layers, const std::vector<double>& x, const LayoutOptions& options,
         LayoutPoint room)
      : part_(part), layers_(layers), places_{x, {}, {}}, options_(options), room_(room) {}

  PartLayout Run() {
    PlaceLanes();
    Attach();
    MakePoints();
    return std::move(result_);
  }

 private:
  struct Range {
    double low, high;
  };

  bool is_box(uint32_t node) const { return layers_.is_box(node); }

  /// Lanes stand at the right of everything; those of bundles that have no row in common share one.
  void PlaceLanes() {
    width_ = 0;
    left_ = INFINITY;
    double right = -INFINITY;
    for (uint32_t node = 0; node < layers_.node_count(); ++node) {
      if (layers_.row[node] == kNone) continue;
      left_ = std::min(left_, places_.x[node] - layers_.left[node]);
      right = std::max(right, places_.x[node] + layers_.right[node]);
    }
    std::vector<uint32_t> lanes;
    for (uint32_t b = 0; b < layers_.bundles.size(); ++b)
      if (layers_.bundles[b].lane) lanes.push_back(b);
    StableOrder(&lanes,
                [&](uint32_t a, uint32_t b) { return layers_.bundles[a].first < layers_.bundles[b].first; });
    using Used = std::pair<uint32_t, uint32_t>;  // last row, lane
    std::priority_queue<Used, std::vector<Used>, std::greater<>> used;
    uint32_t count = 0;
    for (const uint32_t b : lanes) {
      const auto& bundle = layers_.bundles[b];
      uint32_t lane = count;
      if (!used.empty() && (used.top().first + 1 < bundle.first || count == kMostLanes)) {
        lane = used.top().second;
        used.pop();
      } else {
        ++count;
      }
      used.emplace(bundle.last, lane);
      places_.x[bundle.node] = right + options_.vertex_gap / 2 + lane * options_.edge_gap;
    }
    if (count > 0) right += options_.vertex_gap / 2 + count * options_.edge_gap;
    width_ = right - left_;
  }

  Range RangeOf(uint32_t node, double fixed) const {
    if (!is_box(node)) return {places_.x[node], places_.x[node]};
    if (!std::isnan(fixed)) return {places_.x[node] + fixed, places_.x[node] + fixed};
    const double free = FreeHalf(part_.boxes[node].width);
    return {places_.x[node] - free, places_.x[node] + free};
  }

  /// Where segments meet their boxes: both ends on one line where that is possible, and apart from each
  /// other.
  void Attach() {
    const auto& segments = layers_.segments;
    places_.upper.resize(segments.size());
    places_.lower.resize(segments.size());
    weight_.resize(segments.size());
    for (uint32_t s = 0; s < segments.size(); ++s) {
      const auto& segment = segments[s];
      const Range above = RangeOf(segment.upper, segment.upper_x);
      const Range below = RangeOf(segment.lower, segment.lower_x);
      const double low = std::max(above.low, below.low), high = std::min(above.high, below.high);
      const double upper_middle = (above.low + above.high) / 2, lower_middle = (below.low + below.high) / 2;
      weight_[s] = 1;
      if (low <= high) {
        if (std::abs(upper_middle - lower_middle) < 0.01) weight_[s] = kFirm;
        const bool narrow_above = above.high - above.low <= below.high - below.low;
        places_.upper[s] = places_.lower[s] =
            std::clamp(narrow_above ? upper_middle : lower_middle, low, high);
      } else {
        places_.upper[s] = std::clamp(lower_middle, above.low, above.high);
        places_.lower[s] = std::clamp(upper_middle, below.low, below.high);
      }
    }
    const Lists leaving = ListsBy(layers_.boxes, segments.size(), [&](uint32_t s) {
      return is_box(segments[s].upper) && std::isnan(segments[s].upper_x) ? segments[s].upper : kNone;
    });
    const Lists arriving = ListsBy(layers_.boxes, segments.size(), [&](uint32_t s) {
      return is_box(segments[s].lower) && std::isnan(segments[s].lower_x) ? segments[s].lower : kNone;
    });
    for (const bool last : {false, true}) {
      for (uint32_t box = 0; box < layers_.boxes; ++box) {
        Spread(box, leaving, true);
        Spread(box, arriving, false);
      }
      if (last) break;
      // Where one end had to give way, the other goes with it.
      for (uint32_t s = 0; s < segments.size(); ++s) {
        const Range above = RangeOf(segments[s].upper, segments[s].upper_x);
        const Range below = RangeOf(segments[s].lower, segments[s].lower_x);
        const double low = std::max(above.low, below.low), high = std::min(above.high, below.high);
        if (low <= high)
          places_.upper[s] = places_.lower[s] =
              std::clamp((places_.upper[s] + places_.lower[s]) / 2, low, high);
      }
    }
  }

  /// Those that leave (or reach) a box, in the order of where they go, at least a gap apart if there is room:
  /// the least squares of what they are moved by, by pooling neighbours (isotonic regression).
  void Spread(uint32_t box, const Lists& lists, bool leaving) {
    std::vector<double>& at = leaving ? places_.upper : places_.lower;
    const uint32_t count = lists.size(box);
    if (count < 2) return;
    side_.assign(lists.first(box), lists.last(box));
    const auto other = [&](uint32_t s) {
      return leaving ? layers_.segments[s].lower : layers_.segments[s].upper;
    };
    StableOrder(&side_, [&](uint32_t a, uint32_t b) { return places_.x[other(a)] < places_.x[other(b)]; });
    const Range range = RangeOf(box, NAN);
    double gap = std::min(options_.edge_gap, (range.high - range.low) / (count - 1));
    // Closer, where the one on the main line would have to give way.
    const auto firm = [&](uint32_t s) { return weight_[s] == kFirm; };
    if (const auto main = std::find_if(side_.begin(), side_.end(), firm); main != side_.end()) {
      const auto before = main - side_.begin(), after = side_.end() - main - 1;
      if (before > 0) gap = std::min(gap, (at[*main] - range.low) / static_cast<double>(before));
      if (after > 0) gap = std::min(gap, (range.high - at[*main]) / static_cast<double>(after));
      gap = std::max(gap, 0.0);
    }
    pools_.clear();
    for (uint32_t i = 0; i < count; ++i) {
      Pool pool{at[side_[i]] - i * gap, weight_[side_[i]], 1};
      while (!pools_.empty() && pools_.back().middle >= pool.middle) {
        const Pool& before = pools_.back();
        const double weight = before.weight + pool.weight;
        pool = {(before.middle * before.weight + pool.middle * pool.weight) / weight, weight,
                before.count + pool.count};
        pools_.pop_back();
      }
      pools_.push_back(pool);
    }
    uint32_t i = 0;
    for (const Pool& pool : pools_)
      for (uint32_t end = i + pool.count; i < end; ++i)
        at[side_[i]] =
            std::clamp(pool.middle, range.low, std::max(range.low, range.high - (count - 1) * gap)) + i * gap;
  }

  void MakePoints() {
    const Heights heights = PlaceHeights(part_, layers_, places_, options_, room_.y);
    result_.width = width_;
    result_.height = heights.height;
    if (room_.y > 0) {
      result_.room = {width_ + options_.vertex_gap, heights.room_top};
      result_.width += options_.vertex_gap + room_.x;
      result_.height = std::max(result_.height, heights.room_top + room_.y);
    }
    for (uint32_t box = 0; box < layers_.boxes; ++box)
      result_.corners.push_back({places_.x[box] - part_.boxes[box].width / 2 - left_, heights.box_top[box]});

    // Where bundles bend: few of them do, and at few places.
    std::vector<uint32_t> bends, first_bend;
    for (const auto& bundle : layers_.bundles) {
      first_bend.push_back(static_cast<uint32_t>(bends.size()));
      if (bundle.lane) continue;
      for (uint32_t s = bundle.segment; s < bundle.segment + (bundle.last - bundle.first); ++s)
        if (places_.upper[s] != places_.lower[s]) bends.push_back(s);
    }
    first_bend.push_back(static_cast<uint32_t>(bends.size()));

    const auto slant = [&](uint32_t s) {
      if (places_.upper[s] == places_.lower[s]) return;
      Add(places_.upper[s], heights.slant_top[s]);
      Add(places_.lower[s], heights.slant_bottom[s]);
    };
    for (uint32_t i = 0; i < part_.links.size(); ++i) {
      const auto& link = part_.links[i];
      const auto& way = layers_.ways[i];
      result_.first_point.push_back(static_cast<uint32_t>(result_.points.size()));
      Add(places_.upper[way.first], heights.box_top[link.upper] + part_.boxes[link.upper].height);
      slant(way.first);
      if (way.bundle != kNone) {
        // The part of the bundle between the two.
        const auto row = [this](uint32_t s) { return layers_.row[layers_.segments[s].upper]; };
        auto bend = std::partition_point(bends.begin() + first_bend[way.bundle],
                                         bends.begin() + first_bend[way.bundle + 1],
                                         [&](uint32_t s) { return row(s) <= layers_.row[link.upper]; });
        for (; bend != bends.begin() + first_bend[way.bundle + 1] && row(*bend) + 1 < layers_.row[link.lower];
             ++bend)
          slant(*bend);
        slant(way.last);
      }
      Add(places_.lower[way.last], heights.box_top[link.lower]);
      if (result_.points.size() - result_.first_point.back() == 1)  // boxes without any height or gap
        result_.points.push_back(result_.points.back());
    }
    result_.first_point.push_back(static_cast<uint32_t>(result_.points.size()));
  }

  /// Leaves out points that are none, and those on a straight way down.
  void Add(double x, double y) {
    const LayoutPoint point{x - left_, y};
    auto& points = result_.points;
    const size_t count = points.size() - result_.first_point.back();
    if (count >= 1 && points.back().x == point.x && points.back().y == point.y) return;
    if (count >= 2 && points.back().x == point.x && points[points.size() - 2].x == point.x) {
      points.back() = point;
    } else {
      points.push_back(point);
    }
  }

  struct Pool {
    double middle, weight;
    uint32_t count;
  };

  const Part& part_;
  const Layers& layers_;
  Places places_;
  const LayoutOptions& options_;
  const LayoutPoint room_;
  PartLayout result_;
  double left_ = 0, width_ = 0;
  std::vector<double> weight_;
  std::vector<uint32_t> side_;
  std::vector<Pool> pools_;
};

}  // namespace

PartLayout RouteLinks(const Part& part, const Layers& layers, const std::vector<double>& x,
                      const LayoutOptions& gaps, LayoutPoint room) {
  return Router(part, layers, x, gaps, room).Run();
}

}  // namespace tensorpane
