#include "projection/knn.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <numeric>

#include "projection/distances.h"

namespace tensorpane {
namespace {

constexpr uint32_t kRounds = 6;  // of k-means
constexpr double kWantedRecall = 0.97;
constexpr uint32_t kSampleRows = 256;

void Shuffle(std::vector<uint32_t>* rows, Random* random) {
  for (size_t i = rows->size(); i > 1; --i) {
    std::swap((*rows)[i - 1], (*rows)[random->Below(static_cast<uint32_t>(i))]);
  }
}

std::vector<uint32_t> AllRows(uint32_t count) {
  std::vector<uint32_t> rows(count);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

}  // namespace

KnnSearch::KnnSearch(const Points& points, uint32_t k, Metric metric, uint64_t seed, double exact_products)
    : points_(points),
      k_(points.count == 0 ? 0 : std::min(k, points.count - 1)),
      // Of |a|² + |b|² − 2ab the last bits are lost: a few more, of which the differences decide.
      wanted_(metric == Metric::kEuclidean ? std::min(k_ + k_ / 8 + 8, std::max(points.count, 1u) - 1) : k_),
      metric_(metric),
      random_(seed),
      factor_(metric == Metric::kEuclidean ? -2.0f : -1.0f),
      panels_(points.dimensions),
      candidates_(kBlock, wanted_, kOffer),
      centroid_panels_(points.dimensions) {
  table_.count = points.count;
  table_.k = k_;
  if (k_ == 0) {
    phase_ = Phase::kDone;
    return;
  }
  if (metric != Metric::kDot) {
    // Near the origin, since what is left of |a|² + |b|² − 2ab is as exact as its parts.
    prepared_ = metric == Metric::kCosine ? Prepared(points, Preparation::kNormalised) : Centred(points);
    points_.values = prepared_.data();
  }
  if (metric == Metric::kEuclidean) {
    squares_.resize(points.count);
    for (size_t i = 0; i < points.count; ++i) {
      squares_[i] = Product(points_.Row(i), points_.Row(i), points.dimensions);
    }
  }
  table_.rows.resize(size_t{points.count} * k_);
  table_.distances.resize(size_t{points.count} * k_);
  distances_.resize(size_t{kBlock} * kOffer);
  order_ = AllRows(points.count);
  Shuffle(&order_, &random_);
  const double products = double{1} * points.count * points.count * points.dimensions;
  if (products <= exact_products) {
    PackAll();
    phase_ = Phase::kSearch;
    of_ = points.count;
    return;
  }
  lists_ = static_cast<uint32_t>(2 * std::sqrt(points.count));
  training_.assign(order_.begin(), order_.begin() + std::min(points.count, 32 * lists_));
  for (uint32_t list = 0; list < lists_; ++list) {
    const float* row = points_.Row(training_[list % training_.size()]);
    centroids_.insert(centroids_.end(), row, row + points.dimensions);
  }
  scores_.resize(4 * (size_t{lists_} + Panels::kWidth));
  phase_ = Phase::kTrain;
  of_ = points.count;
}

void KnnSearch::PackAll() {
  panels_ = Panels(points_.dimensions);
  panels_.Reserve(points_.count);
  panels_.Add(points_, order_);
  biases_.clear();
  lists_ = 0;
}

bool KnnSearch::Step(const Budget& budget) {
  while (phase_ != Phase::kDone) {
    Unit();
    if (budget.Over()) break;
  }
  return phase_ == Phase::kDone;
}

void KnnSearch::Unit() {
  switch (phase_) {
    case Phase::kTrain:
      return Train();
    case Phase::kAssign:
      return Assign();
    case Phase::kSample:
      return Sample();
    case Phase::kSearch:
      return Search();
    case Phase::kDone:
      return;
  }
}

// ---- Products and candidates

void KnnSearch::Distances(const float* const* rows, size_t panel, float* distances) const {
  const Products products(rows, panels_.Panel(panel), points_.dimensions);
  const float* biases = &biases_[panel * Panels::kWidth];
  const F4 low = Load4(biases), high = Load4(biases + 4), factor = Splat(factor_);
  for (size_t r = 0; r < 4; ++r) {
    Store(low + factor * products.low[r], distances + r * kOffer);
    Store(high + factor * products.high[r], distances + r * kOffer + 4);
  }
}

/// @param guess the panels hold rows in no order, so that the first ones tell how near those are that are
///   wanted. A row for which that was too near is searched once more.
void KnnSearch::SearchBlock(std::span<const uint32_t> rows, std::span<const Probe> probes, bool guess) {
  const float* pointers[kBlock];
  uint32_t ids[kBlock];
  for (size_t r = 0; r < kBlock; ++r) {
    ids[r] = rows[std::min(r, rows.size() - 1)];
    pointers[r] = points_.Row(ids[r]);
  }
  candidates_.Clear();
  const uint32_t quads = static_cast<uint32_t>((rows.size() + 3) / 4);
  uint32_t seen = 0, next_guess = kOffer;
  for (const Probe& probe : probes) {
    const auto is_asked = [&](uint32_t quad) { return (probe.quads >> quad & 1) != 0; };
    for (uint32_t chunk = probe.begin; chunk < probe.end; chunk += kChunk) {
      const uint32_t panels = std::min(probe.end - chunk, kChunk), count = panels * Panels::kWidth;
      for (uint32_t panel = 0; panel < panels; ++panel) {
        for (uint32_t q = 0; q < quads; ++q) {
          float* const distances = &distances_[size_t{4} * q * kOffer + panel * Panels::kWidth];
          if (is_asked(q)) Distances(pointers + 4 * q, chunk + panel, distances);
        }
      }
      seen += count;
      const bool is_guess = guess && seen >= next_guess;
      if (is_guess) next_guess *= 4;
      // As many of the first ones as there are neighbours among them on average, and four deviations.
      const double mean = static_cast<double>(seen) * wanted_ / points_.count;
      const auto guessed = std::min<size_t>(wanted_, static_cast<size_t>(mean + 4 * std::sqrt(mean) + 4));
      for (uint32_t r = 0; r < rows.size(); ++r) {
        if (!is_asked(r / 4)) continue;
        candidates_.Offer(r, ids[r], &distances_[r * kOffer], panels_.Rows(chunk), count);
        if (is_guess) candidates_.Cut(r, guessed);
        candidates_.CutToWanted(r);
      }
    }
  }
}

void KnnSearch::Keep(std::span<const uint32_t> rows, uint32_t* out_rows, float* out_distances) {
  const bool euclidean = metric_ == Metric::kEuclidean;
  for (size_t r = 0; r < rows.size(); ++r) {
    NearKey* keys = candidates_.Sort(r);
    const size_t found = std::min<size_t>(candidates_.count(r), wanted_);
    for (size_t i = 0; i < found && euclidean; ++i) {
      const uint32_t row = RowOf(keys[i]);
      keys[i] = ToNearKey(SquaredDistance(points_.Row(rows[r]), points_.Row(row), points_.dimensions), row);
    }
    if (euclidean) SortNearest(keys, found, &spare_);
    for (size_t i = 0; i < std::min<size_t>(found, k_); ++i) {
      const float near = DistanceOf(keys[i]);
      out_rows[r * k_ + i] = RowOf(keys[i]);
      out_distances[r * k_ + i] = euclidean                    ? std::sqrt(near)
                                  : metric_ == Metric::kCosine ? std::clamp(1 + near, 0.0f, 2.0f)
                                                               : near;
    }
  }
}

void KnnSearch::Search() {
  if (biases_.empty()) {
    biases_.resize(panels_.size() * Panels::kWidth);
    for (size_t i = 0; i < biases_.size(); ++i) {
      const uint32_t row = panels_.Rows(i / Panels::kWidth)[i % Panels::kWidth];
      biases_[i] = row == Panels::kPadding ? INFINITY : squares_.empty() ? 0 : squares_[row];
    }
  }
  const uint32_t count = std::min(kBlock, points_.count - at_);
  uint32_t rows[kBlock];
  std::vector<uint32_t> found(size_t{count} * k_);
  std::vector<float> distances(size_t{count} * k_);
  for (uint32_t r = 0; r < count; ++r) rows[r] = lists_ == 0 ? at_ + r : order_[at_ + r];
  const Probe all{0, static_cast<uint32_t>(panels_.size()), (1u << kQuads) - 1};
  if (lists_ == 0) {
    SearchBlock({rows, count}, {&all, 1}, true);
  } else {
    std::vector<Probe> probes;
    FindProbes({rows, count}, &probes);
    SearchBlock({rows, count}, probes, false);
  }
  Keep({rows, count}, found.data(), distances.data());
  std::vector<uint32_t> lacking;
  for (uint32_t r = 0; r < count; ++r) {
    if (candidates_.count(r) < wanted_) lacking.push_back(r);
    std::copy_n(&found[size_t{r} * k_], k_, &table_.rows[size_t{rows[r]} * k_]);
    std::copy_n(&distances[size_t{r} * k_], k_, &table_.distances[size_t{rows[r]} * k_]);
  }
  for (const uint32_t r : lacking) {
    SearchBlock({rows + r, 1}, {&all, 1}, false);
    Keep({rows + r, 1}, &table_.rows[size_t{rows[r]} * k_], &table_.distances[size_t{rows[r]} * k_]);
  }
  at_ += count;
  step_ = at_;
  of_ = points_.count;
  if (at_ < points_.count) return;
  if (!sample_.empty()) MeasureRecall();
  phase_ = Phase::kDone;
}

// ---- Lists

void KnnSearch::ToCentroids(const float* const* rows, float* scores) {
  for (size_t p = 0; p < centroid_panels_.size(); ++p) {
    const Products products(rows, centroid_panels_.Panel(p), points_.dimensions);
    const F4 low = Load4(&centroid_biases_[p * Panels::kWidth]);
    const F4 high = Load4(&centroid_biases_[p * Panels::kWidth + 4]);
    const size_t stride = centroid_panels_.size() * Panels::kWidth;
    for (size_t r = 0; r < 4; ++r) {
      Store(low - Splat(2.0f) * products.low[r], scores + r * stride + p * Panels::kWidth);
      Store(high - Splat(2.0f) * products.high[r], scores + r * stride + p * Panels::kWidth + 4);
    }
  }
}

/// One unit of Lloyd's k-means, on a part of the points.
void KnnSearch::Train() {
  const size_t dimensions = points_.dimensions;
  if (at_ == 0) {
    const Points centroids{centroids_.data(), lists_, points_.dimensions};
    centroid_panels_ = Panels(points_.dimensions);
    centroid_panels_.Add(centroids, AllRows(lists_));
    centroid_biases_.assign(centroid_panels_.size() * Panels::kWidth, FLT_MAX);
    for (size_t i = 0; i < lists_; ++i) {
      centroid_biases_[i] = Product(centroids.Row(i), centroids.Row(i), points_.dimensions);
    }
    sums_.assign(lists_ * dimensions, 0);
    members_.assign(lists_, 0);
    if (round_ == kRounds) {
      phase_ = Phase::kAssign;
      nearest_.resize(points_.count);
      second_.resize(points_.count);
      return;
    }
  }
  const uint32_t end = std::min(static_cast<uint32_t>(training_.size()), at_ + 64);
  const size_t stride = centroid_panels_.size() * Panels::kWidth;
  for (; at_ < end; at_ += 4) {
    const float* rows[4];
    for (uint32_t r = 0; r < 4; ++r) rows[r] = points_.Row(training_[std::min(at_ + r, end - 1)]);
    ToCentroids(rows, scores_.data());
    for (uint32_t r = 0; r < std::min(4u, end - at_); ++r) {
      const float* scores = &scores_[r * stride];
      const size_t list = std::min_element(scores, scores + lists_) - scores;
      ++members_[list];
      for (size_t d = 0; d < dimensions; ++d) sums_[list * dimensions + d] += rows[r][d];
    }
  }
  if (end < training_.size()) return;
  for (size_t list = 0; list < lists_; ++list) {
    const float* stray = points_.Row(training_[random_.Below(static_cast<uint32_t>(training_.size()))]);
    for (size_t d = 0; d < dimensions; ++d) {
      centroids_[list * dimensions + d] =
          members_[list] == 0 ? stray[d] : static_cast<float>(sums_[list * dimensions + d] / members_[list]);
    }
  }
  at_ = 0;
  ++round_;
}

void KnnSearch::Assign() {
  const uint32_t end = std::min(points_.count, at_ + 64);
  const size_t stride = centroid_panels_.size() * Panels::kWidth;
  for (; at_ < end; at_ += 4) {
    const float* rows[4];
    for (uint32_t r = 0; r < 4; ++r) rows[r] = points_.Row(std::min(at_ + r, end - 1));
    ToCentroids(rows, scores_.data());
    for (uint32_t r = 0; r < std::min(4u, end - at_); ++r) {
      const float* scores = &scores_[r * stride];
      uint32_t first = 0, second = 0;
      float first_score = FLT_MAX, second_score = FLT_MAX;
      for (uint32_t list = 0; list < lists_; ++list) {
        if (scores[list] < first_score) {
          second = first, second_score = first_score;
          first = list, first_score = scores[list];
        } else if (scores[list] < second_score) {
          second = list, second_score = scores[list];
        }
      }
      nearest_[at_ + r] = first;
      second_[at_ + r] = second;
    }
  }
  if (end < points_.count) return;
  at_ = 0;
  Arrange();
  phase_ = Phase::kSample;
}

/// Rows in the order of their lists, and of the second nearest ones within, so that a block wants few lists.
void KnnSearch::Arrange() {
  std::sort(order_.begin(), order_.end(), [this](uint32_t a, uint32_t b) {
    if (nearest_[a] != nearest_[b]) return nearest_[a] < nearest_[b];
    if (second_[a] != second_[b]) return second_[a] < second_[b];
    return a < b;
  });
  panels_.Reserve(points_.count + size_t{lists_} * Panels::kWidth);
  size_t begin = 0;
  for (uint32_t list = 0; list < lists_; ++list) {
    list_begins_.push_back(static_cast<uint32_t>(panels_.size()));
    size_t end = begin;
    while (end < points_.count && nearest_[order_[end]] == list) ++end;
    panels_.Add(points_, std::span(order_).subspan(begin, end - begin));
    begin = end;
  }
  list_begins_.push_back(static_cast<uint32_t>(panels_.size()));
  biases_.resize(panels_.size() * Panels::kWidth);
  for (size_t i = 0; i < biases_.size(); ++i) {
    const uint32_t row = panels_.Rows(i / Panels::kWidth)[i % Panels::kWidth];
    biases_[i] = row == Panels::kPadding ? INFINITY : squares_.empty() ? 0 : squares_[row];
  }
  for (uint32_t i = 0; i < std::min(points_.count, kSampleRows); ++i) {
    sample_.push_back(random_.Below(points_.count));
  }
  sample_rows_.resize(sample_.size() * k_);
}

void KnnSearch::Sample() {
  const size_t count = std::min<size_t>(kBlock, sample_.size() - at_);
  const auto rows = std::span<const uint32_t>(sample_).subspan(at_, count);
  const Probe all{0, static_cast<uint32_t>(panels_.size()), (1u << kQuads) - 1};
  std::vector<float> distances(count * k_);
  SearchBlock(rows, {&all, 1}, false);
  Keep(rows, &sample_rows_[size_t{at_} * k_], distances.data());
  at_ += static_cast<uint32_t>(count);
  if (at_ < sample_.size()) return;
  at_ = 0;
  Calibrate();
  phase_ = Phase::kSearch;
}

/// As many lists as hold enough of the neighbours of the sample, when each row asks for the nearest ones.
void KnnSearch::Calibrate() {
  std::vector<uint64_t> at_rank(lists_);  // neighbours in the list that is so many-th nearest
  std::vector<uint32_t> by_nearness(lists_), rank(lists_);
  for (size_t s = 0; s < sample_.size(); ++s) {
    const float* row = points_.Row(sample_[s]);
    const float* rows[4] = {row, row, row, row};
    ToCentroids(rows, scores_.data());
    std::iota(by_nearness.begin(), by_nearness.end(), 0);
    std::sort(by_nearness.begin(), by_nearness.end(), [this](uint32_t a, uint32_t b) {
      return scores_[a] < scores_[b] || (scores_[a] == scores_[b] && a < b);
    });
    for (uint32_t i = 0; i < lists_; ++i) rank[by_nearness[i]] = i;
    for (size_t i = 0; i < k_; ++i) ++at_rank[rank[nearest_[sample_rows_[s * k_ + i]]]];
  }
  const double wanted = kWantedRecall * static_cast<double>(sample_.size() * k_);
  uint64_t found = 0;
  for (probes_per_quad_ = 0; probes_per_quad_ < lists_ && static_cast<double>(found) < wanted;) {
    found += at_rank[probes_per_quad_++];
  }
  // Four rows share what each of them would ask for; and lists must hold k rows, whatever the sample has met.
  probes_per_quad_ = std::min(lists_, probes_per_quad_ + probes_per_quad_ / 2 + 1);
  const uint32_t least = static_cast<uint32_t>(4 * double{1} * k_ * lists_ / points_.count) + 1;
  probes_per_quad_ = std::max(probes_per_quad_, std::min(least, lists_));
  if (2 * probes_per_quad_ < lists_) return;
  sample_.clear();
  order_ = AllRows(points_.count);
  Shuffle(&order_, &random_);
  PackAll();
}

/// The lists that each four rows want, nearest first.
void KnnSearch::FindProbes(std::span<const uint32_t> rows, std::vector<Probe>* probes) {
  const size_t stride = centroid_panels_.size() * Panels::kWidth;
  std::vector<std::pair<float, uint32_t>> lists(lists_);
  std::vector<std::pair<float, uint32_t>> wanted;  // and the quads
  std::vector<uint32_t> quads(lists_);
  std::vector<float> nearness(lists_, FLT_MAX);
  for (size_t q = 0; 4 * q < rows.size(); ++q) {
    const float* quad[4];
    for (size_t r = 0; r < 4; ++r) quad[r] = points_.Row(rows[std::min(4 * q + r, rows.size() - 1)]);
    ToCentroids(quad, scores_.data());
    for (uint32_t list = 0; list < lists_; ++list) {
      float nearest = scores_[list];
      for (size_t r = 1; r < 4; ++r) nearest = std::min(nearest, scores_[r * stride + list]);
      lists[list] = {nearest, list};
    }
    std::nth_element(lists.begin(), lists.begin() + probes_per_quad_, lists.end());
    for (uint32_t i = 0; i < probes_per_quad_; ++i) {
      const auto [near, list] = lists[i];
      quads[list] |= 1u << q;
      nearness[list] = std::min(nearness[list], near);
    }
  }
  for (uint32_t list = 0; list < lists_; ++list) {
    if (quads[list] != 0) wanted.emplace_back(nearness[list], list);
  }
  std::sort(wanted.begin(), wanted.end());
  for (const auto& [near, list] : wanted) {
    probes->push_back({list_begins_[list], list_begins_[list + 1], quads[list]});
  }
}

void KnnSearch::MeasureRecall() {
  uint64_t found = 0;
  for (size_t s = 0; s < sample_.size(); ++s) {
    const uint32_t* truth = &sample_rows_[s * k_];
    std::vector<uint32_t> got(&table_.rows[size_t{sample_[s]} * k_],
                              &table_.rows[size_t{sample_[s]} * k_] + k_);
    std::sort(got.begin(), got.end());
    for (size_t i = 0; i < k_; ++i) found += std::binary_search(got.begin(), got.end(), truth[i]) ? 1 : 0;
  }
  table_.recall = static_cast<double>(found) / static_cast<double>(sample_.size() * k_);
}

}  // namespace tensorpane
