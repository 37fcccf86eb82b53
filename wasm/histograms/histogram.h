#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "events/event.h"

namespace tensorpane {

/// Values from `left` to `right`, and how many; of no width: so many equal values. Anything may be in a file:
/// edges that are NaN, infinite or the wrong way round, counts that are negative or fractions.
struct Bucket {
  double left;
  double right;
  double count;
};

/// Which part of a bucket's values lies between `from` and `to`, spread evenly over its width, which is not
/// zero.
double PartBetween(const Bucket& bucket, double from, double to);

using Buckets = std::span<const Bucket>;

/// What a writer tells of all values together.
struct WrittenMoments {
  double min, max, num, sum, sum_squares;
};

/// One histogram as it was written. Old-style ones (HistogramProto) have their outermost empty buckets left
/// out and lie between min and max, as in TensorBoard (data_compat.py), but keep their doubles.
struct Histogram {
  std::vector<Bucket> buckets;
  std::optional<WrittenMoments> written;  ///< old-style ones have them
  /// Maths can be done with the buckets as they are: see UsableBuckets.
  bool usable = false;
};

Histogram MakeHistogram(std::vector<Bucket> buckets);

/// Reads a payload as it is in the file (BlobRef), of an old-style histogram or a tensor of shape [k, 3].
/// nullopt = it is neither, or damaged.
std::optional<Histogram> ReadHistogram(Storage storage, bool split, Bytes payload);

/// The buckets that maths can be done with: finite counts not below zero, edges the right way round and
/// finite (an infinite one becomes the nearest finite edge of the histogram), in order and without overlap
/// (the later bucket is cut). `mended` holds them if they are others than those that were written.
Buckets UsableBuckets(const Histogram& histogram, std::vector<Bucket>* mended);

}  // namespace tensorpane
