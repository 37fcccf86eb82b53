// CRC-32C by size of the input, and slice-by-16 beside it.

#include <benchmark/benchmark.h>

#include <vector>

#include "records/crc32c.h"
#include "slice16.h"

namespace tensorpane::bench {
namespace {

template <class Crc>
void Run(benchmark::State& state, Crc crc) {
  std::vector<uint8_t> bytes(static_cast<size_t>(state.range(0)));
  uint32_t random = 1;
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>((random = random * 1664525 + 1013904223) >> 24);
  // About a megabyte an iteration: a single short input would measure the loop.
  const size_t times = (1 << 20) / bytes.size();
  uint32_t all = 0;
  for (auto _ : state) {
    for (size_t i = 0; i < times; ++i) all ^= crc(bytes);
    benchmark::DoNotOptimize(all);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(times * bytes.size()));
}

void crc(benchmark::State& state) {
  Run(state, [](Bytes bytes) { return Crc32c(bytes); });
}
void crc_slice16(benchmark::State& state) {
  Run(state, [](Bytes bytes) { return Slice16(bytes); });
}
BENCHMARK(crc)->Arg(8)->Arg(64)->Arg(1 << 10)->Arg(16 << 10)->Arg(1 << 20);
BENCHMARK(crc_slice16)->Arg(8)->Arg(64)->Arg(1 << 10)->Arg(16 << 10)->Arg(1 << 20);

}  // namespace
}  // namespace tensorpane::bench
