// Levels of graphs, laid out: those that dagre has too, and larger ones.

#include <benchmark/benchmark.h>

#include "graph_shapes.h"
#include "layout/layered.h"

namespace tensorpane::bench {
namespace {

void layout(benchmark::State& state, GraphShape (*make)(uint32_t), uint32_t nodes) {
  const LevelGraph level = ToLevel(make(nodes));
  for (auto _ : state) {
    const LevelLayout drawing = LayOut(level, {});
    if (drawing.coarse) state.SkipWithError("coarse");
    benchmark::DoNotOptimize(drawing.points.data());
  }
}
BENCHMARK_CAPTURE(layout, residual_1000, MakeResidual, 1000);
BENCHMARK_CAPTURE(layout, residual_10000, MakeResidual, 10'000);
BENCHMARK_CAPTURE(layout, layered_300, MakeLayered, 300);
BENCHMARK_CAPTURE(layout, layered_3000, MakeLayered, 3000);
BENCHMARK_CAPTURE(layout, flat_300, MakeFlat, 300);

}  // namespace
}  // namespace tensorpane::bench
