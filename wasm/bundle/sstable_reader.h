#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "archive/byte_range.h"
#include "base/bytes.h"
#include "bundle/bundle_fault.h"

namespace tensorpane {

/// Reads all entries of a sorted table of strings, block by block. Whoever has the file drives it:
///
///     for (;;) switch (reader.Next()) {
///       case kNeed:  reader.Provide(read(reader.need())); break;
///       case kEntry: Use(reader.key(), reader.value()); break;
///       …
///
/// Format: github.com/google/leveldb, doc/table_format.md; tensorflow/core/lib/io/format.cc and block.cc have
/// the same. The file ends in a footer that tells where the index block is, whose entries tell where data
/// blocks are. CRCs of all blocks are checked. Memory: the index block and one data block.
class SstableReader {
 public:
  enum class Step {
    kNeed,   ///< Provide() the bytes of need().
    kEntry,  ///< key() and value() are the next ones.
    kEnd,    ///< The table is over.
    kFault,  ///< fault() says why nothing more comes.
  };
  static constexpr uint64_t kFooterBytes = 48;
  static constexpr uint64_t kMagic = 0xdb4775248b80fb57;
  // TensorFlow's blocks have 256 KiB, unless one value is larger.
  static constexpr uint64_t kMaxBlockBytes = 64 << 20;
  static constexpr size_t kMaxKeyBytes = 64 << 10;

  explicit SstableReader(uint64_t file_size);

  Step Next();
  /// At most kMaxWanted bytes, inside the file.
  ByteRange need() const { return need_; }
  /// The bytes of need(); fewer = the file ends there.
  void Provide(Bytes bytes);

  /// Valid until the next call of Next().
  std::string_view key() const { return data_.key; }
  std::string_view value() const { return data_.value; }
  BundleFault fault() const { return fault_; }

 private:
  enum class State { kFooter, kIndex, kBetween, kData, kDone };

  /// A block, and where its reading is.
  struct Block {
    std::vector<uint8_t> bytes;
    size_t at = 0;
    size_t end = 0;  // of the entries
    std::string key;
    std::string_view value;

    /// Checks and takes off what stands behind the entries.
    BundleFault Open();
    bool AtEnd() const { return at == end; }
    /// False: it is damaged.
    bool Next();
  };

  Step Want(ByteRange range, State state);
  /// A handle: where a block is, without its trailer.
  Step WantBlock(std::string_view* handle, State state);
  Step Fault(BundleFault fault);
  Step Take();

  uint64_t file_size_;
  State state_ = State::kFooter;
  BundleFault fault_ = BundleFault::kNone;
  ByteRange want_{};
  ByteRange need_{};  // what of want_ is not there
  std::vector<uint8_t> buffer_;
  Block index_;
  Block data_;
};

}  // namespace tensorpane
