// A GraphDef of 50 MB to what a dump says of it.

#include <benchmark/benchmark.h>

#include "bench_data.h"
#include "graph/graph_summary.h"

namespace tensorpane::bench {
namespace {

void graph(benchmark::State& state) {
  const std::string file = ReadData("graph.pb");
  for (auto _ : state) {
    const GraphSummary summary = DescribeGraph(AsBytes(file));
    if (!summary.error.empty()) state.SkipWithError("malformed");
    benchmark::DoNotOptimize(summary.edges);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}
BENCHMARK(graph);

}  // namespace
}  // namespace tensorpane::bench
