#pragma once

#include <string>
#include <vector>

#include "archive/archive_fault.h"
#include "archive/byte_range.h"
#include "base/bytes.h"

namespace tensorpane {

struct ZipLimits {
  uint64_t max_entries = 100'000;
  uint64_t max_directory_bytes = 64 << 20;
};

/// One entry, as the central directory tells it. Sizes in bytes, offsets in the file.
struct ZipEntry {
  static constexpr uint16_t kStored = 0, kDeflate = 8;  // APPNOTE.TXT 4.4.5

  std::string name;  ///< Valid UTF-8; see EntryName.
  uint64_t compressed_size = 0;
  uint64_t size = 0;
  uint64_t header_offset = 0;
  uint64_t end = 0;  ///< Where at the latest its data ends: the next entry or the directory follows.
  uint32_t crc32 = 0;
  uint16_t method = 0;
  bool is_directory = false;
  ArchiveFault fault = ArchiveFault::kNone;  ///< Why it cannot be read.
};

/// Reads the central directory of a zip file by ranges. Whoever has the file drives it:
///
///     while (directory.Next() == ZipDirectory::Step::kNeed) directory.Provide(read(directory.need()));
///
/// Format: PKWARE APPNOTE.TXT 6.3.10, whose sections the .cc names. Read are a comment of up to 64 KiB,
/// Zip64, bytes before the archive (self-extracting files: all offsets are shifted by them) and a few behind
/// it. Memory is bounded by the limits and by what the file really holds.
class ZipDirectory {
 public:
  enum class Step {
    kNeed,   ///< Provide() the bytes of need().
    kReady,  ///< entries() are all.
    kFault,  ///< fault() says why not; entries() before it stay.
  };

  explicit ZipDirectory(uint64_t file_size, const ZipLimits& limits = {});

  Step Next();
  /// At most kMaxWanted bytes, inside the file.
  ByteRange need() const { return need_; }
  /// The first bytes of need(), as many as are at hand; they are copied. None: the file ends there.
  void Provide(Bytes bytes);

  /// In the order of the directory.
  const std::vector<ZipEntry>& entries() const { return entries_; }
  ArchiveFault fault() const { return fault_; }

 private:
  enum class State { kTail, kZip64End, kDirectory, kDone };

  /// Makes `range` the bytes to work on.
  void Want(ByteRange range);
  void ReadTail();
  void ReadZip64End(const uint8_t* record, uint64_t offset);
  /// `end` = where the directory ends if nothing stands between it and its end record.
  void FindDirectory(uint64_t offset, uint64_t length, uint64_t entries, uint64_t end);
  void WantDirectory(uint64_t offset);
  void ReadDirectory();
  void ReadEntry(const uint8_t* header, size_t name_length, size_t extra_length);
  void Finish(ArchiveFault fault);
  /// Takes names that no slash separates for those of Windows, whatever system the archive says it is of.
  void SplitAtBackslashes();
  void FindOverlaps();

  uint64_t file_size_;
  ZipLimits limits_;
  State state_ = State::kTail;
  ArchiveFault fault_ = ArchiveFault::kNone;
  ByteRange want_;
  ByteRange need_;  // what of want_ is not there
  std::vector<uint8_t> buffer_;
  uint64_t directory_offset_ = 0;
  uint64_t directory_bytes_ = 0;  // not yet read
  uint64_t declared_entries_ = 0;
  uint64_t shift_ = 0;        // bytes before the archive
  uint64_t other_shift_ = 0;  // to try if there is no directory without
  bool has_slash_ = false;    // in the name of any entry
  std::vector<ZipEntry> entries_;
};

}  // namespace tensorpane
