#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "bundle/bundle_fault.h"
#include "bundle/sstable_reader.h"
#include "events/dtype.h"

namespace tensorpane {

/// A part of a variable in one dimension.
struct SliceExtent {
  static constexpr int64_t kFull = -1;
  int64_t start = 0;
  int64_t length = kFull;  ///< kFull = all of the dimension; `start` is 0 then
};
/// A part of a variable: an extent for each dimension.
using VariableSlice = std::vector<SliceExtent>;

/// A variable of a checkpoint, or a part of one.
struct BundleEntry {
  std::string name;  ///< of a part its key
  DType dtype = DType::kInvalid;
  uint64_t dtype_number = 0;
  std::vector<int64_t> shape;
  uint64_t elements = 0;              ///< kNoElements if they cannot be counted
  uint32_t shard = 0;                 ///< which .data file
  uint64_t offset = 0;                ///< in it
  uint64_t size = 0;                  ///< bytes in it; 0 if it is in parts
  uint32_t crc = 0;                   ///< masked CRC-32C of these bytes
  std::vector<VariableSlice> slices;  ///< its parts; none = it is whole
};

/// What the .index of a checkpoint says.
class BundleIndex {
 public:
  uint32_t shards() const { return shards_; }
  /// In order of their names (of bytes).
  const std::vector<BundleEntry>& variables() const { return variables_; }
  const BundleEntry* FindVariable(std::string_view name) const;
  const BundleEntry* FindPart(const BundleEntry& variable, const VariableSlice& slice) const;

 private:
  friend class BundleIndexReader;

  uint32_t shards_ = 0;
  std::vector<BundleEntry> variables_;
  std::vector<BundleEntry> parts_;
};

/// Reads the .index of a TensorFlow checkpoint ("tensor bundle"): an SSTable whose first entry, of the empty
/// key, is the header, and the others variables (tensorflow/core/util/tensor_bundle/tensor_bundle.cc;
/// messages in tensorflow/core/protobuf/tensor_bundle.proto). Driven as SstableReader is.
class BundleIndexReader {
 public:
  enum class Step {
    kNeed,   ///< Provide() the bytes of need().
    kEnd,    ///< index() is whole.
    kFault,  ///< fault() says why; index() has what stands before it.
  };
  /// Of names and parts, as they are kept.
  static constexpr uint64_t kMaxKeptBytes = 64 << 20;

  explicit BundleIndexReader(uint64_t file_size) : table_(file_size) {}

  Step Next();
  ByteRange need() const { return table_.need(); }
  void Provide(Bytes bytes) { table_.Provide(bytes); }

  const BundleIndex& index() const { return index_; }
  BundleIndex Take() { return std::move(index_); }
  BundleFault fault() const { return fault_; }

 private:
  BundleFault TakeEntry();

  SstableReader table_;
  BundleIndex index_;
  bool has_header_ = false;
  uint64_t kept_ = 0;
  BundleFault fault_ = BundleFault::kNone;
};

/// Path of the .data file of a shard; `index_path` ends in ".index".
std::string ShardPath(std::string_view index_path, uint32_t shard, uint32_t shards);

/// The key under which a part of a variable stands: EncodeTensorNameSlice of
/// tensorflow/core/util/saved_tensor_slice_util.cc, made of tensorflow/core/lib/strings/ordered_code.cc.
std::string PartKey(std::string_view variable, const VariableSlice& slice);

}  // namespace tensorpane
