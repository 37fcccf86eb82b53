#include "bundle/variable_reader.h"

#include <algorithm>

#include "events/tensor_fields.h"
#include "records/crc32c.h"

namespace tensorpane {
namespace {

bool AreApart(const VariableSlice& a, const VariableSlice& b) {
  for (size_t d = 0; d < a.size(); ++d) {
    if (a[d].start + a[d].length <= b[d].start || b[d].start + b[d].length <= a[d].start) return true;
  }
  return false;
}

uint64_t ElementsOf(const VariableSlice& slice) {
  uint64_t elements = 1;
  for (const SliceExtent& extent : slice) elements *= static_cast<uint64_t>(extent.length);
  return elements;
}

}  // namespace

VariableReader::VariableReader(const BundleIndex& index, const BundleEntry& variable, Take take)
    : variable_(variable), take_(std::move(take)) {
  fault_ = AddParts(index);
  if (fault_ == BundleFault::kNone) fault_ = CheckSizes(index);
}

BundleFault VariableReader::AddParts(const BundleIndex& index) {
  if (variable_.elements == kNoElements) return BundleFault::kSize;
  VariableSlice whole;
  for (const int64_t size : variable_.shape) whole.push_back({0, size});
  if (variable_.slices.empty()) {
    parts_.push_back({&variable_, std::move(whole)});
    return BundleFault::kNone;
  }
  if (variable_.slices.size() > kMaxParts) return BundleFault::kTooMany;
  uint64_t elements = 0;
  for (const VariableSlice& slice : variable_.slices) {
    const BundleEntry* const entry = index.FindPart(variable_, slice);
    if (entry == nullptr || slice.size() != whole.size()) return BundleFault::kSlices;
    Part part{entry, slice};
    for (size_t d = 0; d < whole.size(); ++d) {
      SliceExtent& extent = part.slice[d];
      if (extent.length == SliceExtent::kFull) extent = whole[d];
      if (extent.start < 0 || extent.length < 0 || extent.start > whole[d].length ||
          extent.length > whole[d].length - extent.start) {
        return BundleFault::kSlices;
      }
    }
    for (const Part& other : parts_) {
      if (!AreApart(part.slice, other.slice)) return BundleFault::kSlices;
    }
    // They are apart, so that together they have no more than the whole.
    elements += ElementsOf(part.slice);
    parts_.push_back(std::move(part));
  }
  return elements == variable_.elements ? BundleFault::kNone : BundleFault::kSlices;
}

BundleFault VariableReader::CheckSizes(const BundleIndex& index) const {
  const bool strings = variable_.dtype == DType::kString;
  const uint64_t bytes = InfoOf(variable_.dtype).bytes;
  if (strings ? parts_.size() > 1 : bytes == 0) return BundleFault::kNumberType;
  for (const Part& part : parts_) {
    if (part.entry->dtype_number != variable_.dtype_number) return BundleFault::kDamaged;
    if (part.entry->shard >= index.shards()) return BundleFault::kNoShard;
    if (part.entry->offset > UINT64_MAX / 2 || part.entry->size > UINT64_MAX / 2) return BundleFault::kSize;
    if (strings) continue;
    const uint64_t elements = ElementsOf(part.slice);
    if (elements > UINT64_MAX / bytes || part.entry->size != elements * bytes) return BundleFault::kSize;
  }
  return BundleFault::kNone;
}

VariableReader::Step VariableReader::Next() {
  while (fault_ == BundleFault::kNone) {
    if (part_ == parts_.size()) return Step::kEnd;
    const BundleEntry& entry = *parts_[part_].entry;
    if (at_ < entry.size) {
      request_ = {entry.shard, entry.offset + at_, std::min(entry.size - at_, kMaxWanted)};
      return Step::kNeed;
    }
    // The CRC of strings is of other bytes: ReadStrings.
    if (entry.dtype != DType::kString && MaskCrc(crc_) != entry.crc) {
      fault_ = BundleFault::kChecksum;
    }
    ++part_;
    at_ = 0;
    crc_ = 0;
  }
  return Step::kFault;
}

void VariableReader::Provide(Bytes bytes) {
  if (bytes.size() < request_.length) {
    fault_ = BundleFault::kCutOff;
    return;
  }
  bytes = bytes.first(static_cast<size_t>(request_.length));
  crc_ = Crc32c(bytes, crc_);
  HandOver(bytes);
  at_ += bytes.size();
}

void VariableReader::HandOver(Bytes bytes) {
  const VariableSlice& slice = parts_[part_].slice;
  if (variable_.slices.empty()) return take_(at_, bytes);
  // Stretches that lie together in the whole: the innermost dimensions as far as the part has all of them,
  // and what it has of the next one.
  const uint64_t element = InfoOf(variable_.dtype).bytes;
  uint64_t stretch = element;
  size_t outer = slice.size();
  while (outer > 0) {
    --outer;
    stretch *= static_cast<uint64_t>(slice[outer].length);
    if (slice[outer].length != variable_.shape[outer]) break;
  }
  uint64_t at = at_;
  while (!bytes.empty()) {
    const uint64_t in_stretch = at % stretch;
    uint64_t number = at / stretch;
    uint64_t place = 0, row = element;  // `row`: bytes of the whole in one step of the dimension
    for (size_t d = slice.size(); d-- > 0;) {
      uint64_t index = 0;
      if (d < outer) {
        index = number % static_cast<uint64_t>(slice[d].length);
        number /= static_cast<uint64_t>(slice[d].length);
      }
      place += (static_cast<uint64_t>(slice[d].start) + index) * row;
      row *= static_cast<uint64_t>(variable_.shape[d]);
    }
    const auto length = static_cast<size_t>(std::min<uint64_t>(stretch - in_stretch, bytes.size()));
    take_(place + in_stretch, bytes.first(length));
    bytes = bytes.subspan(length);
    at += length;
  }
}

BundleFault ReadStrings(const BundleEntry& variable, Bytes bytes, std::vector<Bytes>* strings) {
  strings->clear();
  std::vector<uint64_t> lengths;
  uint32_t crc = 0;
  size_t at = 0;
  // Each length takes a byte at least.
  if (variable.elements > bytes.size()) return BundleFault::kSize;
  while (lengths.size() < variable.elements) {
    uint64_t length = 0;
    for (int shift = 0;; shift += 7) {
      if (at == bytes.size() || shift > 63) return BundleFault::kDamaged;
      length |= static_cast<uint64_t>(bytes[at] & 127) << shift;
      if (bytes[at++] < 128) break;
    }
    lengths.push_back(length);
    // As 32 bits, if they are enough.
    uint8_t little[8];
    for (int i = 0; i < 8; ++i) little[i] = static_cast<uint8_t>(length >> (8 * i));
    crc = Crc32c(Bytes(little).first(length <= UINT32_MAX ? 4 : 8), crc);
  }
  if (bytes.size() - at < 4) return BundleFault::kDamaged;
  if (LoadLittleEndian<uint32_t>(&bytes[at]) != MaskCrc(crc)) return BundleFault::kChecksum;
  crc = Crc32c(bytes.subspan(at), crc);
  at += 4;
  for (const uint64_t length : lengths) {
    if (length > bytes.size() - at) return BundleFault::kDamaged;
    strings->push_back(bytes.subspan(at, static_cast<size_t>(length)));
    at += static_cast<size_t>(length);
  }
  return MaskCrc(crc) == variable.crc ? BundleFault::kNone : BundleFault::kChecksum;
}

}  // namespace tensorpane
