#include "layout/heights.h"

#include <algorithm>
#include <cmath>

namespace tensorpane {
namespace {

constexpr double kSlant = 16;      // of a segment between rows: so many pixels aside for one down
constexpr double kMostExtra = 32;  // pixels that a gap is higher for it
constexpr double kMixed =
    40;  // pixels between the highest and the lowest box of a row, from where it is tried
constexpr double kLower = 0.9;  // how high the second way may be, to be taken

/// How far down each x is filled: a tree over the places where anything begins or ends.
class Skyline {
 public:
  explicit Skyline(std::vector<double> places) : places_(std::move(places)) {
    std::sort(places_.begin(), places_.end());
    places_.erase(std::unique(places_.begin(), places_.end()), places_.end());
    while (leaves_ < places_.size()) leaves_ *= 2;
    all_.assign(leaves_ * 2, 0);
    most_.assign(leaves_ * 2, 0);
  }

  double Most(double low, double high) const {
    const auto [first, last] = Leaves(low, high);
    double most = 0;
    for (size_t l = first, r = last; l < r; l /= 2, r /= 2) {
      if (l % 2 == 1) most = std::max(most, most_[l++]);
      if (r % 2 == 1) most = std::max(most, most_[--r]);
    }
    for (size_t at = first; at > 0; at /= 2) most = std::max(most, all_[at]);
    for (size_t at = last - 1; at > 0; at /= 2) most = std::max(most, all_[at]);
    return most;
  }

  void Fill(double low, double high, double y) {
    const auto [first, last] = Leaves(low, high);
    const auto fill = [&](size_t at) {
      all_[at] = std::max(all_[at], y);
      most_[at] = std::max(most_[at], y);
    };
    for (size_t l = first, r = last; l < r; l /= 2, r /= 2) {
      if (l % 2 == 1) fill(l++);
      if (r % 2 == 1) fill(--r);
    }
    for (const size_t leaf : {first, last - 1})
      for (size_t at = leaf / 2; at > 0; at /= 2)
        most_[at] = std::max({all_[at], most_[at * 2], most_[at * 2 + 1]});
  }

  double most() const { return most_[1]; }
  void FillAll(double y) { all_[1] = most_[1] = std::max(most_[1], y); }

 private:
  std::pair<size_t, size_t> Leaves(double low, double high) const {
    const auto place = [this](double x) {
      return static_cast<size_t>(std::lower_bound(places_.begin(), places_.end(), x) - places_.begin());
    };
    const size_t first = place(low);
    return {leaves_ + first, leaves_ + std::max(place(high), first + 1)};
  }

  std::vector<double> places_;
  size_t leaves_ = 1;
  std::vector<double> all_, most_;  // what a node is filled to as a whole, and the most of anything below it
};

class Stacker {
 public:
  Stacker(const Part& part, const Layers& layers, const Places& places, const LayoutOptions& options,
          double room_height)
      : part_(part), layers_(layers), places_(places), options_(options), room_height_(room_height) {
    const uint32_t rows = layers_.row_count();
    height_.assign(rows, 0);
    rank_.assign(rows, Part::Rank::kAny);
    std::vector<double> lowest(rows, INFINITY);
    for (uint32_t box = 0; box < layers_.boxes; ++box) {
      const uint32_t row = layers_.row[box];
      height_[row] = std::max(height_[row], part_.boxes[box].height);
      lowest[row] = std::min(lowest[row], part_.boxes[box].height);
      rank_[row] = part_.boxes[box].rank;
    }
    for (uint32_t row = 0; row < rows; ++row) mixed_ = mixed_ || height_[row] > lowest[row] + kMixed;
    // Boxes and long edges beside a high one; its row has nothing else where it alone is high.
    for (uint32_t row = 0; row < rows; ++row)
      mixed_ = mixed_ || (height_[row] > kMixed && layers_.rows.size(row) > 1);
  }

  Heights Run() {
    Heights rows = AsRows();
    if (!mixed_) return rows;
    Heights dropped = Dropped();
    return dropped.height < rows.height * kLower ? dropped : rows;
  }

 private:
  /// The row that a segment is slanted below; a lane's have one end only.
  uint32_t RowAbove(const Layers::Segment& segment) const {
    return layers_.row[segment.upper] != kNone ? layers_.row[segment.upper] : layers_.row[segment.lower] - 1;
  }

  double Gap(double aside) const { return options_.rank_gap + std::min(kMostExtra, aside / kSlant); }
  double Aside(uint32_t segment) const { return std::abs(places_.upper[segment] - places_.lower[segment]); }
  bool InRows(const Layers::Segment& segment) const {
    return layers_.row[segment.upper] != kNone && layers_.row[segment.lower] != kNone;
  }

  Heights Empty() const {
    Heights heights;
    heights.box_top.resize(layers_.boxes);
    heights.slant_top.resize(layers_.segments.size());
    heights.slant_bottom.resize(layers_.segments.size());
    return heights;
  }

  Heights AsRows() const {
    const uint32_t rows = layers_.row_count();
    std::vector<double> aside(rows, 0), top(rows), bottom(rows);
    for (uint32_t s = 0; s < layers_.segments.size(); ++s)
      if (InRows(layers_.segments[s])) {
        double& most = aside[layers_.row[layers_.segments[s].upper]];
        most = std::max(most, Aside(s));
      }
    Heights heights = Empty();
    double y = 0;
    bool roomy = room_height_ == 0;
    for (uint32_t row = 0; row < rows; ++row) {
      if (row > 0) y += Gap(aside[row - 1]);
      if (rank_[row] == Part::Rank::kTop) {
        heights.room_top = y + height_[row] + options_.rank_gap;
      } else if (rank_[row] == Part::Rank::kBottom && !roomy) {
        y = std::max(y, heights.room_top + room_height_ + options_.rank_gap);
        roomy = true;
      }
      top[row] = y;
      bottom[row] = y += height_[row];
    }
    heights.height = y;
    for (uint32_t box = 0; box < layers_.boxes; ++box) {
      const uint32_t row = layers_.row[box];
      heights.box_top[box] = top[row] + (height_[row] - part_.boxes[box].height) / 2;
    }
    for (uint32_t s = 0; s < layers_.segments.size(); ++s) {
      const uint32_t row = RowAbove(layers_.segments[s]);
      heights.slant_top[s] = bottom[row];
      heights.slant_bottom[s] = top[row + 1];
    }
    return heights;
  }

  struct Piece {
    double low, high, aside;
    uint32_t segment, box;  // one of them is kNone
  };

  /// From the top, row after row and gap after gap, everything falls up as far as it gets. Pieces of edges
  /// that are side by side in a gap share a height, so that they cross nothing but each other. What has no
  /// inputs stands right above what it is for.
  Heights Dropped() const {
    std::vector<double> places;
    const double beside = std::max(0.0, options_.vertex_gap / 2 - 1), clear = options_.edge_gap / 2;
    const auto box_range = [&](uint32_t box) -> std::pair<double, double> {
      return {places_.x[box] - layers_.left[box] - beside, places_.x[box] + layers_.right[box] + beside};
    };
    const auto segment_range = [&](uint32_t s) -> std::pair<double, double> {
      return {std::min(places_.upper[s], places_.lower[s]) - clear,
              std::max(places_.upper[s], places_.lower[s]) + clear};
    };
    for (uint32_t box = 0; box < layers_.boxes; ++box) {
      const auto [low, high] = box_range(box);
      places.insert(places.end(), {low, high});
    }
    for (uint32_t s = 0; s < layers_.segments.size(); ++s) {
      const auto [low, high] = segment_range(s);
      places.insert(places.end(), {low, high});
    }
    Skyline skyline(std::move(places));
    const Lists below = ListsBy(layers_.row_count(), layers_.segments.size(),
                                [this](uint32_t s) { return RowAbove(layers_.segments[s]); });

    std::vector<uint8_t> fed(layers_.node_count(), 0);
    for (const auto& segment : layers_.segments) fed[segment.lower] = 1;

    Heights heights = Empty();
    std::vector<Piece> pieces;
    bool roomy = false, topped = false;
    for (uint32_t row = 0; row < layers_.row_count(); ++row) {
      if (rank_[row] != Part::Rank::kTop && !topped) {
        topped = true;
        if (row > 0) {
          skyline.FillAll(skyline.most());
          heights.room_top = skyline.most();
        }
      }
      if (rank_[row] == Part::Rank::kBottom && !roomy) {
        roomy = true;
        skyline.FillAll(std::max(skyline.most(),
                                 room_height_ > 0 ? heights.room_top + room_height_ + options_.rank_gap : 0));
      }
      pieces.clear();
      for (auto node = layers_.rows.first(row); node != layers_.rows.last(row); ++node) {
        if (!layers_.is_box(*node)) continue;
        const auto [low, high] = box_range(*node);
        heights.box_top[*node] = skyline.Most(low, high);
        pieces.push_back({low, high, 0, kNone, *node});
      }
      for (const Piece& piece : pieces)
        skyline.Fill(piece.low, piece.high, heights.box_top[piece.box] + part_.boxes[piece.box].height);
      if (row + 1 == layers_.row_count()) break;

      for (auto s = below.first(row); s != below.last(row); ++s) {
        const auto& segment = layers_.segments[*s];
        const bool straight = places_.upper[*s] == places_.lower[*s];
        if (straight && !layers_.is_box(segment.upper) && !layers_.is_box(segment.lower)) continue;
        const auto [low, high] = segment_range(*s);
        pieces.push_back({low, high, InRows(segment) ? Aside(*s) : 0, *s, kNone});
      }
      std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
        return a.low != b.low ? a.low < b.low : a.segment < b.segment;
      });
      for (size_t first = 0, last = 0; first < pieces.size(); first = last) {
        double high = pieces[first].high, aside = 0;
        for (; last < pieces.size() && pieces[last].low <= high; ++last) {
          high = std::max(high, pieces[last].high);
          aside = std::max(aside, pieces[last].aside);
        }
        const double top = skyline.Most(pieces[first].low, high);
        const double bottom = top + Gap(aside);
        skyline.Fill(pieces[first].low, high, bottom);
        for (size_t i = first; i < last; ++i) {
          if (pieces[i].segment != kNone) {
            heights.slant_top[pieces[i].segment] = top;
            heights.slant_bottom[pieces[i].segment] = bottom;
          } else if (const uint32_t box = pieces[i].box;
                     part_.boxes[box].rank == Part::Rank::kAny && !fed[box]) {
            heights.box_top[box] = top - part_.boxes[box].height;
          }
        }
      }
    }
    if (!topped) heights.room_top = skyline.most() + options_.rank_gap;
    for (uint32_t box = 0; box < layers_.boxes; ++box)
      heights.height = std::max(heights.height, heights.box_top[box] + part_.boxes[box].height);
    return heights;
  }

  const Part& part_;
  const Layers& layers_;
  const Places& places_;
  const LayoutOptions& options_;
  const double room_height_;
  std::vector<double> height_;  // of rows
  std::vector<Part::Rank> rank_;
  bool mixed_ = false;
};

}  // namespace

Heights PlaceHeights(const Part& part, const Layers& layers, const Places& places,
                     const LayoutOptions& options, double room_height) {
  return Stacker(part, layers, places, options, room_height).Run();
}

}  // namespace tensorpane
