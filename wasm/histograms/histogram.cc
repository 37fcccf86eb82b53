#include "histograms/histogram.h"

#include <algorithm>
#include <cmath>

#include "events/legacy.h"
#include "events/tensor.h"

namespace tensorpane {
namespace {

bool IsUsable(Buckets buckets) {
  for (size_t i = 0; i < buckets.size(); ++i) {
    const auto& [left, right, count] = buckets[i];
    const bool good = std::isfinite(left) && std::isfinite(right) && left <= right && count >= 0 &&
                      std::isfinite(count) && (i == 0 || buckets[i - 1].right <= left);
    if (!good) return false;
  }
  return true;
}

std::optional<Histogram> FromOldStyle(Bytes payload) {
  const std::optional<OldHistogram> old = ReadOldHistogram(payload);
  if (!old || old->limits.size() != old->counts.size()) return std::nullopt;
  const auto [begin, end] = FilledBuckets(*old);
  std::vector<Bucket> buckets;
  buckets.reserve(end - begin);
  for (size_t i = begin; i < end; ++i) {
    buckets.push_back({i == begin ? old->min : old->limits[i - 1], i + 1 == end ? old->max : old->limits[i],
                       old->counts[i]});
  }
  Histogram histogram = MakeHistogram(std::move(buckets));
  histogram.written = {old->min, old->max, old->num, old->sum, old->sum_squares};
  return histogram;
}

std::optional<Histogram> FromTensor(Bytes payload) {
  const Tensor tensor = DecodeTensor(payload);
  if (!tensor.error.empty() || tensor.shape.size() != 2 || tensor.shape[1] != 3) return std::nullopt;
  const NumberKind kind = InfoOf(tensor.dtype).kind;
  if (kind == NumberKind::kNotANumber || kind == NumberKind::kComplex) return std::nullopt;
  std::vector<Bucket> buckets;
  const auto rows = static_cast<size_t>(tensor.shape[0]);
  buckets.reserve(rows);
  for (size_t i = 0; i < rows; ++i) {
    const auto at = [&](size_t column) { return ElementAsDouble(tensor, 3 * i + column); };
    buckets.push_back({at(0), at(1), at(2)});
  }
  return MakeHistogram(std::move(buckets));
}

}  // namespace

double PartBetween(const Bucket& bucket, double from, double to) {
  from = std::max(bucket.left, from);
  to = std::min(bucket.right, to);
  if (from >= to) return 0;
  const double width = bucket.right - bucket.left;
  return std::isfinite(width) ? (to - from) / width
                              : (to / 2 - from / 2) / (bucket.right / 2 - bucket.left / 2);
}

Histogram MakeHistogram(std::vector<Bucket> buckets) {
  Histogram histogram;
  histogram.usable = IsUsable(buckets);
  histogram.buckets = std::move(buckets);
  return histogram;
}

std::optional<Histogram> ReadHistogram(Storage storage, bool split, Bytes payload) {
  std::string joined;
  if (split) {
    joined = JoinParts(payload, PayloadField(storage));
    payload = AsBytes(joined);
  }
  if (storage == Storage::kHisto) return FromOldStyle(payload);
  if (storage == Storage::kTensor) return FromTensor(payload);
  return std::nullopt;
}

Buckets UsableBuckets(const Histogram& histogram, std::vector<Bucket>* mended) {
  if (histogram.usable) return histogram.buckets;
  mended->clear();
  double lowest = INFINITY, highest = -INFINITY;
  for (const Bucket& bucket : histogram.buckets) {
    for (const double edge : {bucket.left, bucket.right}) {
      if (!std::isfinite(edge)) continue;
      lowest = std::min(lowest, edge);
      highest = std::max(highest, edge);
    }
  }
  if (lowest > highest) return {};  // not one finite edge
  for (Bucket bucket : histogram.buckets) {
    if (!(bucket.count >= 0) || !std::isfinite(bucket.count)) continue;
    if (std::isnan(bucket.left) || std::isnan(bucket.right)) continue;
    if (bucket.left > bucket.right) std::swap(bucket.left, bucket.right);
    bucket.left = std::clamp(bucket.left, lowest, highest);
    bucket.right = std::clamp(bucket.right, lowest, highest);
    mended->push_back(bucket);
  }
  std::stable_sort(mended->begin(), mended->end(),
                   [](const Bucket& a, const Bucket& b) { return a.left < b.left; });
  for (size_t i = 1; i < mended->size(); ++i) {
    Bucket& bucket = (*mended)[i];
    bucket.left = std::max(bucket.left, (*mended)[i - 1].right);
    bucket.right = std::max(bucket.left, bucket.right);
  }
  return *mended;
}

}  // namespace tensorpane
