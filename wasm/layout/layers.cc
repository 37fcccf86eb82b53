#include "layout/layers.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "layout/stable_order.h"

namespace tensorpane {
namespace {

constexpr uint32_t kMany = 8;

/// Equal for the links that may share a bundle.
struct BundleKey {
  uint32_t box;
  bool by_target, upward;
  double x;  ///< where they meet it; NaN: anywhere

  bool free() const { return std::isnan(x); }
  auto Rest() const { return std::tuple(box, by_target, upward, !free()); }
  bool operator==(const BundleKey& other) const { return Rest() == other.Rest() && (free() || x == other.x); }
  bool operator<(const BundleKey& other) const {
    if (Rest() != other.Rest()) return Rest() < other.Rest();
    return !free() && x < other.x;
  }
};

}  // namespace

Layers MakeLayers(const Part& part, const Ranks& ranks, size_t max_dummies, bool* cut) {
  Layers layers;
  layers.boxes = static_cast<uint32_t>(part.boxes.size());
  layers.row = ranks.rank;
  for (const auto& box : part.boxes) {
    layers.left.push_back(box.width / 2);
    layers.right.push_back(box.width / 2 + box.loops);
  }

  // Which long links go together: those of a source; those of a target when it has many, and each source few.
  const auto is_long = [&](const Part::Link& link) {
    return ranks.rank[link.lower] - ranks.rank[link.upper] > 1;
  };
  std::vector<uint32_t> leaving(layers.boxes, 0), arriving(layers.boxes, 0), long_links;
  for (uint32_t i = 0; i < part.links.size(); ++i) {
    if (!is_long(part.links[i])) continue;
    ++leaving[part.links[i].upper], ++arriving[part.links[i].lower];
    long_links.push_back(i);
  }
  const auto key = [&](uint32_t i) -> BundleKey {
    const auto& link = part.links[i];
    const uint32_t many = std::max(kMany, leaving[link.upper] + 1);
    return arriving[link.lower] >= many ? BundleKey{link.lower, true, link.upward, link.lower_x}
                                        : BundleKey{link.upper, false, link.upward, link.upper_x};
  };
  StableOrder(&long_links, [&](uint32_t a, uint32_t b) { return key(a) < key(b); });

  std::vector<uint32_t> bundle_of(part.links.size(), kNone);
  for (size_t i = 0; i < long_links.size(); ++i) {
    const auto& link = part.links[long_links[i]];
    const uint32_t first = ranks.rank[link.upper] + 1, last = ranks.rank[link.lower] - 1;
    if (i == 0 || !(key(long_links[i - 1]) == key(long_links[i])))
      layers.bundles.push_back({0, 0, first, last, false});
    auto& bundle = layers.bundles.back();
    bundle.first = std::min(bundle.first, first);
    bundle.last = std::max(bundle.last, last);
    bundle_of[long_links[i]] = static_cast<uint32_t>(layers.bundles.size() - 1);
  }

  // The longest go on lanes until the others have room.
  std::vector<uint32_t> by_length(layers.bundles.size());
  std::iota(by_length.begin(), by_length.end(), 0);
  const auto length = [&](uint32_t b) -> size_t {
    return layers.bundles[b].last - layers.bundles[b].first + 1;
  };
  size_t dummies = 0;
  for (const uint32_t b : by_length) dummies += length(b);
  if (dummies > max_dummies) {
    StableOrder(&by_length, [&](uint32_t a, uint32_t b) { return length(a) > length(b); });
    for (const uint32_t b : by_length) {
      if (dummies <= max_dummies) break;
      layers.bundles[b].lane = true;
      dummies -= length(b);
    }
    *cut = true;
  }

  // Dummies, and the segments between them: one for each stretch of a bundle.
  for (auto& bundle : layers.bundles) {
    bundle.node = layers.node_count();
    bundle.segment = static_cast<uint32_t>(layers.segments.size());
    if (bundle.lane) {
      layers.row.push_back(kNone);
      continue;
    }
    for (uint32_t row = bundle.first; row <= bundle.last; ++row) layers.row.push_back(row);
    for (uint32_t row = bundle.first; row < bundle.last; ++row) {
      const uint32_t node = bundle.node + (row - bundle.first);
      layers.segments.push_back({node, node + 1, 0, 0, NAN, NAN});
    }
  }
  layers.left.resize(layers.row.size(), 0);

  // The ends of links. Those that a bundle has at its box are one segment.
  layers.ways.resize(part.links.size());
  std::vector<uint32_t> shared(layers.bundles.size() * 2, kNone);  // at the source, at the target
  const auto add = [&](uint32_t upper, uint32_t lower, const Part::Link& link) {
    layers.segments.push_back({upper, lower, 0, 0, link.upper_x, link.lower_x});
    return static_cast<uint32_t>(layers.segments.size() - 1);
  };
  const auto carry = [&](uint32_t segment, const Part::Link& link) {
    ++layers.segments[segment].count;
    layers.segments[segment].width = std::max(layers.segments[segment].width, link.width);
  };
  for (uint32_t i = 0; i < part.links.size(); ++i) {
    const auto& link = part.links[i];
    auto& way = layers.ways[i];
    way.bundle = bundle_of[i];
    if (way.bundle == kNone) {
      way.first = way.last = add(link.upper, link.lower, link);
      carry(way.first, link);
      continue;
    }
    const auto& bundle = layers.bundles[way.bundle];
    const bool by_target = key(i).by_target;
    const uint32_t first = bundle.lane ? 0 : ranks.rank[link.upper] + 1 - bundle.first;
    const uint32_t last = bundle.lane ? 0 : ranks.rank[link.lower] - 1 - bundle.first;
    uint32_t* const at_source = &shared[way.bundle * 2];
    uint32_t* const at_target = &shared[way.bundle * 2 + 1];
    if (by_target) {
      way.first = add(link.upper, bundle.node + first, link);
      if (*at_target == kNone) *at_target = add(bundle.node + last, link.lower, link);
      way.last = *at_target;
    } else {
      if (*at_source == kNone) *at_source = add(link.upper, bundle.node + first, link);
      way.first = *at_source;
      way.last = add(bundle.node + last, link.lower, link);
    }
    carry(way.first, link);
    carry(way.last, link);
    // Between the dummies: counted at the end where it is alone, summed below.
    if (last > first) carry(bundle.segment + (by_target ? first : last - 1), link);
  }
  for (size_t b = 0; b < layers.bundles.size(); ++b) {
    const auto& bundle = layers.bundles[b];
    if (bundle.lane) continue;
    const uint32_t stretches = bundle.last - bundle.first;
    const auto pass = [&](uint32_t from, uint32_t to) {
      auto& target = layers.segments[bundle.segment + to];
      target.count += layers.segments[bundle.segment + from].count;
      target.width = std::max(target.width, layers.segments[bundle.segment + from].width);
    };
    if (shared[b * 2 + 1] != kNone) {
      for (uint32_t i = 1; i < stretches; ++i) pass(i - 1, i);
    } else {
      for (uint32_t i = stretches; i-- > 1;) pass(i, i - 1);
    }
  }
  for (const auto& segment : layers.segments)
    for (const uint32_t node : {segment.upper, segment.lower})
      if (!layers.is_box(node)) layers.left[node] = std::max(layers.left[node], segment.width / 2);
  layers.right.insert(layers.right.end(), layers.left.begin() + layers.boxes, layers.left.end());

  const auto in_rows = [&](uint32_t i) {
    return layers.row[layers.segments[i].upper] != kNone && layers.row[layers.segments[i].lower] != kNone;
  };
  layers.down = ListsBy(layers.node_count(), layers.segments.size(),
                        [&](uint32_t i) { return in_rows(i) ? layers.segments[i].upper : kNone; });
  layers.up = ListsBy(layers.node_count(), layers.segments.size(),
                      [&](uint32_t i) { return in_rows(i) ? layers.segments[i].lower : kNone; });
  layers.rows = ListsBy(ranks.count, layers.row.size(), [&](uint32_t node) { return layers.row[node]; });
  layers.place.assign(layers.node_count(), 0);
  for (uint32_t row = 0; row < ranks.count; ++row)
    for (uint32_t i = 0; i < layers.rows.size(row); ++i) layers.place[layers.rows.first(row)[i]] = i;
  return layers;
}

}  // namespace tensorpane
