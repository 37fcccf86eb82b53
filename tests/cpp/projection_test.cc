// The maths of the projector against NumPy, scikit-learn and umap-learn, and against slow ways.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "projection/candidates.h"
#include "projection/custom_axes.h"
#include "projection/distances.h"
#include "projection/exponential.h"
#include "projection/fuzzy_graph.h"
#include "projection/kept.h"
#include "projection/knn.h"
#include "projection/pca.h"
#include "projection/procrustes.h"
#include "projection/repulsion.h"
#include "projection/spectral.h"
#include "projection/tsne.h"
#include "projection/umap.h"
#include "projection_points.h"

namespace tensorpane {
namespace {

using nlohmann::json;

constexpr Metric kMetrics[] = {Metric::kCosine, Metric::kEuclidean, Metric::kDot};
constexpr const char* kNames[] = {"cosine", "euclidean", "dot"};

/// Steps of `budget` milliseconds each, to the end.
template <class Work>
void Finish(Work* work, double budget = 1000) {
  while (!work->Step(Budget(budget))) {
  }
}

NeighbourTable Search(const Points& points, uint32_t k, Metric metric, double budget = 1000) {
  KnnSearch search(points, k, metric, 1);
  Finish(&search, budget);
  return search.Take();
}

TEST(Knn, IsThatOfScikitLearn) {
  const json cases = ProjectionCases().at("neighbours");
  const std::vector<float> values = Digits();
  const Points points{values.data(), kDigits, kPixels};
  for (size_t m = 0; m < 3; ++m) {
    const NeighbourTable table = Search(points, 20, kMetrics[m]);
    EXPECT_EQ(table.recall, 1);
    for (uint32_t i = 0; i < kDigits; i += 10) {
      std::set<uint32_t> rows;
      for (size_t j = 0; j < 20; ++j) {
        const double want = cases[kNames[m]][i / 10][j];
        const uint32_t row = table.rows[i * 20 + j];
        EXPECT_NEAR(table.distances[i * 20 + j], want, 1e-5 * std::max(1.0, std::abs(want)));
        EXPECT_NEAR(SlowDistance(points, points.Row(i), row, kMetrics[m]), want,
                    1e-5 * std::max(1.0, std::abs(want)));
        EXPECT_NE(row, i);
        rows.insert(row);
      }
      EXPECT_EQ(rows.size(), 20u);
    }
  }
}

TEST(Knn, IsThatOfSortingAllForAnySizes) {
  for (const uint32_t count : {2u, 3u, 9u, 33u, 701u}) {
    for (const uint32_t dimensions : {1u, 3u, 10u}) {
      const std::vector<float> values = Clusters(count, dimensions, 3);
      const Points points{values.data(), count, dimensions};
      for (const Metric metric : kMetrics) {
        // In one dimension all cosines are 1 or -1.
        if (metric == Metric::kCosine && dimensions == 1) continue;
        for (const uint32_t k : {1u, 12u, 999u}) {
          const NeighbourTable table = Search(points, k, metric, k == 1 ? 0 : 1000);
          ASSERT_EQ(table.k, std::min(k, count - 1));
          std::vector<uint32_t> rows;
          std::vector<float> distances;
          for (uint32_t i = 0; i < count; i += 1 + count / 40) {
            const std::vector<uint32_t> want = SlowNearest(points, i, k, metric);
            NearestTo(points, points.Row(i), i, k, metric, &rows, &distances);
            ASSERT_EQ(rows.size(), want.size());
            for (size_t j = 0; j < want.size(); ++j) {
              // Those that are nearly as far may change places.
              const double distance = SlowDistance(points, points.Row(i), want[j], metric);
              ASSERT_NEAR(SlowDistance(points, points.Row(i), table.rows[i * table.k + j], metric), distance,
                          2e-5);
              ASSERT_NEAR(SlowDistance(points, points.Row(i), rows[j], metric), distance, 2e-5);
              ASSERT_NEAR(distances[j], distance, 2e-5);
            }
          }
        }
      }
    }
  }
}

TEST(Knn, KeysAreSortedWhateverTheirDistances) {
  Random random(4);
  std::vector<NearKey> spare;
  for (const size_t count : {3u, 64u, 700u}) {
    for (int kind = 0; kind < 5; ++kind) {
      std::vector<NearKey> keys;
      for (uint32_t i = 0; i < count; ++i) {
        const auto number = static_cast<float>(random.Normal());
        const float of_kind[] = {number, 2, i == 0 ? 1e30f : number, i == 0 ? INFINITY : -number * 1e-42f,
                                 static_cast<float>(random.Below(9))};
        keys.push_back(ToNearKey(of_kind[kind], random.Below(1000)));
      }
      std::vector<NearKey> want = keys;
      std::sort(want.begin(), want.end());
      SortNearest(keys.data(), count, &spare);
      EXPECT_EQ(keys, want) << kind << ", " << count;
      EXPECT_EQ(ToNearKey(DistanceOf(keys[0]), RowOf(keys[0])), keys[0]);
    }
  }
}

TEST(Knn, CandidatesAreTheNearestOfAllThatWereOffered) {
  constexpr uint32_t kOwn = 17;
  Random random(6);
  for (const uint32_t wanted : {1u, 5u, 40u, 900u}) {
    Candidates candidates(1, wanted, 100);
    candidates.Clear();
    std::vector<NearKey> want;
    for (uint32_t begin = 0; begin < 700; begin += 100) {
      const uint32_t count = begin == 600 ? 4 : 100;
      std::vector<float> distances;
      std::vector<uint32_t> rows;
      for (uint32_t i = 0; i < count; ++i) {
        // Some as near as others, and places without a row, which are infinitely far away.
        distances.push_back(i % 7 == 3 ? INFINITY : static_cast<float>(random.Below(300)) - 150);
        rows.push_back(begin + i);
        if (i % 7 != 3 && rows.back() != kOwn) want.push_back(ToNearKey(distances[i], rows[i]));
      }
      candidates.Offer(0, kOwn, distances.data(), rows.data(), count);
      candidates.CutToWanted(0);
    }
    std::sort(want.begin(), want.end());
    want.resize(std::min<size_t>(want.size(), wanted));
    ASSERT_GE(candidates.count(0), want.size());
    const NearKey* const found = candidates.Sort(0);
    EXPECT_EQ(std::vector<NearKey>(found, found + want.size()), want) << wanted;
  }
}

TEST(Knn, EqualPointsAreAtDistanceZeroInTheOrderOfTheirRows) {
  const std::vector<float> values(40 * 5, 3.7f);
  const NeighbourTable table = Search({values.data(), 40, 5}, 6, Metric::kEuclidean);
  EXPECT_EQ(std::vector<uint32_t>(table.rows.begin(), table.rows.begin() + 6),
            (std::vector<uint32_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(std::vector<uint32_t>(&table.rows[18], &table.rows[24]),
            (std::vector<uint32_t>{0, 1, 2, 4, 5, 6}));
  for (const float distance : table.distances) EXPECT_EQ(distance, 0);
}

TEST(Knn, NearPointsFarFromTheOriginAreToldApart) {
  std::vector<float> values;
  for (int i = 0; i < 64; ++i) values.insert(values.end(), {1000.0f + static_cast<float>(i), 5000});
  const Points points{values.data(), 64, 2};
  const NeighbourTable table = Search(points, 2, Metric::kEuclidean);
  for (uint32_t i = 1; i < 63; ++i) {
    EXPECT_EQ(table.rows[2 * i], i - 1);
    EXPECT_EQ(table.rows[2 * i + 1], i + 1);
    EXPECT_NEAR(table.distances[2 * i], 1, 1e-4);
  }
}

TEST(Knn, AnApproximateSearchKnowsItsRecall) {
  constexpr uint32_t kCount = 5000, kK = 15;
  const std::vector<float> values = Clusters(kCount, 32, 10);
  const Points points{values.data(), kCount, 32};
  for (const Metric metric : {Metric::kEuclidean, Metric::kCosine}) {
    KnnSearch search(points, kK, metric, 1, 0);
    Finish(&search);
    const NeighbourTable table = search.Take();
    double found = 0, asked = 0;
    std::vector<uint32_t> rows;
    std::vector<float> distances;
    for (uint32_t i = 0; i < kCount; i += 23) {
      NearestTo(points, points.Row(i), i, kK, metric, &rows, &distances);
      for (const uint32_t row : rows) {
        const auto begin = table.rows.begin() + i * kK;
        found += std::find(begin, begin + kK, row) != begin + kK ? 1 : 0;
        ++asked;
      }
    }
    EXPECT_GE(found / asked, 0.95);
    EXPECT_LT(table.recall, 1);
    EXPECT_NEAR(table.recall, found / asked, 0.02);
  }
}

TEST(Knn, IsTheSameWhateverTheBudgets) {
  const std::vector<float> values = Clusters(1500, 16, 5);
  const Points points{values.data(), 1500, 16};
  for (const double exact : {1e12, 0.0}) {
    KnnSearch one(points, 8, Metric::kEuclidean, 1, exact), other(points, 8, Metric::kEuclidean, 1, exact);
    Finish(&one, 0);
    Finish(&other);
    EXPECT_EQ(one.Take().rows, other.Take().rows);
  }
}

// ---- PCA
// -----------------------------------------------------------------------------------------------------

void ExpectPca(const Pca& pca, const json& want) {
  ASSERT_EQ(pca.components(), 10u);
  for (size_t i = 0; i < 10; ++i) {
    const double variance = want["variances"][i];
    EXPECT_NEAR(pca.variances()[i], variance, 1e-6 * variance) << i;
    EXPECT_NEAR(pca.explained()[i], want["explained"][i].get<double>(), 1e-6);
  }
  for (size_t i = 0; i < want["vectors"].size(); ++i) {
    for (size_t d = 0; d < kPixels; ++d) {
      EXPECT_NEAR(pca.directions()[i * kPixels + d], want["vectors"][i][d].get<double>(), 1e-5)
          << i << ", " << d;
    }
  }
}

TEST(PcaTest, IsThatOfNumPy) {
  const json cases = ProjectionCases();
  const std::vector<float> values = Digits();
  Pca covariance({values.data(), kDigits, kPixels}, 10, 1);
  Finish(&covariance, 0);
  ExpectPca(covariance, cases["pca"]);
  Pca gram({values.data(), 40, kPixels}, 10, 1);
  Finish(&gram);
  ExpectPca(gram, cases["pca_few"]);
}

TEST(PcaTest, PositionsAreCentredAndHaveTheVariances) {
  const std::vector<float> values = Digits();
  Pca pca({values.data(), kDigits, kPixels}, 10, 1);
  Finish(&pca);
  const std::vector<float> positions = pca.TakePositions();
  for (size_t c = 0; c < 10; ++c) {
    double sum = 0, square = 0;
    for (size_t i = 0; i < kDigits; ++i) {
      sum += positions[i * 10 + c];
      square += double{positions[i * 10 + c]} * positions[i * 10 + c];
    }
    EXPECT_NEAR(sum / kDigits, 0, 1e-5);
    EXPECT_NEAR(square / (kDigits - 1), pca.variances()[c], 1e-5 * pca.variances()[c]);
  }
}

TEST(PcaTest, RandomisedIsNearToExact) {
  const std::vector<float> values = Clusters(400, 120, 6);
  const Points points{values.data(), 400, 120};
  Pca exact(points, 5, 1), randomised(points, 5, 1, 16);
  Finish(&exact);
  Finish(&randomised);
  EXPECT_FALSE(exact.randomised());
  EXPECT_TRUE(randomised.randomised());
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(randomised.variances()[i], exact.variances()[i], 1e-4 * exact.variances()[i]);
    for (size_t d = 0; d < 120; ++d) {
      EXPECT_NEAR(randomised.directions()[i * 120 + d], exact.directions()[i * 120 + d], 1e-3);
    }
  }
}

TEST(SymmetricEigenTest, APivotOfZeroIsCounted) {
  // Half of the larger value is on the diagonal, which is where halving looks first.
  SymmetricEigen eigen({1, -1, -1, 1}, 2, 2);
  Finish(&eigen, 0);
  ASSERT_EQ(eigen.values().size(), 2u);
  EXPECT_NEAR(eigen.values()[0], 2, 1e-12);
  EXPECT_NEAR(eigen.values()[1], 0, 1e-12);
}

TEST(SymmetricEigenTest, VectorsOfEqualValuesAreOrthogonal) {
  constexpr uint32_t kSide = 12;
  std::vector<double> matrix(kSide * kSide);
  for (uint32_t i = 0; i < kSide; ++i) matrix[i * kSide + i] = i < 6 ? 2 : 1;
  SymmetricEigen eigen(matrix, kSide, 8);
  Finish(&eigen, 0);
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_NEAR(eigen.values()[i], i < 6 ? 2 : 1, 1e-12);
    for (size_t j = 0; j <= i; ++j) {
      const double dot = std::inner_product(&eigen.vectors()[i * kSide], &eigen.vectors()[i * kSide] + kSide,
                                            &eigen.vectors()[j * kSide], 0.0);
      EXPECT_NEAR(dot, i == j ? 1 : 0, 1e-9) << i << ", " << j;
    }
  }
}

TEST(SymmetricEigenTest, VectorsAreEigenvectors) {
  constexpr uint32_t kSide = 40;
  Random random(3);
  std::vector<double> matrix(kSide * kSide);
  for (uint32_t i = 0; i < kSide; ++i) {
    for (uint32_t j = 0; j <= i; ++j) matrix[i * kSide + j] = matrix[j * kSide + i] = random.Normal();
  }
  SymmetricEigen eigen(matrix, kSide, kSide);
  Finish(&eigen);
  double trace = 0;
  for (size_t v = 0; v < kSide; ++v) {
    trace += eigen.values()[v] - matrix[v * kSide + v];
    const double* vector = &eigen.vectors()[v * kSide];
    for (size_t i = 0; i < kSide; ++i) {
      const double image = std::inner_product(vector, vector + kSide, &matrix[i * kSide], 0.0);
      EXPECT_NEAR(image, eigen.values()[v] * vector[i], 1e-9);
    }
  }
  EXPECT_NEAR(trace, 0, 1e-9);
}

// ---- t-SNE
// ---------------------------------------------------------------------------------------------------

TEST(ExponentialTest, IsThatOfTheLibrary) {
  for (float x = -86.9f; x < 80; x += 0.0137f) {
    EXPECT_NEAR(Exponential(Splat(x))[1] / std::exp(double{x}), 1, 4e-7) << x;
  }
  EXPECT_EQ(Exponential(Splat(-INFINITY))[0], 0);
  EXPECT_EQ(Exponential(Splat(0.0f))[3], 1);
}

WeightedGraph DigitAffinities(double perplexity) {
  const std::vector<float> values = Digits();
  const auto k = static_cast<uint32_t>(3 * perplexity);
  Affinities affinities(Search({values.data(), kDigits, kPixels}, k, Metric::kEuclidean), Metric::kEuclidean,
                        perplexity);
  Finish(&affinities, 0);
  return affinities.Take();
}

TEST(TsneTest, AffinitiesAreThoseOfScikitLearn) {
  const json want = ProjectionCases().at("tsne");
  const WeightedGraph graph = DigitAffinities(want["perplexity"]);
  EXPECT_NEAR(std::accumulate(graph.weights.begin(), graph.weights.end(), 0.0), 1, 1e-5);
  for (const auto& [name, row] : want["rows"].items()) {
    const size_t i = std::stoul(name), begin = graph.begins[i], end = graph.begins[i + 1];
    ASSERT_EQ(end - begin, row["columns"].size());
    for (size_t e = begin; e < end; ++e) {
      EXPECT_EQ(graph.targets[e], row["columns"][e - begin].get<uint32_t>());
      const double p = row["p"][e - begin];
      EXPECT_NEAR(graph.weights[e], p, 2e-4 * p + 1e-9);
    }
  }
}

/// Σ p log(p / q) over all pairs.
double SlowDivergence(const WeightedGraph& graph, const std::vector<float>& positions, uint32_t dimensions) {
  const Points points{positions.data(), graph.count(), dimensions};
  double sum_q = 0, divergence = 0;
  const auto q = [&](uint32_t i, uint32_t j) {
    const double distance = SlowDistance(points, points.Row(i), j, Metric::kEuclidean);
    return 1 / (1 + distance * distance);
  };
  for (uint32_t i = 0; i < graph.count(); ++i) {
    for (uint32_t j = 0; j < graph.count(); ++j) sum_q += i == j ? 0 : q(i, j);
  }
  for (uint32_t i = 0; i < graph.count(); ++i) {
    for (size_t e = graph.begins[i]; e < graph.begins[i + 1]; ++e) {
      const double p = graph.weights[e];
      if (p > 0) divergence += p * std::log(p * sum_q / q(i, graph.targets[e]));
    }
  }
  return divergence;
}

TEST(TsneTest, AffinitiesAreMadeInUnitsOfOnePassAtMost) {
  std::vector<float> values(300 * 4);
  Random random(3);
  for (float& value : values) value = static_cast<float>(random.Normal());
  const auto made = [&](double budget, int* steps) {
    Affinities affinities(Search({values.data(), 300, 4}, 30, Metric::kEuclidean), Metric::kEuclidean, 10);
    for (*steps = 1; !affinities.Step(Budget(budget)); ++*steps) continue;
    return affinities.Take();
  };
  int at_once, in_units;
  const WeightedGraph whole = made(1e9, &at_once), cut = made(0, &in_units);
  EXPECT_EQ(at_once, 1);
  EXPECT_EQ(in_units, 5 + 5);  // rows, 64 at a time; then the passes over all weights
  EXPECT_EQ(whole.begins, cut.begins);
  EXPECT_EQ(whole.targets, cut.targets);
  EXPECT_EQ(whole.weights, cut.weights);
}

TEST(TsneTest, EndsWithTheDivergenceOfScikitLearn) {
  const json want = ProjectionCases().at("tsne");
  const std::vector<float> values = Digits();
  for (const uint32_t dimensions : {2u, 3u}) {
    Pca pca({values.data(), kDigits, kPixels}, dimensions, 1);
    Finish(&pca);
    const WeightedGraph graph = DigitAffinities(want["perplexity"]);
    TsneOptions options;
    options.dimensions = dimensions;
    Tsne tsne(graph, pca.TakePositions(), options);
    Finish(&tsne);
    EXPECT_EQ(tsne.step(), 1000u);
    EXPECT_LE(tsne.divergence(), 1.05 * want["divergences"][std::to_string(dimensions)].get<double>());
    EXPECT_NEAR(tsne.divergence(), SlowDivergence(graph, tsne.Positions(), dimensions),
                0.02 * tsne.divergence());
    const double before = tsne.divergence();
    tsne.Perturb();
    tsne.More(1);
    Finish(&tsne);
    EXPECT_GT(tsne.divergence(), before);
  }
}

TEST(RepulsionTest, IsTheSumOverAllPairs) {
  for (const uint32_t dimensions : {2u, 3u}) {
    for (const float theta : {0.0f, 1.0f}) {
      const uint32_t stride = dimensions == 2 ? 2 : 4, count = 900;
      std::vector<float> positions(count * stride);
      Random random(5);
      for (size_t i = 0; i < count; ++i) {
        for (size_t d = 0; d < dimensions; ++d) {
          // Some at one place, and some far away.
          positions[i * stride + d] =
              i < 100 ? 1 : static_cast<float>((i % 7 == 0 ? 40 : 5) * random.Normal());
        }
      }
      Repulsion repulsion(dimensions, theta);
      repulsion.Build(positions.data(), count, stride);
      std::vector<float> forces(positions.size());
      const double sum = repulsion.Repel(0, repulsion.groups(), forces.data(), stride);
      double want_sum = 0, error = 0, size = 0;
      for (size_t i = 0; i < count; ++i) {
        double force[3] = {};
        for (size_t j = 0; j < count; ++j) {
          double square = 0;
          for (size_t d = 0; d < dimensions; ++d) {
            const double apart = double{positions[i * stride + d]} - positions[j * stride + d];
            square += apart * apart;
          }
          const double q = 1 / (1 + square);
          want_sum += i == j ? 0 : q;
          for (size_t d = 0; d < dimensions; ++d) {
            force[d] += q * q * (double{positions[i * stride + d]} - positions[j * stride + d]);
          }
        }
        for (size_t d = 0; d < dimensions; ++d) {
          error += std::pow(force[d] - forces[i * stride + d], 2);
          size += force[d] * force[d];
        }
      }
      const double tolerance = theta == 0 ? 1e-3 : 0.03;
      EXPECT_NEAR(sum / want_sum, 1, tolerance);
      EXPECT_LT(std::sqrt(error / size), tolerance);
    }
  }
}

// ---- UMAP
// ----------------------------------------------------------------------------------------------------

WeightedGraph DigitGraph() {
  const std::vector<float> values = Digits();
  FuzzyGraph fuzzy(Search({values.data(), kDigits, kPixels}, 14, Metric::kEuclidean));
  Finish(&fuzzy, 0);
  return fuzzy.Take();
}

TEST(UmapTest, WeightsAreThoseOfUmapLearn) {
  const json want = ProjectionCases().at("umap");
  const WeightedGraph graph = DigitGraph();
  for (const auto& [name, row] : want["rows"].items()) {
    const size_t i = std::stoul(name), begin = graph.begins[i], end = graph.begins[i + 1];
    ASSERT_EQ(end - begin, row["columns"].size());
    for (size_t e = begin; e < end; ++e) {
      EXPECT_EQ(graph.targets[e], row["columns"][e - begin].get<uint32_t>());
      EXPECT_NEAR(graph.weights[e], row["weights"][e - begin].get<double>(), 1e-4);
    }
  }
}

TEST(UmapTest, CurvesAreThoseOfUmapLearn) {
  const json cases = ProjectionCases();
  for (const json& curve : cases["umap"]["curves"]) {
    const UmapCurve got = FitCurve(curve["min_distance"], curve["spread"]);
    EXPECT_NEAR(got.a, curve["a"].get<double>(), 1e-3);
    EXPECT_NEAR(got.b, curve["b"].get<double>(), 1e-3);
  }
}

TEST(UmapTest, LayoutsCanBeTrustedAsThoseOfUmapLearn) {
  const json want = ProjectionCases().at("umap").at("trustworthiness");
  const std::vector<float> values = Digits();
  const WeightedGraph graph = DigitGraph();
  ASSERT_EQ(Components(graph), 1u);
  for (const uint32_t dimensions : {2u, 3u}) {
    Spectral spectral(graph, dimensions, 1);
    Finish(&spectral, 0);
    UmapOptions options;
    options.dimensions = dimensions;
    Umap umap(graph, spectral.Take(), options);
    Finish(&umap);
    EXPECT_EQ(umap.step(), 500u);
    const std::vector<float> positions = umap.Positions();
    EXPECT_GE(Trustworthiness({values.data(), kDigits, kPixels}, {positions.data(), kDigits, dimensions}, 15),
              want[std::to_string(dimensions)].get<double>() - 0.02);
  }
}

TEST(SpectralTest, ARingIsLaidOutAsOne) {
  constexpr uint32_t kCount = 60;
  WeightedGraph ring;
  ring.begins.push_back(0);
  for (uint32_t i = 0; i < kCount; ++i) {
    std::vector<uint32_t> ends = {(i + 1) % kCount, (i + kCount - 1) % kCount};
    std::sort(ends.begin(), ends.end());
    for (const uint32_t end : ends) {
      ring.targets.push_back(end);
      ring.weights.push_back(1);
    }
    ring.begins.push_back(static_cast<uint32_t>(ring.targets.size()));
  }
  Spectral spectral(ring, 2, 1);
  Finish(&spectral);
  const std::vector<float> positions = spectral.Take();
  // The first two eigenvectors are cos and sin, of which Lanczos' method, which sees only one of a pair,
  // finds both through rounding.
  const double radius = std::hypot(positions[0], positions[1]);
  EXPECT_GT(radius, 0.05);
  EXPECT_EQ(Components(ring), 1u);
}

// ---- The rest
// ------------------------------------------------------------------------------------------------

std::vector<float> Floats(const json& list) { return list.get<std::vector<float>>(); }

TEST(ProcrustesTest, IsThatOfNumPy) {
  const json want = ProjectionCases().at("procrustes");
  const std::vector<float> aligned = Aligned(Floats(want["moving"]), Floats(want["fixed"]), 3);
  for (size_t i = 0; i < aligned.size(); ++i) EXPECT_NEAR(aligned[i], want["aligned"][i].get<double>(), 1e-5);
}

TEST(ProcrustesTest, RowsThatAreNotThereDoNotCount) {
  // Mirrored, turned by a quarter, doubled and moved; the last row is on one side only.
  const std::vector<float> fixed = {0, 0, 1, 0, 0, 2, NAN, NAN};
  const std::vector<float> moving = {5, 5, 5, 7, 9, 5, 5, 9};
  const std::vector<float> want = {0, 0, 1, 0, 0, 2, 2, 0};
  const std::vector<float> aligned = Aligned(moving, fixed, 2);
  for (size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(aligned[i], want[i], 1e-5);
}

TEST(ProcrustesTest, FlatAndConstantPositionsStayFinite) {
  const std::vector<float> constant(9, 4), line = {0, 0, 0, 1, 0, 0, 2, 0, 0},
                                           other = {0, 0, 0, 0, 3, 0, 0, 6, 0};
  for (const auto& [moving, fixed] :
       {std::pair(constant, line), std::pair(line, constant), std::pair(constant, constant)}) {
    for (const float value : Aligned(moving, fixed, 3)) EXPECT_TRUE(std::isfinite(value));
  }
  const std::vector<float> aligned = Aligned(line, other, 3);
  for (size_t i = 0; i < 9; ++i) EXPECT_NEAR(aligned[i], other[i], 1e-5);
}

TEST(CustomAxesTest, DirectionsAreUnitVectorsBetweenCentroids) {
  const std::vector<float> values = {0, 0, 2, 0, 4, 3, 4, 5};
  const Points points{values.data(), 4, 2};
  EXPECT_EQ(Direction(points, {1, {}, {}}), (std::vector<double>{0, 1}));
  EXPECT_EQ(Direction(points, {9, {}, {}}), (std::vector<double>{0, 0}));
  const CustomAxis between{CustomAxis::kBetween, {0, 1}, {2, 3}};
  const std::vector<double> direction = Direction(points, between);
  EXPECT_NEAR(direction[0], 0.6, 1e-12);
  EXPECT_NEAR(direction[1], 0.8, 1e-12);
  EXPECT_EQ(Direction(points, {CustomAxis::kBetween, {2}, {2}}), (std::vector<double>{0, 0}));
  const std::vector<double> both[] = {direction, {1, 0}};
  const std::vector<float> along = Along(points, both);
  EXPECT_FLOAT_EQ(along[4], 4.8f);
  EXPECT_FLOAT_EQ(along[5], 4);
}

TEST(KeptTest, APictureOfAllDimensionsKeepsAllNeighboursAndNoiseFew) {
  const std::vector<float> values = Clusters(300, 3, 4), noise = Clusters(300, 2, 1, 9);
  const Points points{values.data(), 300, 3};
  Kept kept = KeptNeighbours(points, points, {}, 10, Metric::kEuclidean);
  EXPECT_EQ(kept.share, 1);
  EXPECT_EQ(kept.rows, 300u);
  const uint32_t some[] = {3, 4, 5};
  kept = KeptNeighbours(points, {noise.data(), 300, 2}, some, 10, Metric::kEuclidean);
  EXPECT_LT(kept.share, 0.3);
  EXPECT_EQ(kept.rows, 3u);
  EXPECT_EQ(KeptNeighbours(points, points, {}, 999, Metric::kEuclidean).k, 299u);
}

TEST(PreparedTest, SphereizedPointsAreCentredAndOfLengthOne) {
  const std::vector<float> values = {1, 1, 3, 1, 2, 4, 2, 2};
  const std::vector<float> sphere = Prepared({values.data(), 4, 2}, Preparation::kSphereized);
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(std::hypot(sphere[2 * i], sphere[2 * i + 1]), 1, 1e-6);
  EXPECT_EQ(sphere[6], 0);  // it is the centroid
  EXPECT_EQ(sphere[7], 0);
  const std::vector<float> normal = Prepared({values.data(), 4, 2}, Preparation::kNormalised);
  EXPECT_FLOAT_EQ(normal[0], std::sqrt(0.5f));
}

}  // namespace
}  // namespace tensorpane
