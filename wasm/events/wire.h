#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

/// Wire types of protobuf (protobuf.dev/programming-guides/encoding).
enum class WireType : uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5
};

/// One field of a message. Offsets count from the start of the record.
struct Field {
  uint32_t number;
  WireType type;
  uint64_t value;   ///< of a varint or fixed field
  uint64_t offset;  ///< of the content of a bytes field
  uint64_t length;
};

/// A record that is in memory as a whole.
class WholeRecord {
 public:
  explicit WholeRecord(Bytes bytes) : bytes_(bytes) {}
  uint64_t size() const { return bytes_.size(); }
  /// Bytes [offset, offset + length), which the caller knows to be inside the record.
  const uint8_t* Get(uint64_t offset, uint64_t) { return bytes_.data() + offset; }

 private:
  Bytes bytes_;
};

/// A record too large to hold: windows of it are fetched as a reader asks for them.
class WindowedRecord {
 public:
  /// Windows are fetched at least this long, so that neighbouring fields come with them.
  static constexpr uint64_t kWindow = 4 << 10;

  struct Range {
    uint64_t offset;
    uint64_t length;
  };

  WindowedRecord(uint64_t size, Bytes start) : size_(size) { Add(0, start); }
  uint64_t size() const { return size_; }
  /// Bytes [offset, offset + length), or null, and missing() says which window to Add. What was returned
  /// stays valid as long as the record.
  const uint8_t* Get(uint64_t offset, uint64_t length);
  Range missing() const { return missing_; }
  void Add(uint64_t offset, Bytes bytes);

 private:
  struct Window {
    uint64_t offset;
    std::vector<uint8_t> bytes;
  };
  uint64_t size_;
  std::vector<Window> windows_;  // by offset; their bytes do not move with them
  Range missing_{};
};

/// Walks the fields of one message inside a record, in order. Groups are stepped over as one field. Never
/// recurses.
template <class Record>
class Cursor {
 public:
  enum class Stop : uint8_t { kEnd, kMalformed, kMissing };

  Cursor(Record& record, uint64_t offset, uint64_t length)
      : record_(record), at_(offset), end_(offset + length) {}

  /// The next field; false at the end or where it cannot go on: see stop().
  bool Next(Field* field) {
    if (at_ == end_) return false;
    if (!ReadField(field)) return false;
    if (field->type == WireType::kEndGroup) return Fail(Stop::kMalformed);
    return field->type != WireType::kGroup || SkipGroup(field->number);
  }
  Stop stop() const { return stop_; }
  /// Where the next field begins.
  uint64_t position() const { return at_; }

 private:
  // The recursion limit of protobuf's own parsers: deeper groups are refused by every reader.
  static constexpr size_t kMaxDepth = 100;

  bool Fail(Stop stop) {
    stop_ = stop;
    return false;
  }

  bool ReadField(Field* field) {
    // A tag, and a varint or a length, take at most ten bytes each.
    const uint64_t length = std::min<uint64_t>(end_ - at_, 20);
    const uint8_t* const start = record_.Get(at_, length);
    if (start == nullptr) return Fail(Stop::kMissing);
    const uint8_t* p = start;
    const uint8_t* const limit = start + length;
    uint64_t tag;
    if (!ReadVarint(&p, limit, &tag) || tag > UINT32_MAX || tag >> 3 == 0) return Fail(Stop::kMalformed);
    field->number = static_cast<uint32_t>(tag >> 3);
    field->type = static_cast<WireType>(tag & 7);
    uint64_t content = 0;
    switch (field->type) {
      case WireType::kVarint:
        if (!ReadVarint(&p, limit, &field->value)) return Fail(Stop::kMalformed);
        break;
      case WireType::kFixed64:
        if (limit - p < 8) return Fail(Stop::kMalformed);
        field->value = LoadLittleEndian<uint64_t>(p);
        p += 8;
        break;
      case WireType::kFixed32:
        if (limit - p < 4) return Fail(Stop::kMalformed);
        field->value = LoadLittleEndian<uint32_t>(p);
        p += 4;
        break;
      case WireType::kBytes:
        if (!ReadVarint(&p, limit, &content)) return Fail(Stop::kMalformed);
        break;
      case WireType::kGroup:
      case WireType::kEndGroup:
        break;
      default:
        return Fail(Stop::kMalformed);
    }
    at_ += p - start;
    if (content > end_ - at_) return Fail(Stop::kMalformed);
    field->offset = at_;
    field->length = content;
    at_ += content;
    return true;
  }

  bool SkipGroup(uint32_t number) {
    std::array<uint32_t, kMaxDepth> open;
    size_t depth = 0;
    open[depth++] = number;
    while (depth > 0) {
      Field field;
      if (at_ == end_) return Fail(Stop::kMalformed);
      if (!ReadField(&field)) return false;
      if (field.type == WireType::kGroup) {
        if (depth == kMaxDepth) return Fail(Stop::kMalformed);
        open[depth++] = field.number;
      } else if (field.type == WireType::kEndGroup) {
        if (open[--depth] != field.number) return Fail(Stop::kMalformed);
      }
    }
    return true;
  }

  static bool ReadVarint(const uint8_t** p, const uint8_t* limit, uint64_t* value) {
    if (*p != limit && **p < 128) {  // nearly all tags and lengths
      *value = *(*p)++;
      return true;
    }
    return ReadLongVarint(p, limit, value);
  }

  static bool ReadLongVarint(const uint8_t** p, const uint8_t* limit, uint64_t* value) {
    uint64_t result = 0;
    for (int shift = 0; shift < 70 && *p != limit; shift += 7) {
      const uint8_t byte = *(*p)++;
      result |= static_cast<uint64_t>(byte & 127) << shift;
      if (byte < 128) {
        *value = result;
        return true;
      }
    }
    return false;
  }

  Record& record_;
  uint64_t at_;
  uint64_t end_;
  Stop stop_ = Stop::kEnd;
};

}  // namespace tensorpane
