#include "events/legacy.h"

#include "events/wire.h"
#include "summary.pb.h"

namespace tensorpane {

std::optional<OldHistogram> ReadOldHistogram(Bytes payload) {
  HistogramProto proto;
  if (!payload.empty() && !proto.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) {
    return std::nullopt;
  }
  return OldHistogram{proto.min(),
                      proto.max(),
                      proto.num(),
                      proto.sum(),
                      proto.sum_squares(),
                      {proto.bucket_limit().begin(), proto.bucket_limit().end()},
                      {proto.bucket().begin(), proto.bucket().end()}};
}

std::optional<std::vector<std::array<float, 3>>> CompatibleBuckets(const OldHistogram& histogram) {
  if (histogram.limits.size() != histogram.counts.size()) return std::nullopt;
  size_t begin = 0, end = histogram.counts.size();
  while (begin < end && !(histogram.counts[begin] > 0)) ++begin;
  while (end > begin && !(histogram.counts[end - 1] > 0)) --end;
  std::vector<std::array<float, 3>> rows;
  for (size_t i = begin; i < end; ++i) {
    const double left = i == begin ? histogram.min : histogram.limits[i - 1];
    const double right = i + 1 == end ? histogram.max : histogram.limits[i];
    rows.push_back(
        {static_cast<float>(left), static_cast<float>(right), static_cast<float>(histogram.counts[i])});
  }
  return rows;
}

std::optional<OldMedia> ReadOldMedia(Bytes payload) {
  OldMedia media;
  WholeRecord record(payload);
  Cursor<WholeRecord> cursor(record, 0, payload.size());
  Field field;
  while (cursor.Next(&field)) {
    if (field.number == 1 && field.type == WireType::kVarint)
      media.height = static_cast<int64_t>(field.value);
    if (field.number == 2 && field.type == WireType::kVarint) media.width = static_cast<int64_t>(field.value);
    if (field.number == 4 && field.type == WireType::kBytes) {
      media.encoded = InMemory(payload.data() + field.offset, field.length);
    }
  }
  if (cursor.stop() != Cursor<WholeRecord>::Stop::kEnd) return std::nullopt;
  return media;
}

}  // namespace tensorpane
