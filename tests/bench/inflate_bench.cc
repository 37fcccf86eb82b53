// Inflating a gzip-ed event file of 200 MB.

#include <benchmark/benchmark.h>

#include "archive/inflater.h"
#include "base/bytes.h"
#include "bench_data.h"

namespace tensorpane::bench {
namespace {

void inflate(benchmark::State& state) {
  const std::string file = ReadData("tf2.tfevents.gz");
  uint64_t bytes = 0;
  for (auto _ : state) {
    Inflater inflater(DeflateFormat::kGzip);
    size_t at = 0;
    for (Inflater::Step step; (step = inflater.Next()) < Inflater::Step::kEnd;) {
      if (step != Inflater::Step::kNeedMore) continue;
      const Bytes piece = AsBytes(file).subspan(at, std::min<size_t>(1 << 20, file.size() - at));
      if (piece.empty()) inflater.End();
      inflater.Feed(piece);
      at += piece.size();
    }
    if (inflater.fault() != ArchiveFault::kNone) state.SkipWithError(Name(inflater.fault()));
    bytes += inflater.total_out();
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}
BENCHMARK(inflate);

}  // namespace
}  // namespace tensorpane::bench
