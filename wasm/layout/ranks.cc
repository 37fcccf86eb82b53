#include <algorithm>
#include <utility>

#include "layout/part.h"

namespace tensorpane {
namespace {

using Rank = Part::Rank;

constexpr int kPulls = 4;

void Turn(Part::Link* link) {
  std::swap(link->upper, link->lower);
  std::swap(link->upper_x, link->lower_x);
  link->upward = !link->upward;
}

/// 0: those at the top, 1: any, 2: those at the bottom.
int Zone(Rank rank) { return rank == Rank::kTop ? 0 : rank == Rank::kBottom ? 2 : 1; }

void BreakCycles(Part* part) {
  const auto count = static_cast<uint32_t>(part->boxes.size());
  for (auto& link : part->links)
    if (Zone(part->boxes[link.upper].rank) > Zone(part->boxes[link.lower].rank)) Turn(&link);

  const Lists down =
      ListsBy(count, part->links.size(), [part](uint32_t link) { return part->links[link].upper; });
  std::vector<uint32_t> incoming(count, 0);
  for (const auto& link : part->links) ++incoming[link.lower];

  enum : uint8_t { kNew, kOpen, kDone };
  std::vector<uint8_t> state(count, kNew);
  std::vector<std::pair<uint32_t, uint32_t>> stack;  // vertex, next of its list
  std::vector<uint32_t> backward;
  const auto search = [&](uint32_t start) {
    state[start] = kOpen;
    stack.emplace_back(start, down.begin[start]);
    while (!stack.empty()) {
      auto& [vertex, next] = stack.back();
      if (next == down.begin[vertex + 1]) {
        state[vertex] = kDone;
        stack.pop_back();
        continue;
      }
      const uint32_t link = down.items[next++];
      const uint32_t lower = part->links[link].lower;
      if (state[lower] == kOpen) backward.push_back(link);
      if (state[lower] != kNew) continue;
      state[lower] = kOpen;
      stack.emplace_back(lower, down.begin[lower]);
    }
  };
  for (uint32_t vertex = 0; vertex < count; ++vertex)
    if (incoming[vertex] == 0) search(vertex);
  for (uint32_t vertex = 0; vertex < count; ++vertex)
    if (state[vertex] == kNew) search(vertex);
  for (const uint32_t link : backward) Turn(&part->links[link]);
}

}  // namespace

void Ranks::DropEmpty() {
  std::vector<uint32_t> used(count, 0);
  for (const uint32_t r : rank) used[r] = 1;
  count = 0;
  for (uint32_t& r : used) r = r ? count++ : 0;
  for (uint32_t& r : rank) r = used[r];
}

Ranks AssignRanks(Part* part, Deadline* deadline) {
  BreakCycles(part);
  const auto count = static_cast<uint32_t>(part->boxes.size());
  const auto& links = part->links;
  const Lists down = ListsBy(count, links.size(), [&links](uint32_t link) { return links[link].upper; });
  const Lists up = ListsBy(count, links.size(), [&links](uint32_t link) { return links[link].lower; });

  // In an order in which links go forward.
  std::vector<uint32_t> order, waits(count);
  order.reserve(count);
  for (uint32_t vertex = 0; vertex < count; ++vertex)
    if ((waits[vertex] = up.size(vertex)) == 0) order.push_back(vertex);
  for (size_t next = 0; next < order.size(); ++next)
    for (auto link = down.first(order[next]); link != down.last(order[next]); ++link)
      if (--waits[links[*link].lower] == 0) order.push_back(links[*link].lower);

  Ranks ranks;
  ranks.depth.assign(count, 0);
  ranks.height.assign(count, 0);
  for (const uint32_t vertex : order)
    for (auto link = down.first(vertex); link != down.last(vertex); ++link) {
      auto& depth = ranks.depth[links[*link].lower];
      depth = std::max(depth, ranks.depth[vertex] + 1);
    }
  for (auto vertex = order.rbegin(); vertex != order.rend(); ++vertex)
    for (auto link = down.first(*vertex); link != down.last(*vertex); ++link)
      ranks.height[*vertex] = std::max(ranks.height[*vertex], ranks.height[links[*link].lower] + 1);

  // The longest path, zone after zone.
  auto& rank = ranks.rank;
  rank.assign(count, 0);
  uint32_t zone_begin[4] = {0, 0, 0, 0};
  for (int zone = 0; zone < 3; ++zone) {
    uint32_t end = zone_begin[zone];
    for (const uint32_t vertex : order) {
      if (Zone(part->boxes[vertex].rank) != zone) continue;
      rank[vertex] = std::max(rank[vertex], zone_begin[zone]);
      end = std::max(end, rank[vertex] + 1);
      for (auto link = down.first(vertex); link != down.last(vertex); ++link)
        rank[links[*link].lower] = std::max(rank[links[*link].lower], rank[vertex] + 1);
    }
    zone_begin[zone + 1] = end;
  }
  ranks.count = zone_begin[3];

  // Down as far as the nearest consumer where that makes links shorter, or all of them as long as they were;
  // then up again, where nothing is lost by it: what hangs between two others stays at the upper one.
  const auto pull_down = [&](uint32_t vertex, bool ties) {
    const uint32_t in = up.size(vertex), out = down.size(vertex);
    if (out == 0 || in > out || (in == out && !ties)) return;
    uint32_t nearest = zone_begin[2];
    for (auto link = down.first(vertex); link != down.last(vertex); ++link)
      nearest = std::min(nearest, rank[links[*link].lower]);
    rank[vertex] = std::max(rank[vertex], nearest - 1);
  };
  const auto pull_up = [&](uint32_t vertex, bool ties) {
    const uint32_t in = up.size(vertex), out = down.size(vertex);
    if (in == 0 || out > in || (in == out && !ties)) return;
    uint32_t nearest = zone_begin[1];
    for (auto link = up.first(vertex); link != up.last(vertex); ++link)
      nearest = std::max(nearest, rank[links[*link].upper] + 1);
    rank[vertex] = std::min(rank[vertex], nearest);
  };
  for (int pull = 0; pull < kPulls && !deadline->Over(links.size() + count); ++pull) {
    for (auto vertex = order.rbegin(); vertex != order.rend(); ++vertex)
      if (part->boxes[*vertex].rank == Rank::kAny) pull_down(*vertex, pull == 0);
    for (const uint32_t vertex : order)
      if (part->boxes[vertex].rank == Rank::kAny) pull_up(vertex, pull == 0);
  }

  ranks.DropEmpty();
  return ranks;
}

}  // namespace tensorpane
