// Event files from memory: framing alone, and all the way into the columns of a log.

#include <benchmark/benchmark.h>

#include "../cpp/read_bytes.h"
#include "bench_data.h"
#include "events/legacy.h"

namespace tensorpane::bench {
namespace {

/// As much at a time as the page's worker feeds.
constexpr size_t kPiece = 1 << 20;

void Framing(benchmark::State& state, const char* name) {
  const std::string file = ReadData(name);
  for (auto _ : state) {
    RecordReader reader(file.size());
    uint64_t records = 0;
    size_t at = 0;
    for (RecordReader::Step step; (step = reader.Next()) != RecordReader::Step::kEnd;) {
      records += step == RecordReader::Step::kRecord;
      if (step != RecordReader::Step::kNeedMore) continue;
      const Bytes piece = AsBytes(file).subspan(at, std::min(kPiece, file.size() - at));
      if (piece.empty()) reader.End();
      reader.Append(piece);
      at += piece.size();
    }
    benchmark::DoNotOptimize(records);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}

void Decode(benchmark::State& state, const char* name) {
  const std::string file = ReadData(name);
  for (auto _ : state) {
    Log log(size_t{3} << 30);
    testing::ReadBytes(&log, ".", file);
    benchmark::DoNotOptimize(log.bytes());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}

/// Reads the log and every histogram in it: EventAccumulator decodes them too.
void DecodeHistograms(benchmark::State& state) {
  const std::string file = ReadData("histograms.tfevents");
  for (auto _ : state) {
    Log log(size_t{3} << 30);
    testing::ReadBytes(&log, ".", file);
    double sum = 0;
    for (const Series& series : log.series()) {
      for (uint32_t i = 0; i < series.points.size(); ++i) {
        const BlobRef blob = series.points.blob(i);
        const auto histogram = ReadOldHistogram(AsBytes(file).subspan(blob.offset, blob.length()));
        const auto buckets = CompatibleBuckets(*histogram);
        for (const auto& [left, right, count] : *buckets) sum += count;
      }
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(file.size()));
}

BENCHMARK_CAPTURE(Framing, tf2, "tf2.tfevents")->Name("framing/tf2");
BENCHMARK_CAPTURE(Framing, simple, "simple.tfevents")->Name("framing/simple");
BENCHMARK_CAPTURE(Framing, images, "images.tfevents")->Name("framing/images");
BENCHMARK_CAPTURE(Decode, tf2, "tf2.tfevents")->Name("decode/tf2");
BENCHMARK_CAPTURE(Decode, simple, "simple.tfevents")->Name("decode/simple");
BENCHMARK_CAPTURE(Decode, images, "images.tfevents")->Name("decode/images");
BENCHMARK(DecodeHistograms)->Name("decode/histograms");

}  // namespace
}  // namespace tensorpane::bench
