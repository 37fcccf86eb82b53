#pragma once

#include <memory>
#include <optional>
#include <string>

#include "archive/archive_fault.h"
#include "archive/byte_range.h"
#include "archive/inflater.h"
#include "archive/looks_like.h"
#include "base/bytes.h"

namespace tensorpane {

struct ArchiveLimits {
  uint64_t max_entries = 100'000;
  /// Bytes that are handed over as data; what stands in the archive as it is does not count.
  uint64_t max_bytes = uint64_t{64} << 30;
  InflateLimits inflate;
};

/// A file in an archive.
struct ArchiveEntry {
  std::string name;  ///< Valid UTF-8; see EntryName. Of a bare file what gzip remembers, or empty.
  std::optional<uint64_t> size;     ///< Unpacked, as far as it is told.
  std::optional<ByteRange> stored;  ///< Where it stands in the archive, just as it is.
  bool is_directory = false;
  bool bare = false;                         ///< It is all there is: a compressed file, and no archive.
  ArchiveFault fault = ArchiveFault::kNone;  ///< Why it cannot be read.
};

/// Reads any archive by ranges: first tells what is in it, then, or meanwhile, gives the data of entries that
/// are opened. Whoever has the file drives it:
///
///     for (;;) switch (reader->Next()) {
///       case kNeed:     reader->Provide(read(reader->need())); break;
///       case kEntry:    if (Wanted(reader->entry())) reader->Open(number_of_entries_before); break;
///       case kData:     Use(reader->data()); break;
///       case kEntryEnd: …
///
/// What is not opened costs least: of a zip nothing is read, a plain tar is jumped through, and a compressed
/// tar is inflated in steps, with kPause between them.
class ArchiveReader {
 public:
  enum class Step : int {
    kNeed = 0,  ///< Provide() the bytes of need().
    kEntry,     ///< entry() is the next one.
    kData,      ///< data() is the next piece of the entry that is open.
    kEntryEnd,  ///< It is over; fault() says whether it was right, and entry() where it is if stored.
    kPause,     ///< Nothing yet: some work was done, and more is to come.
    kEnd,       ///< All entries are told; fault() says whether these are all that there were.
  };

  /// `kind` is not kNone. `size` of the file, in bytes.
  static std::unique_ptr<ArchiveReader> Make(ArchiveKind kind, uint64_t size,
                                             const ArchiveLimits& limits = {});
  virtual ~ArchiveReader() = default;

  virtual Step Next() = 0;
  /// At most kMaxWanted bytes.
  ByteRange need() const { return need_; }
  /// The first bytes of need(), as many as are at hand; they are copied. None: the file ends there.
  virtual void Provide(Bytes bytes) = 0;
  /// Lets the data of an entry come next, by its number in the order of kEntry. Of a zip any at any time;
  /// else only the one just told. Those of a plain tar are stored: there is nothing to open.
  virtual void Open(size_t number) = 0;

  const ArchiveEntry& entry() const { return entry_; }
  /// Valid until the next call of Next().
  Bytes data() const { return data_; }
  ArchiveFault fault() const { return fault_; }
  /// The limit that a fault of too much went over; 0 = it was not one of ArchiveLimits.
  uint64_t limit() const { return limit_; }

 protected:
  explicit ArchiveReader(const ArchiveLimits& limits) : limits_(limits) {}

  /// What stands against reading so many bytes more.
  ArchiveFault Judge(uint64_t bytes) const;
  /// Goes on with a piece of the open entry, or ends it at the limit.
  Step HandOver(Bytes bytes);
  Step End(Step step, ArchiveFault fault);

  ArchiveLimits limits_;
  ByteRange need_;
  ArchiveEntry entry_;
  Bytes data_;

 private:
  uint64_t handed_over_ = 0;
  ArchiveFault fault_ = ArchiveFault::kNone;
  uint64_t limit_ = 0;
};

}  // namespace tensorpane
