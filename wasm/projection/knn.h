#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "projection/budget.h"
#include "projection/candidates.h"
#include "projection/nearest.h"
#include "projection/panels.h"
#include "projection/points.h"
#include "projection/random.h"

namespace tensorpane {

/// The nearest neighbours of all points.
struct NeighbourTable {
  uint32_t count = 0;            ///< points
  uint32_t k = 0;                ///< of each, itself not among them
  std::vector<uint32_t> rows;    ///< count × k, nearest first, equal ones by their row
  std::vector<float> distances;  ///< of each
  double recall = 1;  ///< share of the true neighbours that are there; measured on a sample unless exact
};

/// Finds them, exactly where that takes a few seconds at most: products of blocks of rows with panels of all
/// others.
///
/// Beyond that, points are parted into lists by k-means, and those of the nearest lists alone are looked at
/// (an inverted file: Jégou, Douze, Schmid 2011, "Product quantization for nearest neighbor search", without
/// the quantiser). How many lists are enough is read off a sample whose neighbours are found exactly; if that
/// is most of them, the search is exact after all. Unlike searches along a graph (NN-descent, HNSW) the work
/// is the same dense products, which SIMD does fastest, and its order is fixed.
class KnnSearch {
 public:
  /// Products of two numbers that an exact search may take: two to three seconds in wasm.
  static constexpr double kExactProducts = 4e10;

  /// @param points must outlive the search
  /// @param k at most count − 1 are found
  KnnSearch(const Points& points, uint32_t k, Metric metric, uint64_t seed,
            double exact_products = kExactProducts);

  /// True = Take() has the answer.
  bool Step(const Budget& budget);
  /// Of work that is about equally long; `of` may shrink or grow.
  uint32_t step() const { return step_; }
  uint32_t of() const { return of_; }
  NeighbourTable Take() { return std::move(table_); }

 private:
  enum class Phase : uint8_t { kTrain, kAssign, kSample, kSearch, kDone };
  static constexpr uint32_t kBlock = 32;  // rows that are searched together
  static constexpr uint32_t kQuads = kBlock / 4;
  static constexpr uint32_t kChunk = 16;  // panels after which candidates are looked for, and cut
  static constexpr uint32_t kOffer = kChunk * Panels::kWidth;

  /// Panels [begin, end), for the quads of rows of a block that `quads` has as bits.
  struct Probe {
    uint32_t begin = 0, end = 0, quads = 0;
  };

  void Unit();
  void PackAll();
  void Train();
  void Assign();
  void Arrange();
  void Sample();
  void Calibrate();
  void Search();
  void MeasureRecall();

  void SearchBlock(std::span<const uint32_t> rows, std::span<const Probe> probes, bool guess);
  /// Of four rows to those of a panel, a line of kOffer for each row.
  void Distances(const float* const* rows, size_t panel, float* distances) const;
  void Keep(std::span<const uint32_t> rows, uint32_t* out_rows, float* out_distances);
  void FindProbes(std::span<const uint32_t> rows, std::vector<Probe>* probes);
  /// Squared distances of four rows to all centroids, less their own square.
  void ToCentroids(const float* const* rows, float* scores);

  Points points_;  // as the metric sees them
  uint32_t k_;
  uint32_t wanted_;  // candidates that are kept until the end
  Metric metric_;
  Random random_;
  std::vector<float> prepared_;
  std::vector<float> squares_;  // of the rows; empty unless Euclidean
  float factor_;                // key of a neighbour = its bias + factor × product
  Panels panels_;
  std::vector<float> biases_;  // as the rows of panels_
  Phase phase_;
  uint32_t step_ = 0, of_ = 0;
  uint32_t at_ = 0;  // rows of the phase that are done
  NeighbourTable table_;

  // Of a block of rows that is searched.
  Candidates candidates_;
  std::vector<NearKey> spare_;
  std::vector<float> distances_;  // kBlock × kOffer

  // Lists.
  uint32_t lists_ = 0;
  uint32_t round_ = 0;
  std::vector<uint32_t> training_, order_;  // rows
  std::vector<float> centroids_, centroid_biases_;
  Panels centroid_panels_;
  std::vector<double> sums_;
  std::vector<uint32_t> members_;
  std::vector<uint32_t> nearest_, second_;  // lists of each row
  std::vector<uint32_t> list_begins_;       // panels
  std::vector<uint32_t> sample_, sample_rows_;
  uint32_t probes_per_quad_ = 0;
  std::vector<float> scores_;
};

}  // namespace tensorpane
