// Old-style values. Input: a HistogramProto, Summary.Image or Summary.Audio.

#include "events/legacy.h"

#include "input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  const Bytes payload(data, size);
  if (const auto histogram = ReadOldHistogram(payload)) {
    const auto buckets = CompatibleBuckets(*histogram);
    FUZZ_CHECK(buckets.has_value() == (histogram->limits.size() == histogram->counts.size()));
    if (buckets) FUZZ_CHECK(buckets->size() <= histogram->counts.size() + 1);
  }
  if (const auto media = ReadOldMedia(payload)) FUZZ_CHECK(media->encoded.size() <= size);
  return 0;
}
