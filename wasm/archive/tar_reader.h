#pragma once

#include <array>
#include <optional>
#include <string>

#include "archive/archive_fault.h"
#include "base/bytes.h"

namespace tensorpane {

inline constexpr size_t kTarBlock = 512;

/// Whether `block`, kTarBlock bytes, is a tar header with a right checksum. Blocks of zeros are none.
bool IsTarHeader(Bytes block);

struct TarEntry {
  std::string name;     ///< Valid UTF-8; see EntryName.
  uint64_t size = 0;    ///< Bytes of its data.
  uint64_t offset = 0;  ///< Where its data begins in the tar stream.
  bool is_directory = false;
  ArchiveFault fault = ArchiveFault::kNone;  ///< Why its data is not delivered.
};

/// Splits a tar stream into entries. Bytes may be cut anywhere: any cut gives the same entries, data and
/// fault.
///
/// Read are ustar and pax (POSIX.1-2008, "pax": ustar interchange format, pax extended header), the headers
/// of V7, and of GNU tar long names and sizes in base 256 (its manual, "Basic Tar Format"). Of pax records
/// path and size count. Sparse files, links and devices are named and skipped. Names and pax headers over
/// kMaxMeta are a fault; they are collected as they come.
class TarReader {
 public:
  static constexpr size_t kMaxMeta = 1 << 20;

  enum class Step {
    kEntry,     ///< entry() begins.
    kData,      ///< data() is the next piece of it; only of files without fault.
    kEntryEnd,  ///< It is over. Every kEntry has one, unless a fault comes first or Jump() is called.
    kNeedMore,  ///< Feed() the next bytes, or End().
    kEnd,       ///< The archive is over; bytes may follow.
    kFault,     ///< fault() says why nothing more comes.
  };

  explicit TarReader(uint64_t max_entries = 100'000) : max_entries_(max_entries) {}

  /// The next bytes, not copied: they must stay until Next() wants more.
  void Feed(Bytes bytes) { input_ = bytes; }
  /// There are no more bytes.
  void End() { ended_ = true; }
  Step Next();
  /// Between kEntry and its kEntryEnd: leaves the entry and forgets what is fed. The next Feed() begins at
  /// the offset returned, which may lie beyond the end of the file: that is for End() to tell. So an archive
  /// in a file is listed without reading the data.
  uint64_t Jump();

  const TarEntry& entry() const { return entry_; }
  Bytes data() const { return data_; }
  ArchiveFault fault() const { return fault_; }
  /// Of the header that could not be read, or whose entry ends too early.
  uint64_t fault_offset() const { return header_offset_; }

 private:
  enum class State { kHeader, kMeta, kSparseMap, kBody, kDone };

  /// Up to `length` of the bytes that are fed.
  Bytes Take(uint64_t length);
  /// Goes on filling block_; false = more bytes are needed.
  bool FillBlock();
  Step NeedMore();
  Step Fault(ArchiveFault fault);
  // nullopt = go on.
  std::optional<Step> ReadHeader();
  std::optional<Step> BeginEntry(char type, uint64_t size);
  std::optional<Step> ReadMeta();
  bool ReadPax();

  uint64_t max_entries_;
  Bytes input_;
  bool ended_ = false;
  State state_ = State::kHeader;
  uint64_t at_ = 0;    // offset in the stream of the next byte of input_
  uint64_t skip_ = 0;  // bytes to pass over before anything else
  std::array<uint8_t, kTarBlock> block_{};
  size_t block_filled_ = 0;
  uint64_t header_offset_ = 0;
  bool zero_block_ = false;  // the last header was one
  uint64_t entries_ = 0;

  char meta_type_ = 0;
  size_t meta_size_ = 0;
  std::string meta_;
  // What the headers before an entry say of it.
  std::optional<std::string> next_name_;
  std::optional<uint64_t> next_size_;
  bool next_sparse_ = false;

  TarEntry entry_;
  uint64_t data_left_ = 0;
  Bytes data_;
  ArchiveFault fault_ = ArchiveFault::kNone;
};

}  // namespace tensorpane
