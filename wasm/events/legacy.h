#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

// Old-style values of Summary.Value, and what TensorBoard makes of them (tensorboard/data_compat.py).

/// HistogramProto (tensorflow/core/framework/histogram.proto) as written: buckets by their right edges.
struct OldHistogram {
  double min = 0, max = 0, num = 0, sum = 0, sum_squares = 0;
  std::vector<double> limits;
  std::vector<double> counts;
};

/// nullopt = the bytes are no HistogramProto.
std::optional<OldHistogram> ReadOldHistogram(Bytes payload);

/// Indices [first, second) of the counts without the empty ones at both ends; none if there are not as many
/// limits.
std::pair<size_t, size_t> FilledBuckets(const OldHistogram& histogram);

/// Rows of left edge, right edge, count: without the empty buckets at both ends, from min to max. nullopt =
/// as many limits as counts were wanted.
std::optional<std::vector<std::array<float, 3>>> CompatibleBuckets(const OldHistogram& histogram);

/// Summary.Image {height = 1, width = 2, encoded_image_string = 4} or Summary.Audio {encoded_audio_string =
/// 4}. Only the encoded bytes are to be trusted.
struct OldMedia {
  int64_t height = 0;  ///< of an image, as declared
  int64_t width = 0;
  Bytes encoded;
};

/// nullopt = the bytes are no such message.
std::optional<OldMedia> ReadOldMedia(Bytes payload);

}  // namespace tensorpane
