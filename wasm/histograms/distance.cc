#include "histograms/distance.h"

#include <algorithm>
#include <cmath>

#include "histograms/cumulative.h"

namespace tensorpane {

double WassersteinDistance(const Histogram& a, const Histogram& b) {
  std::vector<Bucket> mended_a, mended_b;
  const Buckets of_a = UsableBuckets(a, &mended_a), of_b = UsableBuckets(b, &mended_b);
  const Cumulative share_a(of_a), share_b(of_b);
  if (share_a.total() == 0 || share_b.total() == 0) return NAN;
  std::vector<double> edges;
  for (const Buckets buckets : {of_a, of_b}) {
    for (const Bucket& bucket : buckets) {
      edges.push_back(bucket.left);
      edges.push_back(bucket.right);
    }
  }
  std::sort(edges.begin(), edges.end());
  double area = 0;
  for (size_t i = 0; i + 1 < edges.size(); ++i) {
    if (edges[i] == edges[i + 1]) continue;
    // Between two edges the difference is a straight line.
    const double begin = share_a.Through(edges[i]) - share_b.Through(edges[i]);
    const double end = share_a.Below(edges[i + 1]) - share_b.Below(edges[i + 1]);
    const double low = std::abs(begin), high = std::abs(end);
    // One that crosses zero has a triangle on either side.
    const double mean = begin * end < 0 ? (low * low + high * high) / (low + high) / 2 : low / 2 + high / 2;
    area += (edges[i + 1] - edges[i]) * mean;
  }
  return area;
}

}  // namespace tensorpane
