#include "bundle/bundle_index.h"

#include <algorithm>
#include <cstdio>

#include "events/tensor_fields.h"

namespace tensorpane {
namespace {

using Fields = Cursor<WholeRecord>;

/// As many as TensorShape of TensorFlow can have.
constexpr size_t kMaxRank = 254;
constexpr uint32_t kMaxShards = 100'000;  // names have five digits

bool ByName(const BundleEntry& a, const BundleEntry& b) { return a.name < b.name; }

const BundleEntry* Find(const std::vector<BundleEntry>& entries, std::string_view name) {
  const auto found =
      std::lower_bound(entries.begin(), entries.end(), name,
                       [](const BundleEntry& entry, std::string_view key) { return entry.name < key; });
  return found != entries.end() && found->name == name ? &*found : nullptr;
}

/// BundleHeaderProto: num_shards = 1, endianness = 2 (0 = little).
BundleFault ReadHeader(std::string_view value, uint32_t* shards) {
  WholeRecord record(AsBytes(value));
  Fields fields(record, 0, value.size());
  uint64_t count = 0;
  Field field;
  while (fields.Next(&field)) {
    if (field.type != WireType::kVarint) continue;
    if (field.number == 1) count = field.value;
    if (field.number == 2 && field.value != 0) return BundleFault::kBigEndian;
  }
  if (fields.stop() != Fields::Stop::kEnd || count == 0 || count > kMaxShards)
    return BundleFault::kNotACheckpoint;
  *shards = static_cast<uint32_t>(count);
  return BundleFault::kNone;
}

/// TensorSliceProto: extent = 1 {start = 1, length = 2}. An extent without length is all of the dimension.
bool ReadSlice(WholeRecord& record, const Field& message, VariableSlice* slice) {
  Fields fields(record, message.offset, message.length);
  Field extent;
  while (fields.Next(&extent)) {
    if (extent.number != 1 || extent.type != WireType::kBytes) continue;
    SliceExtent read;
    Fields numbers(record, extent.offset, extent.length);
    Field number;
    while (numbers.Next(&number)) {
      if (number.type != WireType::kVarint) continue;
      if (number.number == 1) read.start = static_cast<int64_t>(number.value);
      if (number.number == 2) read.length = static_cast<int64_t>(number.value);
    }
    if (numbers.stop() != Fields::Stop::kEnd || slice->size() == kMaxRank) return false;
    slice->push_back(read);
  }
  return fields.stop() == Fields::Stop::kEnd;
}

/// BundleEntryProto: dtype = 1, shape = 2, shard_id = 3, offset = 4, size = 5, crc32c = 6, slices = 7.
bool ReadEntry(std::string_view value, BundleEntry* entry) {
  WholeRecord record(AsBytes(value));
  Fields fields(record, 0, value.size());
  Field field;
  entry->elements = 1;
  while (fields.Next(&field)) {
    if (field.number == 2 && field.type == WireType::kBytes) {
      if (!ReadTensorShape(record, field, &entry->shape, &entry->elements)) return false;
      if (entry->shape.size() > kMaxRank) return false;
    } else if (field.number == 7 && field.type == WireType::kBytes) {
      if (!ReadSlice(record, field, &entry->slices.emplace_back())) return false;
    } else if (field.number == 6 && field.type == WireType::kFixed32) {
      entry->crc = static_cast<uint32_t>(field.value);
    } else if (field.type == WireType::kVarint) {
      if (field.number == 1) entry->dtype_number = field.value;
      if (field.number == 3)
        entry->shard = static_cast<uint32_t>(std::min<uint64_t>(field.value, UINT32_MAX));
      if (field.number == 4) entry->offset = field.value;
      if (field.number == 5) entry->size = field.value;
    }
  }
  if (entry->dtype_number <= UINT8_MAX) entry->dtype = static_cast<DType>(entry->dtype_number);
  return fields.stop() == Fields::Stop::kEnd;
}

// ordered_code.cc.

/// Numbers that are not negative: their length in bytes, then these, the highest first.
void AppendUnsigned(uint64_t number, std::string* key) {
  std::string bytes;
  for (; number > 0; number >>= 8) bytes.insert(bytes.begin(), static_cast<char>(number & 255));
  *key += static_cast<char>(bytes.size());
  *key += bytes;
}

/// 0 and 255 have a second byte behind them; 0, 1 ends it.
void AppendText(std::string_view text, std::string* key) {
  for (const char c : text) {
    *key += c;
    if (c == '\0') *key += '\xFF';
    if (c == '\xFF') *key += '\0';
  }
  key->append("\0\1", 2);
}

/// Seven bits a byte, the highest first; the top bits of the first two, or the only, byte tell how many bytes
/// there are: that many ones, turned over in negative numbers, in which all bits are.
void AppendSigned(int64_t number, std::string* key) {
  const uint64_t size = static_cast<uint64_t>(number < 0 ? ~number : number);
  int bits = 0;
  while (bits < 64 && size >> bits != 0) ++bits;
  const int length = bits / 7 + 1;  // 1 … 10
  const char sign = number < 0 ? '\xFF' : '\0';
  std::string bytes(2, sign);
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes += static_cast<char>(static_cast<uint64_t>(number) >> shift & 255);
  bytes.erase(0, bytes.size() - static_cast<size_t>(length));
  const uint32_t ones = 0xFFFFu << (16 - length) & 0xFFFFu;
  bytes[0] = static_cast<char>(bytes[0] ^ static_cast<char>(ones >> 8));
  if (length > 1) bytes[1] = static_cast<char>(bytes[1] ^ static_cast<char>(ones & 255));
  *key += bytes;
}

}  // namespace

const BundleEntry* BundleIndex::FindVariable(std::string_view name) const { return Find(variables_, name); }

const BundleEntry* BundleIndex::FindPart(const BundleEntry& variable, const VariableSlice& slice) const {
  return Find(parts_, PartKey(variable.name, slice));
}

BundleIndexReader::Step BundleIndexReader::Next() {
  while (fault_ == BundleFault::kNone) {
    switch (table_.Next()) {
      case SstableReader::Step::kNeed:
        return Step::kNeed;
      case SstableReader::Step::kEntry:
        fault_ = TakeEntry();
        break;
      case SstableReader::Step::kFault:
        fault_ = table_.fault();
        break;
      case SstableReader::Step::kEnd:
        if (has_header_) return Step::kEnd;
        fault_ = BundleFault::kNotACheckpoint;
        break;
    }
  }
  return Step::kFault;
}

BundleFault BundleIndexReader::TakeEntry() {
  const std::string_view key = table_.key();
  if (!has_header_) {
    has_header_ = true;
    return key.empty() ? ReadHeader(table_.value(), &index_.shards_) : BundleFault::kNotACheckpoint;
  }
  // A slice takes some twenty times in memory what it has in the file.
  constexpr uint64_t kSliceFactor = 20;
  kept_ += sizeof(BundleEntry) + key.size() + kSliceFactor * table_.value().size();
  if (kept_ > kMaxKeptBytes) return BundleFault::kTooMany;
  BundleEntry entry;
  entry.name = key;
  if (!ReadEntry(table_.value(), &entry)) return BundleFault::kDamaged;
  // Keys of parts begin with 0, which no name does.
  std::vector<BundleEntry>& entries = key.starts_with('\0') ? index_.parts_ : index_.variables_;
  if (!entries.empty() && !ByName(entries.back(), entry)) return BundleFault::kDamaged;
  entries.push_back(std::move(entry));
  return BundleFault::kNone;
}

std::string ShardPath(std::string_view index_path, uint32_t shard, uint32_t shards) {
  constexpr std::string_view kIndex = ".index";
  if (index_path.ends_with(kIndex)) index_path.remove_suffix(kIndex.size());
  char suffix[64];
  std::snprintf(suffix, sizeof suffix, ".data-%05u-of-%05u", shard, shards);
  return std::string(index_path) + suffix;
}

std::string PartKey(std::string_view variable, const VariableSlice& slice) {
  std::string key(1, '\0');
  AppendText(variable, &key);
  AppendUnsigned(slice.size(), &key);
  for (const SliceExtent& extent : slice) {
    AppendSigned(extent.start, &key);
    AppendSigned(extent.length, &key);
  }
  return key;
}

}  // namespace tensorpane
