#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

/// Why a stretch of a file holds no record.
enum class DamageKind : uint8_t {
  kDataCrc,    ///< The CRC of a payload is wrong.
  kLengthCrc,  ///< The CRC of a length is wrong.
  kLength,     ///< The length goes beyond the end of the file, and records follow.
  kTruncated,  ///< The file ends inside a record: normal while it is being written.
};

/// Bytes [offset, offset + bytes) of the file were skipped.
struct Damage {
  static constexpr size_t kStart = 48;

  DamageKind kind;
  uint64_t offset;
  uint64_t bytes;
  std::vector<uint8_t> start;  ///< the first of them, up to kStart
  /// Of kDataCrc and kLengthCrc: the masked CRC that stands in the file, and the one that is right.
  uint32_t stored_crc = 0;
  uint32_t right_crc = 0;
};

/// One record whose CRCs are both right. Offsets are positions in the file.
struct Record {
  uint64_t offset;  ///< of its header
  uint64_t length;  ///< of its payload
  /// The payload, or for a record over RecordReader::kMaxAssembled only its first kLargeStart bytes. Valid
  /// until the next call of the reader.
  Bytes payload;

  uint64_t payload_offset() const { return offset + 12; }
  bool whole() const { return payload.size() == length; }
};

/// Splits a TFRecord stream into records. Bytes may be cut anywhere: any cut gives the same records and the
/// same damage.
///
/// A record is `u64 length, u32 masked CRC of the length, payload, u32 masked CRC of the payload`,
/// little-endian (tensorflow/core/lib/io/record_writer.cc). Both CRCs are always checked. The damage policy,
/// that of tests/data/edge_damaged: a payload with a wrong CRC is skipped alone if the file ends behind it or
/// a right header follows; after everything else that is wrong the reader searches, from the next byte on,
/// for the first whole record with both CRCs right.
///
/// Nothing is allocated by a length: payloads up to kMaxAssembled are collected as they come, larger ones
/// only pass through the CRC.
class RecordReader {
 public:
  static constexpr uint64_t kMaxAssembled = 8 << 20;
  static constexpr size_t kLargeStart = 64 << 10;
  static constexpr uint64_t kUnknownSize = UINT64_MAX;

  enum class Step {
    kRecord,    ///< record() is the next one.
    kDamage,    ///< damage() is what was skipped.
    kNeedMore,  ///< Append() the next bytes, or End().
    kRewind,    ///< Append() from rewind_offset() on: a search has to look again at bytes that are gone.
    kEnd,       ///< The file is read.
  };

  /// `file_size` in bytes, or kUnknownSize.
  explicit RecordReader(uint64_t file_size) : size_(file_size) {}

  /// The next bytes of the file; they are copied.
  void Append(Bytes bytes);
  /// There are no more bytes.
  void End();
  Step Next();

  const Record& record() const { return record_; }
  /// Valid until the next call of the reader.
  const Damage& damage() const { return damage_; }
  uint64_t rewind_offset() const { return base_; }
  /// Where to read on once the file has grown: behind the last whole record if the file ends inside the next
  /// one.
  uint64_t resume_offset() const { return resume_; }

 private:
  /// A record too large to assemble, on its way through the CRC.
  struct Large {
    uint64_t offset;
    uint64_t length;
    std::vector<uint8_t> header;
    uint64_t hashed = 0;
    uint32_t crc = 0;
    std::vector<uint8_t> start = {};
  };

  uint64_t end() const { return base_ + buffer_.size(); }
  uint64_t available() const { return end() - at_; }
  const uint8_t* at(uint64_t offset) const { return buffer_.data() + (offset - base_); }
  bool FitsFile(uint64_t offset, uint64_t length) const;
  /// Whether a right header stands behind a record that ends at `offset`; nullopt = more bytes are needed to
  /// say.
  std::optional<bool> GoodPlaceToGoOn(uint64_t offset) const;

  Step ReadAt();
  Step SearchOn();
  Step HashOn();
  void BeginLarge(uint64_t length);
  /// Of the large record.
  Damage LargeDamage(DamageKind kind, uint64_t bytes) const;
  Step BeginSearch(Damage damage);
  Step EndSearch(uint64_t found);
  Step SearchFrom(uint64_t offset);
  /// Tells of damage_ and goes on behind it.
  Step Skip(uint64_t next);
  std::vector<uint8_t> StartAt(uint64_t offset, uint64_t length) const;
  bool CanSpend(uint64_t bytes) const;
  bool Spend(uint64_t bytes);

  uint64_t size_;
  bool ended_ = false;
  std::vector<uint8_t> buffer_;  // bytes [base_, base_ + buffer_.size()) of the file
  uint64_t base_ = 0;
  uint64_t at_ = 0;         // header to read, or the place to try next while searching
  bool searching_ = false;  // damage_ says from where on
  std::optional<Large> large_;
  uint64_t spent_ = 0;     // bytes looked at a second time
  uint64_t furthest_ = 0;  // place from which a search went back
  uint64_t resume_ = 0;
  std::vector<uint8_t> large_start_;
  Record record_{};
  Damage damage_{};
};

}  // namespace tensorpane
