// What a chart of one long line takes: the pyramid over its points, and a query of a thousand pixels.

#include <benchmark/benchmark.h>

#include <cmath>
#include <limits>

#include "series/line.h"
#include "series/x_axis.h"

namespace tensorpane::bench {
namespace {

PointColumns Walk(int64_t count) {
  PointColumns points(PointColumns::ValueKind::kNumber);
  uint32_t random = 1;
  float value = 0;
  for (int64_t i = 0; i < count; ++i) {
    random = random * 1664525 + 1013904223;
    value += static_cast<float>(random >> 8) / (1 << 24) - 0.5f;
    points.Append(i, 1.7e9 + static_cast<double>(i) * 0.01, value);
  }
  return points;
}

void pyramid_build(benchmark::State& state) {
  const PointColumns points = Walk(state.range(0));
  const Values values(&points);
  for (auto _ : state) {
    Pyramid pyramid;
    pyramid.Extend(values);
    benchmark::DoNotOptimize(pyramid.bytes());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// The middle half of the line, as after a zoom.
void query(benchmark::State& state) {
  const PointColumns points = Walk(state.range(0));
  const Values values(&points);
  Pyramid pyramid;
  pyramid.Extend(values);
  XAxis axis(&points, XKind::kStep, Purge::kNone);
  axis.Extend({{0, points.size()}});
  const auto count = static_cast<double>(state.range(0));
  const Viewport viewport{count / 4, 3 * count / 4, 1000};
  std::vector<double> line;
  for (auto _ : state) {
    line.clear();
    AppendLine(values, axis, pyramid, {}, viewport, &line);
    benchmark::DoNotOptimize(line.data());
  }
}

BENCHMARK(pyramid_build)->Arg(1'000'000);
BENCHMARK(query)->Arg(10'000)->Arg(1'000'000)->Arg(10'000'000);

}  // namespace
}  // namespace tensorpane::bench
