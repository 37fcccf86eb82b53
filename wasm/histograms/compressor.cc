#include "histograms/compressor.h"

#include <algorithm>

namespace tensorpane {

void Compress(const Histogram& histogram, std::span<const double> points, std::span<double> values) {
  std::vector<Bucket> mended;
  const Buckets buckets = UsableBuckets(histogram, &mended);
  if (buckets.empty()) {
    std::fill(values.begin(), values.end(), 0);
    return;
  }
  double total = 0;
  for (const Bucket& bucket : buckets) total += bucket.count;
  const double lowest = buckets.front().left;
  const double highest = buckets.back().right;
  size_t i = 0;
  double sum = 0;     // of the counts before bucket i
  double before = 0;  // the same in the unit of the points
  for (size_t point = 0; point < points.size(); ++point) {
    const double wanted = points[point];
    double through = 0;
    for (; i < buckets.size(); ++i) {
      through = (sum + buckets[i].count) * points.back() / total;
      if (through > wanted) break;
      sum += buckets[i].count;
      before = through;
    }
    if (i == buckets.size() || total == 0) {
      values[point] = highest;
      continue;
    }
    // From the right edge of the bucket before, also where there is a gap between them.
    const double left = i == 0 || before == 0 ? lowest : std::max(buckets[i - 1].right, lowest);
    const double right = std::min(buckets[i].right, highest);
    const double share = (wanted - before) / (through - before);
    values[point] = left + (right - left) * share;
  }
}

}  // namespace tensorpane
