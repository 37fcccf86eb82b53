#include "histograms/grid.h"

#include <algorithm>

#include "histograms/cumulative.h"

namespace tensorpane {
void AddToGrid(const Histogram& histogram, Measure measure, std::span<const double> edges, double weight,
               std::span<double> row) {
  std::vector<Bucket> mended;
  const Buckets buckets = UsableBuckets(histogram, &mended);
  double total = 0;
  for (const Bucket& bucket : buckets) total += bucket.count;
  if (total == 0 || row.empty()) return;
  if (measure == Measure::kCumulative) {
    const Cumulative share(buckets);
    for (size_t cell = 0; cell < row.size(); ++cell) {
      row[cell] += weight * share.Through(edges[cell + 1]);
    }
    return;
  }
  size_t first = 0;  // the first cell that ends beyond the left edge of the bucket
  for (const Bucket& bucket : buckets) {
    if (bucket.count == 0) continue;
    while (first < row.size() && edges[first + 1] <= bucket.left) ++first;
    if (bucket.right == bucket.left) {
      const bool at_end = first == row.size() && bucket.left == edges[first];
      const size_t cell = at_end ? first - 1 : first;
      if (cell >= row.size() || bucket.left < edges[cell]) continue;
      const double width = edges[cell + 1] - edges[cell];
      row[cell] += weight * (measure == Measure::kCount ? bucket.count : bucket.count / total / width);
      continue;
    }
    for (size_t cell = first; cell < row.size() && edges[cell] < bucket.right; ++cell) {
      const double width = edges[cell + 1] - edges[cell];
      const double part = PartBetween(bucket, edges[cell], edges[cell + 1]);
      // Counts are as high as their bucket over all its width, densities spread over it.
      const double mean = measure == Measure::kCount
                              ? bucket.count * part * ((bucket.right - bucket.left) / width)
                              : bucket.count / total * (part / width);
      row[cell] += weight * mean;
    }
  }
}

}  // namespace tensorpane
