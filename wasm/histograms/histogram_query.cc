#include "histograms/histogram_query.h"

#include <algorithm>
#include <cmath>

#include "histograms/compressor.h"
#include "histograms/moments.h"
#include "histograms/rebin.h"

namespace tensorpane {

void AppendHistogramFacts(HistogramStore* store, SeriesId series, std::span<const double> points,
                          std::vector<double>* answer) {
  constexpr size_t kColumns = kBasisPoints.size() + 7;
  answer->reserve(answer->size() + kColumns * points.size());
  for (const double point : points) {
    const Histogram* const histogram = store->Find(series, static_cast<uint32_t>(point));
    const size_t at = answer->size();
    answer->resize(at + kColumns, NAN);
    if (histogram == nullptr) continue;
    const Moments moments = MomentsOf(*histogram);
    double* row = answer->data() + at;
    if (moments.count > 0) Compress(*histogram, kBasisPoints, {row, kBasisPoints.size()});
    row += kBasisPoints.size();
    for (const double number : {moments.count, moments.mean, moments.deviation, moments.zeros, moments.min,
                                moments.max, histogram->usable ? 0.0 : 1.0}) {
      *row++ = number;
    }
  }
}

void AppendHistogramGrid(HistogramStore* store, SeriesId series, std::span<const double> points,
                         std::span<const double> rows, std::span<const double> edges, Measure measure,
                         std::vector<double>* answer) {
  if (points.empty() || edges.size() < 2) return;
  for (size_t i = 0; i < rows.size(); ++i) {  // whatever is asked, nothing is written outside the answer
    const bool good = rows[i] >= (i == 0 ? 0 : rows[i - 1]) && rows[i] <= static_cast<double>(i);
    if (!good) return;
  }
  const size_t cells = edges.size() - 1;
  const size_t begin = answer->size();
  answer->resize(begin + cells * (static_cast<size_t>(rows.back()) + 1), 0);
  for (size_t i = 0; i < points.size();) {
    size_t end = i, found = 0;
    for (; end < points.size() && rows[end] == rows[i]; ++end) {
      found += store->Find(series, static_cast<uint32_t>(points[end])) != nullptr;
    }
    const std::span<double> row(answer->data() + begin + static_cast<size_t>(rows[i]) * cells, cells);
    for (; i < end; ++i) {
      const Histogram* const histogram = store->Find(series, static_cast<uint32_t>(points[i]));
      if (histogram != nullptr) AddToGrid(*histogram, measure, edges, 1 / static_cast<double>(found), row);
    }
    if (found == 0) std::fill(row.begin(), row.end(), NAN);
  }
}

void AppendCompatibleBins(HistogramStore* store, SeriesId series, std::span<const double> points,
                          std::vector<double>* answer) {
  std::vector<const Histogram*> histograms;
  for (const double point : points) {
    const Histogram* const histogram = store->Find(series, static_cast<uint32_t>(point));
    if (histogram != nullptr) histograms.push_back(histogram);
  }
  const EqualBins bins = Rebin(histograms);
  if (bins.counts.empty()) return;
  answer->push_back(bins.left);
  answer->push_back(bins.width);
  const double* counts = bins.counts.data();
  for (const double point : points) {
    if (store->Find(series, static_cast<uint32_t>(point)) == nullptr) {
      answer->insert(answer->end(), kCompatibleBins, NAN);
    } else {
      answer->insert(answer->end(), counts, counts + kCompatibleBins);
      counts += kCompatibleBins;
    }
  }
}

}  // namespace tensorpane
