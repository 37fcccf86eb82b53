#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/ids.h"

namespace tensorpane {

/// Where the payload of a value is: bytes [offset, offset + length) of a file.
struct BlobRef {
  uint64_t offset;
  uint32_t length_low;
  FileId file;
  uint16_t length_high;
  /// events/event.h, Storage: what kind of message it is.
  uint8_t storage;
  /// It is the whole Summary.Value, whose payload is written in parts.
  bool split;

  uint64_t length() const { return static_cast<uint64_t>(length_high) << 32 | length_low; }
};

/// Points [begin, end) of a series.
struct PointRange {
  uint32_t begin;
  uint32_t end;
  uint32_t size() const { return end - begin; }
  bool operator==(const PointRange&) const = default;
};

/// The points of one series as columns, in the order they were written: step, wall time, and a value that is
/// a number or the place of a payload. Columns grow by chunks of at most 64 Ki points that never move: a
/// vector that doubles needs 2.5 times its data at the moment it grows.
class PointColumns {
 public:
  static constexpr uint32_t kMaxChunk = 64 << 10;

  enum class ValueKind : uint8_t { kNumber, kBlob };

  explicit PointColumns(ValueKind kind) : kind_(kind) {}

  /// Bytes that the next Append will allocate; 0 mostly.
  size_t GrowthOfNext() const;
  void Append(int64_t step, double wall_time, double number);
  void Append(int64_t step, double wall_time, const BlobRef& blob);

  uint32_t size() const { return size_; }
  ValueKind kind() const { return kind_; }
  /// Steps beyond 2^53 are rounded here, and exact in exact_step.
  double step(uint32_t i) const;
  int64_t exact_step(uint32_t i) const;
  double wall_time(uint32_t i) const;
  double number(uint32_t i) const;
  BlobRef blob(uint32_t i) const;

  /// Some points in a row, as they lie in memory.
  struct Chunk {
    uint32_t first = 0;  ///< index of its first point
    uint32_t size = 0;
    uint32_t capacity = 0;
    bool is_wide = false;    ///< numbers are doubles, not floats: one of them was no float
    bool has_exact = false;  ///< a step beyond 2^53 is in the series so far
    std::unique_ptr<uint8_t[]> data;

    double* steps() const { return reinterpret_cast<double*>(data.get()); }
    double* wall_times() const { return steps() + capacity; }
    int64_t* exact_steps() const { return reinterpret_cast<int64_t*>(wall_times() + capacity); }
    uint8_t* values() const {
      return reinterpret_cast<uint8_t*>(wall_times() + (has_exact ? 2 : 1) * capacity);
    }
    int64_t exact_step(uint32_t i) const {
      return has_exact ? exact_steps()[i] : static_cast<int64_t>(steps()[i]);
    }
    double number(uint32_t i) const {
      return is_wide ? reinterpret_cast<const double*>(values())[i]
                     : reinterpret_cast<const float*>(values())[i];
    }
  };
  const std::vector<Chunk>& chunks() const { return chunks_; }

 private:
  size_t ValueBytes(bool wide) const { return kind_ == ValueKind::kBlob ? sizeof(BlobRef) : wide ? 8 : 4; }
  size_t ChunkBytes(uint32_t capacity, bool wide, bool exact) const {
    return capacity * (16 + (exact ? 8 : 0) + ValueBytes(wide));
  }
  uint32_t NextCapacity() const;
  const Chunk& At(uint32_t i) const;
  Chunk& Room(int64_t step, double wall_time);
  /// Makes the last chunk hold doubles, or exact steps; the points in it are copied.
  void Rebuild(bool wide, bool exact);

  ValueKind kind_;
  bool has_exact_ = false;
  bool is_wide_ = false;
  uint32_t size_ = 0;
  std::vector<Chunk> chunks_;
};

}  // namespace tensorpane
