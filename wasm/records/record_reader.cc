#include "records/record_reader.h"

#include <algorithm>
#include <utility>

#include "records/crc32c.h"

namespace tensorpane {
namespace {

constexpr uint64_t kHeader = 12;
constexpr uint64_t kFraming = 16;
/// How often, in sizes of the file, a search may look at bytes a second time: a file made to look like nested
/// records must not take quadratic time.
constexpr uint64_t kSearchBudget = 4;
/// And this much in any case, so that a long record near the start is found.
constexpr uint64_t kFreeSearch = 4 * RecordReader::kMaxAssembled;
/// Candidates up to this long are tried even when the budget is spent: they cost no more than looking at
/// their headers.
constexpr uint64_t kAlwaysTried = 256;

bool HeaderRight(const uint8_t* p) { return MaskCrc(Crc32c({p, 8})) == LoadLittleEndian<uint32_t>(p + 8); }

uint64_t LengthAt(const uint8_t* p) { return LoadLittleEndian<uint64_t>(p); }

uint32_t PayloadCrc(const uint8_t* header, uint64_t length) {
  return MaskCrc(Crc32c(InMemory(header + kHeader, length)));
}

uint32_t StoredPayloadCrc(const uint8_t* header, uint64_t length) {
  return LoadLittleEndian<uint32_t>(header + kHeader + length);
}

bool PayloadRight(const uint8_t* header, uint64_t length) {
  return PayloadCrc(header, length) == StoredPayloadCrc(header, length);
}

}  // namespace

void RecordReader::Append(Bytes bytes) {
  const auto done = buffer_.begin() + static_cast<ptrdiff_t>(std::min<uint64_t>(at_ - base_, buffer_.size()));
  base_ += done - buffer_.begin();
  buffer_.erase(buffer_.begin(), done);
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  if (size_ != kUnknownSize) size_ = std::max(size_, end());
}

void RecordReader::End() {
  ended_ = true;
  size_ = end();
}

RecordReader::Step RecordReader::Next() {
  if (large_) return HashOn();
  if (searching_) return SearchOn();
  return ReadAt();
}

bool RecordReader::FitsFile(uint64_t offset, uint64_t length) const {
  if (size_ == kUnknownSize) return true;
  return size_ >= offset + kFraming && length <= size_ - offset - kFraming;
}

std::optional<bool> RecordReader::GoodPlaceToGoOn(uint64_t offset) const {
  if (offset == size_) return true;
  if (size_ != kUnknownSize && size_ - offset < kHeader) return false;
  if (end() < offset + kHeader) return std::nullopt;
  return HeaderRight(at(offset));
}

RecordReader::Step RecordReader::ReadAt() {
  if (available() < kHeader) {
    if (!ended_) return Step::kNeedMore;
    return available() > 0 ? BeginSearch({DamageKind::kTruncated, at_, 0, {}}) : Step::kEnd;
  }
  const uint8_t* const header = at(at_);
  if (!HeaderRight(header)) {
    return BeginSearch({DamageKind::kLengthCrc,
                        at_,
                        0,
                        {},
                        LoadLittleEndian<uint32_t>(header + 8),
                        MaskCrc(Crc32c({header, 8}))});
  }
  const uint64_t length = LengthAt(header);
  if (!FitsFile(at_, length)) return BeginSearch({DamageKind::kLength, at_, 0, {}});
  if (length > kMaxAssembled) {
    BeginLarge(length);
    return HashOn();
  }
  if (available() < length + kFraming) return Step::kNeedMore;
  const uint64_t next = at_ + kFraming + length;
  if (PayloadRight(header, length)) {
    record_ = {at_, length, InMemory(header + kHeader, length)};
    at_ = resume_ = next;
    return Step::kRecord;
  }
  const std::optional<bool> go_on = GoodPlaceToGoOn(next);
  if (!go_on) return Step::kNeedMore;
  Damage damage = {DamageKind::kDataCrc,      at_, next - at_, {}, StoredPayloadCrc(header, length),
                   PayloadCrc(header, length)};
  if (!*go_on) return BeginSearch(std::move(damage));
  damage_ = std::move(damage);
  damage_.start = StartAt(at_, damage_.bytes);
  return Skip(next);
}

RecordReader::Step RecordReader::SearchOn() {
  for (;; ++at_) {
    if (size_ != kUnknownSize && at_ + kFraming > size_) {
      if (ended_) return EndSearch(size_);
      at_ = std::min(at_, end());
      return Step::kNeedMore;
    }
    if (available() < kHeader) return Step::kNeedMore;
    const uint8_t* const header = at(at_);
    if (!HeaderRight(header)) continue;
    const uint64_t length = LengthAt(header);
    if (!FitsFile(at_, length)) continue;
    if (length > kMaxAssembled) {
      BeginLarge(length);
      return HashOn();
    }
    if (length > kAlwaysTried && !CanSpend(length)) continue;
    if (available() < length + kFraming) return Step::kNeedMore;
    if (PayloadRight(header, length)) return EndSearch(at_);
    Spend(length);
  }
}

RecordReader::Step RecordReader::HashOn() {
  Large& large = *large_;
  const uint64_t take = std::min(available(), large.length - large.hashed);
  const Bytes bytes = InMemory(at(at_), take);
  large.crc = Crc32c(bytes, large.crc);
  const auto wanted = static_cast<size_t>(std::min<uint64_t>(take, kLargeStart - large.start.size()));
  large.start.insert(large.start.end(), bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(wanted));
  large.hashed += take;
  at_ += take;
  if (large.hashed < large.length || available() < 4) {
    if (!ended_) return Step::kNeedMore;
    // The size was not known, and the record goes beyond it.
    if (!searching_) damage_ = LargeDamage(DamageKind::kLength, 0);
    searching_ = true;
    return SearchFrom(large.offset + 1);
  }
  const uint64_t next = at_ + 4;
  if (MaskCrc(large.crc) == LoadLittleEndian<uint32_t>(at(at_))) {
    if (searching_) {
      // First say what was skipped; the next call comes back here.
      searching_ = false;
      damage_.bytes = large.offset - damage_.offset;
      damage_.start.resize(static_cast<size_t>(std::min<uint64_t>(damage_.start.size(), damage_.bytes)));
      return Step::kDamage;
    }
    large_start_ = std::move(large.start);
    record_ = {large.offset, large.length, large_start_};
    large_.reset();
    at_ = resume_ = next;
    return Step::kRecord;
  }
  if (searching_) return SearchFrom(large.offset + 1);
  const std::optional<bool> go_on = GoodPlaceToGoOn(next);
  if (!go_on) return Step::kNeedMore;
  damage_ = LargeDamage(DamageKind::kDataCrc, next - large.offset);
  damage_.stored_crc = LoadLittleEndian<uint32_t>(at(at_));
  damage_.right_crc = MaskCrc(large.crc);
  if (*go_on) {
    large_.reset();
    return Skip(next);
  }
  searching_ = true;
  return SearchFrom(large.offset + 1);
}

void RecordReader::BeginLarge(uint64_t length) {
  large_ = Large{.offset = at_, .length = length, .header = {at(at_), at(at_) + kHeader}};
  at_ += kHeader;
}

Damage RecordReader::LargeDamage(DamageKind kind, uint64_t bytes) const {
  Damage damage = {kind, large_->offset, bytes, large_->header};
  const auto rest =
      static_cast<ptrdiff_t>(std::min<uint64_t>(large_->start.size(), Damage::kStart - kHeader));
  damage.start.insert(damage.start.end(), large_->start.begin(), large_->start.begin() + rest);
  return damage;
}

std::vector<uint8_t> RecordReader::StartAt(uint64_t offset, uint64_t length) const {
  return {at(offset), at(offset) + std::min<uint64_t>({length, end() - offset, Damage::kStart})};
}

RecordReader::Step RecordReader::BeginSearch(Damage damage) {
  if (available() < Damage::kStart && !ended_) return Step::kNeedMore;
  damage_ = std::move(damage);
  damage_.start = StartAt(at_, Damage::kStart);
  searching_ = true;
  ++at_;
  return SearchOn();
}

RecordReader::Step RecordReader::EndSearch(uint64_t found) {
  searching_ = false;
  if (found == size_ && damage_.kind == DamageKind::kLength) damage_.kind = DamageKind::kTruncated;
  damage_.bytes = found - damage_.offset;
  damage_.start.resize(static_cast<size_t>(std::min<uint64_t>(damage_.start.size(), damage_.bytes)));
  return Skip(found);
}

RecordReader::Step RecordReader::SearchFrom(uint64_t offset) {
  large_.reset();
  if (!Spend(at_ - offset)) return SearchOn();  // from here on only: going back once more would cost too much
  furthest_ = std::max(furthest_, at_);
  at_ = offset;
  if (offset >= base_) return SearchOn();
  buffer_.clear();
  base_ = offset;
  ended_ = false;
  return Step::kRewind;
}

RecordReader::Step RecordReader::Skip(uint64_t next) {
  at_ = next;
  if (damage_.kind != DamageKind::kTruncated) resume_ = next;
  return Step::kDamage;
}

bool RecordReader::CanSpend(uint64_t bytes) const {
  // Not of what is in the buffer: that depends on how the bytes are cut.
  return spent_ + bytes <= kFreeSearch + kSearchBudget * std::max(furthest_, at_);
}

bool RecordReader::Spend(uint64_t bytes) {
  if (!CanSpend(bytes)) return false;
  spent_ += bytes;
  return true;
}

}  // namespace tensorpane
