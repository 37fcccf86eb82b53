#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "event_bytes.h"
#include "histograms/compressor.h"
#include "histograms/cumulative.h"
#include "histograms/distance.h"
#include "histograms/grid.h"
#include "histograms/histogram_store.h"
#include "histograms/moments.h"
#include "histograms/rebin.h"

namespace tensorpane {
namespace {

using testing::BytesField;
using testing::DoubleField;
using testing::Raw;

using Rows = std::vector<Bucket>;

/// Buckets beside each other or with gaps, some without width, as writers make them.
Rows RandomRows(std::mt19937* random) {
  std::uniform_real_distribution<> unit(0, 1);
  Rows rows;
  double at = 4 * unit(*random) - 2;
  const int count = 1 + static_cast<int>(30 * unit(*random));
  for (int i = 0; i < count; ++i) {
    if (unit(*random) < 0.2) at += unit(*random);
    const double width = unit(*random) < 0.2 ? 0 : std::pow(10, -6 * unit(*random));
    rows.push_back({at, at + width, unit(*random) < 0.2 ? 0 : std::floor(100 * unit(*random))});
    at += width;
  }
  rows.push_back({at, at + 0.5, 3});
  return rows;
}

double Total(const Rows& rows) {
  return std::accumulate(rows.begin(), rows.end(), 0.0,
                         [](double sum, const Bucket& bucket) { return sum + bucket.count; });
}

TEST(Histograms, BadBucketsAreMendedOrLeftOut) {
  const Histogram bad = MakeHistogram(
      {{5, 4, 2}, {-INFINITY, 0, 1}, {0, 3, NAN}, {1, 2, -4}, {3, 4.5, 6}, {NAN, 1, 9}, {6, INFINITY, 7}});
  EXPECT_FALSE(bad.usable);
  Rows mended;
  const Buckets buckets = UsableBuckets(bad, &mended);
  ASSERT_EQ(buckets.size(), 4);
  const Rows want = {{0, 0, 1}, {3, 4.5, 6}, {4.5, 5, 2}, {6, 6, 7}};
  for (size_t i = 0; i < want.size(); ++i) {
    EXPECT_EQ(buckets[i].left, want[i].left) << i;
    EXPECT_EQ(buckets[i].right, want[i].right) << i;
    EXPECT_EQ(buckets[i].count, want[i].count) << i;
  }
  EXPECT_TRUE(UsableBuckets(MakeHistogram({{NAN, NAN, 1}, {-INFINITY, INFINITY, 1}}), &mended).empty());
}

TEST(Histograms, MomentsAreTheWritersOrOfTheMiddles) {
  Histogram histogram = MakeHistogram({{-1, 0, 1}, {0, 0, 2}, {0, 4, 1}});
  Moments moments = MomentsOf(histogram);
  EXPECT_EQ(moments.count, 4);
  EXPECT_EQ(moments.min, -1);
  EXPECT_EQ(moments.max, 4);
  EXPECT_DOUBLE_EQ(moments.mean, 0.375);
  EXPECT_DOUBLE_EQ(moments.deviation, std::sqrt((0.765625 + 2 * 0.140625 + 2.640625) / 4));
  EXPECT_DOUBLE_EQ(moments.zeros, 0.5);
  histogram.written = {-1, 4, 4, 6, 18};
  moments = MomentsOf(histogram);
  EXPECT_DOUBLE_EQ(moments.mean, 1.5);
  EXPECT_DOUBLE_EQ(moments.deviation, 1.5);
  EXPECT_TRUE(std::isnan(MomentsOf(MakeHistogram({{-1, 1, 1}})).zeros)) << "zeros may be anywhere in it";
  EXPECT_EQ(MomentsOf(MakeHistogram({{-1e-12, 1e-12, 3}, {1e-12, 1, 1}})).zeros, 0.75);
  EXPECT_TRUE(std::isnan(MomentsOf(MakeHistogram({{0, 1, 0}})).mean));
  EXPECT_NEAR(MomentsOf(MakeHistogram({{1e9, 1e9, 1}, {1e9 + 1, 1e9 + 1, 1}})).deviation, 0.5, 1e-9);
}

// The first three: the sum over sorted values by hand in Python; the others: the mean distance of two million
// quantiles.
TEST(Histograms, DistanceIsHowFarValuesAreToBeMoved) {
  const auto spikes = [](const std::vector<std::pair<double, double>>& values) {
    Rows rows;
    for (const auto& [value, count] : values) rows.push_back({value, value, count});
    return MakeHistogram(rows);
  };
  EXPECT_DOUBLE_EQ(WassersteinDistance(spikes({{0, 1}, {1, 1}, {3, 1}}), spikes({{5, 1}, {6, 1}, {8, 1}})),
                   5);
  EXPECT_DOUBLE_EQ(WassersteinDistance(spikes({{0, 3}, {1, 1}}), spikes({{2, 1}, {4.5, 4}})), 3.75);
  EXPECT_NEAR(WassersteinDistance(spikes({{3.4, 1.4}, {3.9, 0.9}, {7.5, 3.1}, {7.8, 7.2}}),
                                  spikes({{1.4, 3.5}, {4.5, 3.2}})),
              4.0781331438047861, 1e-12);
  const Histogram a = MakeHistogram({{0, 1, 1}}), b = MakeHistogram({{0, 0.5, 1}, {0.5, 2, 3}}),
                  c = MakeHistogram({{-1, 0.3, 2}, {0.3, 0.3, 5}, {0.6, 1.1, 1}});
  EXPECT_NEAR(WassersteinDistance(a, b), 0.5, 1e-9);
  EXPECT_NEAR(WassersteinDistance(a, c), 0.30017857142824983, 1e-9);
  EXPECT_NEAR(WassersteinDistance(b, c), 0.79375, 1e-9);
  EXPECT_TRUE(std::isnan(WassersteinDistance(a, MakeHistogram({}))));
}

TEST(Histograms, DistanceIsOneOfAMetricSpace) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const Rows rows = RandomRows(&random);
    const Histogram a = MakeHistogram(rows), b = MakeHistogram(RandomRows(&random)),
                    c = MakeHistogram(RandomRows(&random));
    Rows moved = rows;
    for (Bucket& bucket : moved) bucket.left += 0.25, bucket.right += 0.25;
    EXPECT_NEAR(WassersteinDistance(a, MakeHistogram(moved)), 0.25, 1e-7);
    EXPECT_NEAR(WassersteinDistance(a, a), 0, 1e-12);
    EXPECT_NEAR(WassersteinDistance(a, b), WassersteinDistance(b, a), 1e-9);
    EXPECT_LE(WassersteinDistance(a, c), WassersteinDistance(a, b) + WassersteinDistance(b, c) + 1e-9);
  }
}

TEST(Histograms, SharesRiseFromNothingToAll) {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    const Rows rows = RandomRows(&random);
    const Cumulative share(rows);
    double before = 0;
    for (double x = rows.front().left; x <= rows.back().right; x += 0.01) {
      // Every bucket by itself.
      double sum = 0;
      for (const auto& [left, right, count] : rows) {
        if (right <= x) {
          sum += count;
        } else if (left < x) {
          sum += count * (x - left) / (right - left);
        }
      }
      EXPECT_NEAR(share.Through(x), sum / Total(rows), 1e-12);
      EXPECT_LE(share.Below(x), share.Through(x));
      EXPECT_GE(share.Below(x), before - 1e-12);
      before = share.Through(x);
    }
    EXPECT_EQ(share.Below(rows.front().left), 0);
    EXPECT_DOUBLE_EQ(share.Through(rows.back().right), 1);
  }
}

// Any cells over the whole range: the area under densities is 1, and cells add up to what one cell has.
TEST(Histograms, GridsKeepWhatThereIs) {
  std::mt19937 random(3);
  std::uniform_real_distribution<> unit(0, 1);
  for (int round = 0; round < 200; ++round) {
    const Rows rows = RandomRows(&random);
    const Histogram histogram = MakeHistogram(rows);
    std::vector<double> edges = {rows.front().left, rows.back().right};
    for (int i = 0; i < 40; ++i) edges.push_back(edges[0] + unit(random) * (edges[1] - edges[0]));
    for (const Bucket& bucket : rows) {
      if (unit(random) < 0.3) edges.push_back(bucket.left);
    }
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    std::vector<double> density(edges.size() - 1), counts(density), shares(density);
    AddToGrid(histogram, Measure::kDensity, edges, 1, density);
    AddToGrid(histogram, Measure::kCount, edges, 1, counts);
    AddToGrid(histogram, Measure::kCumulative, edges, 0.5, shares);
    double area = 0, height = 0, want_height = 0;
    for (size_t i = 0; i < density.size(); ++i) {
      const double width = edges[i + 1] - edges[i];
      area += density[i] * width;
      height += counts[i] * width;
      EXPECT_NEAR(2 * shares[i], Cumulative(rows).Through(edges[i + 1]), 1e-12);
    }
    EXPECT_NEAR(area, 1, 1e-9);
    for (const auto& [left, right, count] : rows) want_height += count * (right - left);
    bool has_spikes = false;
    for (const auto& [left, right, count] : rows) has_spikes = has_spikes || (left == right && count > 0);
    if (!has_spikes) EXPECT_NEAR(height, want_height, 1e-9 * want_height);
  }
}

TEST(Histograms, EqualValuesAreBetweenTheEdgesThatHaveThem) {
  const Histogram spike = MakeHistogram({{1, 1, 4}});
  const std::vector<double> edges = {0, 1, 2};
  std::vector<double> row(2);
  AddToGrid(spike, Measure::kCount, edges, 1, row);
  EXPECT_EQ(row, (std::vector<double>{0, 4}));
  row.assign(2, 0);
  AddToGrid(MakeHistogram({{2, 2, 4}}), Measure::kDensity, edges, 1, row);
  EXPECT_EQ(row, (std::vector<double>{0, 1})) << "the last edge too";
  row.assign(2, 0);
  AddToGrid(MakeHistogram({{2.5, 2.5, 4}, {3, 4, 1}}), Measure::kDensity, edges, 1, row);
  AddToGrid(MakeHistogram({{-1, -1, 4}, {-0.5, -0.25, 1}}), Measure::kDensity, edges, 1, row);
  EXPECT_EQ(row, (std::vector<double>{0, 0})) << "what lies beside the edges is not drawn";
}

TEST(Histograms, RebinningLosesNothing) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    const Rows one = RandomRows(&random), other = RandomRows(&random);
    const Histogram a = MakeHistogram(one), b = MakeHistogram(other);
    const Histogram* const both[] = {&a, &b};
    for (const size_t count : {1, 2, 30}) {
      const EqualBins bins = Rebin(both, count);
      ASSERT_EQ(bins.counts.size(), 2 * count);
      const auto half = bins.counts.begin() + static_cast<ptrdiff_t>(count);
      EXPECT_NEAR(std::accumulate(bins.counts.begin(), half, 0.0), Total(one), 1e-6);
      EXPECT_NEAR(std::accumulate(half, bins.counts.end(), 0.0), Total(other), 1e-6);
    }
  }
  for (const Rows& rows :
       {Rows{{-20, -20, 7}}, Rows{{1, std::nextafter(1, 2), 3}}, Rows{{-1e300, -1e300, 2}},
        Rows{{-1.7e308, 0, 3}, {0, 1.7e308, 4}}, Rows{{0, 5e-324, 2}, {5e-324, 1e-322, 3}}}) {
    const Histogram histogram = MakeHistogram(rows);
    const Histogram* const one[] = {&histogram};
    const EqualBins bins = Rebin(one);
    EXPECT_GT(bins.width, 0);
    EXPECT_NEAR(std::accumulate(bins.counts.begin(), bins.counts.end(), 0.0), Total(rows), 1e-9)
        << rows[0].left;
  }
}

TEST(Histograms, StoreKeepsWhatWasUsedLast) {
  const auto payload = [](int buckets) {
    std::string limits, counts;
    for (int i = 1; i <= buckets; ++i) {
      limits += Raw<double>(i);
      counts += Raw<double>(1);
    }
    return DoubleField(2, buckets) + BytesField(6, limits) + BytesField(7, counts);
  };
  HistogramStore store(20'000);
  const SeriesId first{0}, second{1}, third{2};
  const std::string small = payload(300), damaged = "\x32\x05zz";
  EXPECT_TRUE(store.Add(first, 4, Storage::kHisto, false, AsBytes(small)));
  EXPECT_TRUE(store.Add(first, 5, Storage::kHisto, false, AsBytes(damaged)));
  EXPECT_TRUE(store.Add(second, 0, Storage::kHisto, false, AsBytes(small)));
  EXPECT_TRUE(store.Knows(first, 5));
  EXPECT_EQ(store.Find(first, 5), nullptr) << "damaged";
  EXPECT_EQ(store.Find(first, 6), nullptr) << "not asked for";
  ASSERT_NE(store.Find(first, 4), nullptr);
  EXPECT_EQ(store.Find(first, 4)->buckets.size(), 300);
  EXPECT_TRUE(store.Add(third, 0, Storage::kHisto, false, AsBytes(small)));
  EXPECT_FALSE(store.Knows(second, 0)) << "used longest ago";
  EXPECT_TRUE(store.Knows(first, 4));
  EXPECT_FALSE(store.Add(third, 1, Storage::kHisto, false, AsBytes(payload(900))))
      << "more than all may take";
}

}  // namespace
}  // namespace tensorpane
