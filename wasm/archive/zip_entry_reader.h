#pragma once

#include <optional>

#include "archive/byte_range.h"
#include "archive/inflater.h"
#include "archive/zip_directory.h"

namespace tensorpane {

/// Reads the data of one entry of a zip file by ranges, stored or deflated; CRC-32 and size are checked at
/// the end, after all data was delivered. Whoever has the file drives it:
///
///     for (;;) switch (reader.Next()) {
///       case kNeed:   reader.Provide(read(reader.need())); break;
///       case kOutput: Use(reader.output()); break;
///       …
///     }
class ZipEntryReader {
 public:
  enum class Step {
    kNeed,    ///< Provide() the bytes of need().
    kOutput,  ///< output() is the next piece.
    kEnd,     ///< The entry is over and was right.
    kFault,   ///< fault() says why nothing more comes.
  };

  /// An entry with a fault has it here too, before any byte is wanted.
  explicit ZipEntryReader(const ZipEntry& entry, const InflateLimits& limits = {});

  Step Next();
  /// At most kMaxWanted bytes.
  ByteRange need() const { return need_; }
  /// The first bytes of need(), as many as are at hand; not copied: they must stay until the next kNeed.
  /// None: the file ends there.
  void Provide(Bytes bytes);

  /// Valid until the next call of Next().
  Bytes output() const { return output_; }
  ArchiveFault fault() const { return fault_; }
  uint64_t total_out() const { return total_out_; }
  /// Where the data stands in the file, known once the first of it is wanted. What is stored can be read
  /// right there, at any offset.
  std::optional<ByteRange> data() const { return data_; }

 private:
  Step Need(ByteRange range);
  Step Fault(ArchiveFault fault);
  void ReadLocalHeader();
  Step Deliver(Bytes bytes);
  Step CheckEnd();

  ZipEntry entry_;
  ArchiveFault fault_;
  std::optional<Inflater> inflater_;  // absent = stored
  std::vector<uint8_t> header_;
  std::optional<ByteRange> data_;
  uint64_t taken_ = 0;  // bytes of data_ that were provided
  Bytes stored_;        // of them, what was not delivered
  ByteRange need_;
  Bytes output_;
  uint64_t total_out_ = 0;
  uint32_t crc_ = 0;
  bool done_ = false;
};

}  // namespace tensorpane
