#include "graph/labels.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <unordered_map>
#include <vector>

namespace tensorpane {
namespace {

constexpr double kSize = 10.5;  // of the font, pixels
/// Boxes have padding for what a font is wider; a label would run into a line.
constexpr double kWider = 1.15;
/// What a box is coloured by stands at its right: "840.25 µs", "19.4 MB" (web/src/views/graphs/geometry.ts).
constexpr double kValueWidth = 56, kValueGap = 4, kSummaryGap = 9;
/// The head of an open box, and the two that a stack has behind it.
constexpr double kHead = 24, kBehind = 6;
/// Around lines, whose corners are rounded within this; around outlines of open boxes; beside other words.
constexpr double kBesideLine = 4, kBesideOutline = 2, kBesideWords = 4;
/// Shorter stretches of lines have no room for a label; of long ones some places are tried.
constexpr double kLeastStretch = 13, kPlaceStep = 16;
constexpr int kMostEachWay = 2;
constexpr size_t kMostStretches = 8;

/// A line, and as much around it; one without length is a rectangle.
struct Mark {
  LayoutPoint a, b;
  double across, down;

  static Mark Rect(double left, double top, double right, double bottom) {
    const LayoutPoint middle{(left + right) / 2, (top + bottom) / 2};
    return {middle, middle, (right - left) / 2, (bottom - top) / 2};
  }
  /// Whether it lies over a rectangle.
  bool IsOver(const Mark& rect) const {
    double begin = 0, end = 1;  // of the line, what is there
    const auto clip = [&](double at, double step, double middle, double room) {
      if (step == 0) {
        if (std::abs(at - middle) >= room) end = -1;
        return;
      }
      const double one = (middle - room - at) / step, other = (middle + room - at) / step;
      begin = std::max(begin, std::min(one, other));
      end = std::min(end, std::max(one, other));
    };
    clip(a.x, b.x - a.x, rect.a.x, rect.across + across);
    clip(a.y, b.y - a.y, rect.a.y, rect.down + down);
    return begin < end;
  }
};

/// Whatever words may not lie on, by squares of the drawing: only in those where words may come to lie.
class Ground {
 public:
  void Want(const Mark& mark) {
    for (const uint64_t cell : CellsOf(mark)) cells_[cell];
  }
  void Add(const Mark& mark) {
    for (const uint64_t cell : CellsOf(mark)) {
      if (const auto found = cells_.find(cell); found != cells_.end()) found->second.push_back(mark);
    }
  }
  bool IsFree(const Mark& rect) {
    for (const uint64_t cell : CellsOf(rect)) {
      for (const Mark& mark : cells_[cell]) {
        if (mark.IsOver(rect)) return false;
      }
    }
    return true;
  }

 private:
  const std::vector<uint64_t>& CellsOf(const Mark& mark) {
    const auto cell = [](double at) { return static_cast<int32_t>(std::floor(at / 64)); };
    found_.clear();
    const int32_t right = cell(std::max(mark.a.x, mark.b.x) + mark.across);
    const int32_t bottom = cell(std::max(mark.a.y, mark.b.y) + mark.down);
    for (int32_t x = cell(std::min(mark.a.x, mark.b.x) - mark.across); x <= right; ++x) {
      for (int32_t y = cell(std::min(mark.a.y, mark.b.y) - mark.down); y <= bottom; ++y) {
        found_.push_back(static_cast<uint64_t>(x) << 32 | static_cast<uint32_t>(y));
      }
    }
    return found_;
  }

  std::unordered_map<uint64_t, std::vector<Mark>> cells_;
  std::vector<uint64_t> found_;
};

/// A stretch of a line that goes about straight down or up.
struct Stretch {
  uint32_t piece;
  double left, right, top, bottom;
};

/// Of a piece, the longest first.
void AddStretches(const ScenePiece& piece, uint32_t index, std::vector<Stretch>* stretches) {
  const size_t begin = stretches->size();
  for (size_t p = 0; p + 1 < piece.points.size(); ++p) {
    const auto [left, right] = std::minmax(piece.points[p].x, piece.points[p + 1].x);
    const auto [top, bottom] = std::minmax(piece.points[p].y, piece.points[p + 1].y);
    if (bottom - top < kLeastStretch || right - left > (bottom - top) / 8) continue;
    size_t at = begin;
    while (at < stretches->size() && (*stretches)[at].bottom - (*stretches)[at].top >= bottom - top) ++at;
    stretches->insert(stretches->begin() + static_cast<std::ptrdiff_t>(at),
                      {index, left, right, top, bottom});
  }
}

/// Places for a label beside a stretch: the middle first, and the right first; true = it is taken.
bool AnyPlace(const Stretch& stretch, const ScenePiece& piece, const std::function<bool(const Mark&)>& take) {
  const double width = LabelWidth(piece), gap = piece.width / 2 + kLabelGap;
  const double room = (stretch.bottom - stretch.top - kLabelHeight) / 2;
  const int each_way = std::min(static_cast<int>(room / kPlaceStep), kMostEachWay);
  for (int i = 0; i <= 2 * each_way; ++i) {
    const double away = each_way == 0 ? 0 : (i + 1) / 2 * room / each_way;
    const double top = stretch.top + room + (i % 2 == 0 ? away : -away);
    for (const double left : {stretch.right + gap, stretch.left - gap - width}) {
      if (take(Mark::Rect(left, top, left + width, top + kLabelHeight))) return true;
    }
  }
  return false;
}

/// Whether an edge that leaves together with this one has the same label at this stretch.
bool IsTold(const std::vector<ScenePiece>& pieces, const Stretch& stretch) {
  const ScenePiece& piece = pieces[stretch.piece];
  const double near = kLabelGap + piece.width, width = LabelWidth(piece);
  // Those that leave one box come after each other.
  for (uint32_t i = stretch.piece; i-- > 0 && pieces[i].from == piece.from;) {
    const LayoutPoint at = pieces[i].label_at;
    if (at.y >= stretch.top && at.y <= stretch.bottom && pieces[i].label == piece.label &&
        (std::abs(at.x - stretch.right) < near || std::abs(at.x + width - stretch.left) < near)) {
      return true;
    }
  }
  return false;
}

/// Of each piece the first one of its edge: those that are joined by ports and have the same label.
std::vector<uint32_t> FirstPieces(const std::vector<ScenePiece>& pieces) {
  std::vector<uint32_t> first(pieces.size());
  const auto root = [&first](uint32_t i) {
    while (first[i] != i) i = first[i];
    return i;
  };
  std::unordered_map<std::string, uint32_t> at_port;
  for (uint32_t i = 0; i < pieces.size(); ++i) {
    first[i] = i;
    if (pieces[i].label.empty()) continue;
    for (const int64_t end : {pieces[i].from, pieces[i].to}) {
      if (end >= 0) continue;
      const uint32_t other =
          root(at_port.emplace(std::to_string(end) + ' ' + pieces[i].label, i).first->second);
      const uint32_t own = root(i);
      first[std::max(own, other)] = std::min(own, other);
    }
  }
  // The first one of a first one is known by then.
  for (uint32_t i = 0; i < pieces.size(); ++i) first[i] = first[first[i]];
  return first;
}

}  // namespace

double LabelWidth(const ScenePiece& piece) { return std::ceil(TextWidth(piece.label, kSize) * kWider); }

void PlaceLabels(Scene* scene) {
  std::vector<ScenePiece>& pieces = scene->pieces;
  const auto value = [](const SceneBox& box) {
    const double left = box.x + box.width + (box.summaries > 0 ? kSummaryGap : kValueGap);
    const double top = box.y + (box.height - kLabelHeight) / 2;
    return Mark::Rect(left, top, left + kValueWidth, top + kLabelHeight);
  };
  Ground ground;
  for (SceneBox& box : scene->boxes) {
    // What is not coloured by a scale has no greatest value.
    box.has_value_room =
        scene->most > 0 && box.kind == BoxKind::kOp && !box.is_open && !std::isnan(box.colour.index);
    if (box.has_value_room) ground.Want(value(box));
  }
  // Stretches by edge: those of the outermost pieces first, which come first.
  const std::vector<uint32_t> first = FirstPieces(pieces);
  std::vector<std::vector<Stretch>> edges(pieces.size());
  size_t count = 0;
  for (uint32_t i = 0; i < pieces.size(); ++i) {
    std::vector<Stretch>& stretches = edges[first[i]];
    if (pieces[i].label.empty() || stretches.size() >= kMostStretches) continue;
    if (first[i] == i && ++count > kMostLabels) break;
    const size_t begin = stretches.size();
    AddStretches(pieces[i], i, &stretches);
    for (size_t j = begin; j < stretches.size(); ++j) {
      AnyPlace(stretches[j], pieces[i], [&ground](const Mark& rect) {
        ground.Want(rect);
        return false;
      });
    }
  }

  for (const SceneBox& box : scene->boxes) {
    const double right = box.x + box.width, bottom = box.y + box.height;
    if (box.is_open) {
      ground.Add(Mark::Rect(box.x, box.y, right, box.y + kHead));
      const LayoutPoint corners[] = {{box.x, box.y}, {right, box.y}, {right, bottom}, {box.x, bottom}};
      for (int i = 0; i < 4; ++i) {
        ground.Add({corners[i], corners[(i + 1) % 4], kBesideOutline, kBesideOutline});
      }
    } else {
      const double behind = box.kind == BoxKind::kStack ? kBehind : 0;
      ground.Add(Mark::Rect(box.x, box.y - behind, right + behind, bottom));
    }
  }
  for (const ScenePiece& piece : pieces) {
    const double around = piece.width / 2 + kBesideLine;
    for (size_t p = 0; p + 1 < piece.points.size(); ++p) {
      ground.Add({piece.points[p], piece.points[p + 1], around, around});
    }
  }

  const auto take = [&ground](Mark rect) {
    if (!ground.IsFree(rect)) return false;
    rect.across += kBesideWords;
    ground.Add(rect);
    return true;
  };
  for (SceneBox& box : scene->boxes) box.has_value_room = box.has_value_room && take(value(box));
  for (const std::vector<Stretch>& stretches : edges) {
    for (const Stretch& stretch : stretches) {
      ScenePiece& piece = pieces[stretch.piece];
      const bool is_done = IsTold(pieces, stretch) || AnyPlace(stretch, piece, [&](const Mark& rect) {
                             if (!take(rect)) return false;
                             piece.label_at = {rect.a.x - rect.across, rect.a.y - rect.down};
                             return true;
                           });
      if (is_done) break;
    }
  }
}

}  // namespace tensorpane
