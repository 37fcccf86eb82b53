// The maths of the projector on made-up clusters, without what reads points. `knn_tile` are the products
// alone that an exact search of the same points needs: the yardstick of `knn`.

#include <benchmark/benchmark.h>

#include <vector>

#include "clusters.h"
#include "projection/fuzzy_graph.h"
#include "projection/knn.h"
#include "projection/pca.h"
#include "projection/spectral.h"
#include "projection/tsne.h"
#include "projection/umap.h"

namespace tensorpane::bench {
namespace {

template <class Work>
void Finish(Work* work) {
  while (!work->Step(Budget(50))) {
  }
}

NeighbourTable Neighbours(const Points& points, uint32_t k, Metric metric) {
  KnnSearch search(points, k, metric, 1);
  Finish(&search);
  return search.Take();
}

/// Of 32 rows with all others. A function of its own, since V8 optimises none that is running.
__attribute__((noinline)) F4 Tiles(const Points& points, const Panels& panels, size_t block) {
  F4 sum{};
  const size_t end = std::min<size_t>(points.count, block + 32);
  for (size_t p = 0; p < panels.size(); ++p) {
    for (size_t i = block; i < end; i += 4) {
      const float* const four[4] = {points.Row(i), points.Row(i + 1), points.Row(i + 2), points.Row(i + 3)};
      const Products products(four, panels.Panel(p), points.dimensions);
      for (size_t r = 0; r < 4; ++r) sum += products.low[r] + products.high[r];
    }
  }
  return sum;
}

void knn_tile(benchmark::State& state) {
  constexpr uint32_t kCount = 10000, kDimensions = 50;
  const std::vector<float> values = Clusters(kCount, kDimensions);
  const Points points{values.data(), kCount, kDimensions};
  std::vector<uint32_t> rows;
  for (uint32_t i = 0; i < kCount; ++i) rows.push_back(i);
  Panels panels(kDimensions);
  panels.Add(points, rows);
  for (auto _ : state) {
    F4 sum{};
    for (size_t block = 0; block < kCount; block += 32) sum += Tiles(points, panels, block);
    benchmark::DoNotOptimize(Sum(sum));
  }
}
BENCHMARK(knn_tile)->Unit(benchmark::kMillisecond);

/// @param 0 points, 1 dimensions, 2 k
void knn(benchmark::State& state) {
  const auto count = static_cast<uint32_t>(state.range(0)),
             dimensions = static_cast<uint32_t>(state.range(1));
  const std::vector<float> values = Clusters(count, dimensions);
  for (auto _ : state) {
    const NeighbourTable table = Neighbours({values.data(), count, dimensions},
                                            static_cast<uint32_t>(state.range(2)), Metric::kCosine);
    state.counters["recall"] = table.recall;
  }
}
BENCHMARK(knn)
    ->Args({10000, 50, 300})
    ->Args({10000, 50, 90})
    ->Args({100000, 64, 14})
    ->Unit(benchmark::kMillisecond);

void knn_query(benchmark::State& state) {
  constexpr uint32_t kCount = 100000, kDimensions = 64;
  const std::vector<float> values = Clusters(kCount, kDimensions);
  const Points points{values.data(), kCount, kDimensions};
  std::vector<uint32_t> rows;
  std::vector<float> distances;
  for (auto _ : state) NearestTo(points, points.Row(7), 7, 100, Metric::kCosine, &rows, &distances);
}
BENCHMARK(knn_query)->Unit(benchmark::kMillisecond);

void pca(benchmark::State& state) {
  constexpr uint32_t kCount = 50000, kDimensions = 200;
  const std::vector<float> values = Clusters(kCount, kDimensions);
  for (auto _ : state) {
    Pca work({values.data(), kCount, kDimensions}, Pca::kComponents, 1);
    Finish(&work);
    benchmark::DoNotOptimize(work.variances()[0]);
  }
}
BENCHMARK(pca)->Unit(benchmark::kMillisecond);

/// A thousand steps. @param 0 points, 1 dimensions of the picture
void tsne(benchmark::State& state) {
  constexpr uint32_t kDimensions = 50;
  const auto count = static_cast<uint32_t>(state.range(0));
  TsneOptions options;
  options.dimensions = static_cast<uint32_t>(state.range(1));
  const std::vector<float> values = Clusters(count, kDimensions);
  const Points points{values.data(), count, kDimensions};
  Affinities affinities(Neighbours(points, 90, Metric::kEuclidean), Metric::kEuclidean, options.perplexity);
  Finish(&affinities);
  const WeightedGraph graph = affinities.Take();
  Pca start(points, options.dimensions, 1);
  Finish(&start);
  const std::vector<float> positions = start.TakePositions();
  for (auto _ : state) {
    Tsne work(graph, positions, options);
    Finish(&work);
    state.counters["kl"] = work.divergence();
  }
}
BENCHMARK(tsne)->Args({10000, 2})->Args({10000, 3})->Iterations(1)->Unit(benchmark::kMillisecond);

/// All of it, of 10,000 × 50.
void umap(benchmark::State& state) {
  constexpr uint32_t kCount = 10000, kDimensions = 50;
  const std::vector<float> values = Clusters(kCount, kDimensions);
  const Points points{values.data(), kCount, kDimensions};
  for (auto _ : state) {
    FuzzyGraph fuzzy(Neighbours(points, 14, Metric::kEuclidean));
    Finish(&fuzzy);
    const WeightedGraph graph = fuzzy.Take();
    Spectral spectral(graph, 2, 1);
    Finish(&spectral);
    Umap work(graph, spectral.Take(), {});
    Finish(&work);
    benchmark::DoNotOptimize(work.Positions()[0]);
  }
}
BENCHMARK(umap)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tensorpane::bench
