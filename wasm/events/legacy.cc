#include "events/legacy.h"

#include "events/tensor_fields.h"

namespace tensorpane {

std::optional<OldHistogram> ReadOldHistogram(Bytes payload) {
  OldHistogram histogram;
  double* const numbers[] = {&histogram.min, &histogram.max, &histogram.num, &histogram.sum,
                             &histogram.sum_squares};
  WholeRecord record(payload);
  Cursor<WholeRecord> cursor(record, 0, payload.size());
  Field field;
  while (cursor.Next(&field)) {
    if (field.number >= 1 && field.number <= 5 && field.type == WireType::kFixed64) {
      *numbers[field.number - 1] = BitCast<double>(field.value);
    } else if (field.number == 6 || field.number == 7) {
      std::vector<double>& list = field.number == 6 ? histogram.limits : histogram.counts;
      const auto take = [&list](uint64_t bits) { list.push_back(BitCast<double>(bits)); };
      if (field.type == WireType::kFixed64) take(field.value);
      if (field.type != WireType::kBytes) continue;
      if (list.empty()) list.reserve(static_cast<size_t>(field.length / sizeof(double)));
      const Bytes packed = InMemory(payload.data() + field.offset, field.length);
      if (!ForEachPacked(WireType::kFixed64, packed, take)) return std::nullopt;
    }
  }
  if (cursor.stop() != Cursor<WholeRecord>::Stop::kEnd) return std::nullopt;
  return histogram;
}

std::pair<size_t, size_t> FilledBuckets(const OldHistogram& histogram) {
  if (histogram.limits.size() != histogram.counts.size()) return {0, 0};
  size_t begin = 0, end = histogram.counts.size();
  while (begin < end && !(histogram.counts[begin] > 0)) ++begin;
  while (end > begin && !(histogram.counts[end - 1] > 0)) --end;
  return {begin, end};
}

std::optional<std::vector<std::array<float, 3>>> CompatibleBuckets(const OldHistogram& histogram) {
  if (histogram.limits.size() != histogram.counts.size()) return std::nullopt;
  const auto [begin, end] = FilledBuckets(histogram);
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
