#include "archive/zip_directory.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "archive/entry_name.h"
#include "base/utf8.h"

namespace tensorpane {
namespace {

constexpr uint32_t kEntrySignature = 0x02014b50;         // 4.3.12
constexpr uint32_t kEndSignature = 0x06054b50;           // 4.3.16
constexpr uint32_t kZip64EndSignature = 0x06064b50;      // 4.3.14
constexpr uint32_t kZip64LocatorSignature = 0x07064b50;  // 4.3.15
constexpr size_t kEntryBytes = 46;
constexpr size_t kEndBytes = 22;
constexpr size_t kZip64EndBytes = 56;
constexpr size_t kZip64LocatorBytes = 20;
constexpr size_t kLocalHeaderBytes = 30;
constexpr size_t kMaxComment = 0xFFFF;
// "The value is in the Zip64 record or extra field", 4.4.1.4.
constexpr uint32_t kIn64 = 0xFFFFFFFF;

uint16_t U16(const uint8_t* p) { return LoadLittleEndian<uint16_t>(p); }
uint32_t U32(const uint8_t* p) { return LoadLittleEndian<uint32_t>(p); }
uint64_t U64(const uint8_t* p) { return LoadLittleEndian<uint64_t>(p); }

/// Where the end record stands: the last one whose comment reaches to the end of the file, else the last one
/// that is whole.
std::optional<size_t> FindEnd(Bytes tail) {
  std::optional<size_t> found;
  for (size_t end = tail.size(); end >= kEndBytes; --end) {
    const size_t at = end - kEndBytes;
    if (U32(&tail[at]) != kEndSignature) continue;
    const size_t comment = U16(&tail[at + 20]);
    if (comment == tail.size() - end) return at;
    if (comment < tail.size() - end && !found) found = at;
  }
  return found;
}

/// The Zip64 extra field, 4.5.3: 64-bit values of just those fields that say kIn64, in this order. False if
/// one is missing.
bool ReadZip64(Bytes extra, uint64_t* size, uint64_t* compressed_size, uint64_t* header_offset) {
  constexpr uint16_t kZip64 = 1;
  Bytes values;
  while (extra.size() >= 4) {
    const uint16_t id = U16(&extra[0]);
    const size_t length = U16(&extra[2]);
    if (length > extra.size() - 4) break;
    if (id == kZip64) {
      values = extra.subspan(4, length);
      break;
    }
    extra = extra.subspan(4 + length);
  }
  for (uint64_t* value : {size, compressed_size, header_offset}) {
    if (*value != kIn64) continue;
    if (values.size() < 8) return false;
    *value = U64(values.data());
    values = values.subspan(8);
  }
  return true;
}

/// File systems whose names have no backslash but as a separator: FAT, NTFS and VFAT, by their numbers in
/// 4.4.2.2. Slashes alone are right (4.4.17.1), but some writers of Windows do not care.
bool BackslashSeparates(uint8_t made_on) { return made_on == 0 || made_on == 10 || made_on == 14; }

bool IsUnixFile(uint8_t made_on, uint32_t attributes) {
  // The upper half is st_mode of Unix; its upper four bits are the type, 8 = file, 0 = not said.
  const uint32_t type = attributes >> 28;
  return made_on != 3 || type == 8 || type == 0;
}

}  // namespace

ZipDirectory::ZipDirectory(uint64_t file_size, const ZipLimits& limits)
    : file_size_(file_size), limits_(limits) {
  // The end record and both Zip64 records before it: one read, nearly always.
  const uint64_t tail =
      std::min<uint64_t>(file_size, kZip64EndBytes + kZip64LocatorBytes + kEndBytes + kMaxComment);
  if (tail < kEndBytes) {
    Finish(ArchiveFault::kNoDirectory);
  } else {
    Want({file_size - tail, tail});
  }
}

ZipDirectory::Step ZipDirectory::Next() {
  while (state_ != State::kDone) {
    need_ = {want_.offset + buffer_.size(), want_.length - buffer_.size()};
    if (need_.length > 0) return Step::kNeed;
    switch (state_) {
      case State::kTail:
        ReadTail();
        break;
      case State::kZip64End:
        ReadZip64End(buffer_.data(), want_.offset);
        break;
      case State::kDirectory:
        ReadDirectory();
        break;
      case State::kDone:
        break;
    }
  }
  return fault_ == ArchiveFault::kNone ? Step::kReady : Step::kFault;
}

void ZipDirectory::Provide(Bytes bytes) {
  if (state_ == State::kDone) return;
  if (bytes.empty()) return Finish(ArchiveFault::kCutOff);
  const auto used = bytes.first(static_cast<size_t>(std::min<uint64_t>(bytes.size(), need_.length)));
  buffer_.insert(buffer_.end(), used.begin(), used.end());
  need_.length = 0;
}

void ZipDirectory::Want(ByteRange range) {
  want_ = range;
  buffer_.clear();
}

void ZipDirectory::ReadTail() {
  const std::optional<size_t> found = FindEnd(buffer_);
  if (!found) return Finish(ArchiveFault::kNoDirectory);
  const uint8_t* const end = buffer_.data() + *found;
  const uint64_t end_offset = want_.offset + *found;
  const uint16_t disk = U16(end + 4), directory_disk = U16(end + 6), entries_here = U16(end + 8),
                 entries = U16(end + 10);
  const uint32_t length = U32(end + 12), offset = U32(end + 16);
  if (*found >= kZip64LocatorBytes && U32(end - kZip64LocatorBytes) == kZip64LocatorSignature) {
    const uint8_t* const locator = end - kZip64LocatorBytes;
    if (U32(locator + 16) > 1) return Finish(ArchiveFault::kSplit);
    // The record stands before its locator; only one with extensions (4.3.14.2) is longer.
    if (*found >= kZip64LocatorBytes + kZip64EndBytes &&
        U32(locator - kZip64EndBytes) == kZip64EndSignature && U64(locator - kZip64EndBytes + 4) == 44) {
      return ReadZip64End(locator - kZip64EndBytes, end_offset - kZip64LocatorBytes - kZip64EndBytes);
    }
    const uint64_t record = U64(locator + 8);
    if (file_size_ < kZip64EndBytes || record > file_size_ - kZip64EndBytes)
      return Finish(ArchiveFault::kDamaged);
    state_ = State::kZip64End;
    return Want({record, kZip64EndBytes});
  }
  if (disk != 0 || directory_disk != 0 || entries_here != entries) return Finish(ArchiveFault::kSplit);
  FindDirectory(offset, length, entries, end_offset);
}

void ZipDirectory::ReadZip64End(const uint8_t* record, uint64_t offset) {
  if (U32(record) != kZip64EndSignature) return Finish(ArchiveFault::kDamaged);
  const uint64_t entries_here = U64(record + 24), entries = U64(record + 32);
  if (U32(record + 16) != 0 || U32(record + 20) != 0 || entries_here != entries) {
    return Finish(ArchiveFault::kSplit);
  }
  FindDirectory(U64(record + 48), U64(record + 40), entries, offset);
}

void ZipDirectory::FindDirectory(uint64_t offset, uint64_t length, uint64_t entries, uint64_t end) {
  if (length > end || offset > end - length) return Finish(ArchiveFault::kDamaged);
  if (length > limits_.max_directory_bytes) return Finish(ArchiveFault::kTooManyBytes);
  directory_offset_ = offset;
  directory_bytes_ = length;
  declared_entries_ = entries;
  other_shift_ = end - length - offset;
  state_ = State::kDirectory;
  WantDirectory(offset);
}

void ZipDirectory::WantDirectory(uint64_t offset) { Want({offset, std::min(directory_bytes_, kMaxWanted)}); }

void ZipDirectory::ReadDirectory() {
  size_t at = 0;
  while (buffer_.size() - at >= kEntryBytes) {
    const uint8_t* const header = buffer_.data() + at;
    if (U32(header) != kEntrySignature) {
      if (!entries_.empty() || at > 0 || other_shift_ == 0) return Finish(ArchiveFault::kDamaged);
      shift_ = std::exchange(other_shift_, 0);
      directory_offset_ += shift_;
      return WantDirectory(directory_offset_);
    }
    const size_t name_length = U16(header + 28), extra_length = U16(header + 30),
                 comment_length = U16(header + 32);
    const size_t length = kEntryBytes + name_length + extra_length + comment_length;
    if (length > buffer_.size() - at) break;
    if (entries_.size() >= limits_.max_entries) return Finish(ArchiveFault::kTooManyEntries);
    ReadEntry(header, name_length, extra_length);
    at += length;
  }
  directory_bytes_ -= at;
  if (directory_bytes_ == 0) {
    // Without Zip64 the count has 16 bits, and old writers let it wrap.
    const bool all = (entries_.size() & 0xFFFF) == (declared_entries_ & 0xFFFF);
    return Finish(all ? ArchiveFault::kNone : ArchiveFault::kDamaged);
  }
  if (at == 0) return Finish(ArchiveFault::kDamaged);  // an entry goes beyond the directory
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<ptrdiff_t>(at));
  want_ = {want_.offset + at, std::min(directory_bytes_, kMaxWanted)};
}

void ZipDirectory::ReadEntry(const uint8_t* header, size_t name_length, size_t extra_length) {
  constexpr uint16_t kEncryptedFlags = 1 | 1 << 6 | 1 << 13, kUtf8Flag = 1 << 11;  // 4.4.4
  const uint8_t made_on = header[5];
  const uint16_t flags = U16(header + 8);
  const Bytes raw_name{header + kEntryBytes, name_length};
  std::string text = ToValidUtf8(raw_name);
  if (!(flags & kUtf8Flag) && text != AsText(raw_name)) text = FromCp437(raw_name);
  has_slash_ = has_slash_ || text.find('/') != std::string::npos;
  EntryName name = CleanEntryName(std::move(text), BackslashSeparates(made_on));

  ZipEntry entry;
  entry.method = U16(header + 10);
  entry.crc32 = U32(header + 16);
  entry.compressed_size = U32(header + 20);
  entry.size = U32(header + 24);
  entry.header_offset = U32(header + 42);
  const bool sizes_right = ReadZip64({header + kEntryBytes + name_length, extra_length}, &entry.size,
                                     &entry.compressed_size, &entry.header_offset);
  entry.is_directory = name.is_directory;
  entry.name = std::move(name.text);
  if (!sizes_right || entry.header_offset > directory_offset_ - shift_) {
    entry.fault = ArchiveFault::kDamaged;
    entry.header_offset = directory_offset_;
  } else {
    entry.header_offset += shift_;
    if (name.refused) {
      entry.fault = ArchiveFault::kName;
    } else if (flags & kEncryptedFlags) {
      entry.fault = ArchiveFault::kEncrypted;
    } else if (!entry.is_directory && !IsUnixFile(made_on, U32(header + 38))) {
      entry.fault = ArchiveFault::kNotAFile;
    } else if (entry.method != ZipEntry::kStored && entry.method != ZipEntry::kDeflate) {
      entry.fault = ArchiveFault::kMethod;
    }
  }
  entries_.push_back(std::move(entry));
}

void ZipDirectory::Finish(ArchiveFault fault) {
  fault_ = fault;
  state_ = State::kDone;
  buffer_ = {};
  if (!has_slash_) SplitAtBackslashes();
  FindOverlaps();
}

void ZipDirectory::SplitAtBackslashes() {
  for (ZipEntry& entry : entries_) {
    if (entry.fault == ArchiveFault::kName || entry.name.find('\\') == std::string::npos) continue;
    EntryName name = CleanEntryName(std::move(entry.name), true);
    entry.name = std::move(name.text);
    entry.is_directory = name.is_directory;
    if (name.refused && entry.fault == ArchiveFault::kNone) entry.fault = ArchiveFault::kName;
  }
}

void ZipDirectory::FindOverlaps() {
  std::vector<uint32_t> order(entries_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) {
    return entries_[a].header_offset < entries_[b].header_offset;
  });
  uint64_t end = directory_offset_;
  for (auto i = order.rbegin(); i != order.rend(); ++i) {
    ZipEntry& entry = entries_[*i];
    entry.end = end;
    end = entry.header_offset;
    const uint64_t room = entry.end - entry.header_offset;
    // The local header may be longer than this; ZipEntryReader looks at it.
    const bool fits = room >= kLocalHeaderBytes && entry.compressed_size <= room - kLocalHeaderBytes;
    if (!fits && entry.fault != ArchiveFault::kDamaged) entry.fault = ArchiveFault::kOverlap;
  }
}

}  // namespace tensorpane
