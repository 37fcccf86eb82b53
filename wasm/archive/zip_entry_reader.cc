#include "archive/zip_entry_reader.h"

#include <zlib.h>

#include <algorithm>
#include <utility>

namespace tensorpane {
namespace {

// APPNOTE.TXT 4.3.7
constexpr uint32_t kLocalSignature = 0x04034b50;
constexpr size_t kLocalHeaderBytes = 30;

ArchiveFault FirstFault(const ZipEntry& entry, const InflateLimits& limits) {
  if (entry.fault != ArchiveFault::kNone) return entry.fault;
  if (entry.size > limits.max_total_bytes) return ArchiveFault::kTooManyBytes;
  if (entry.method == ZipEntry::kStored && entry.size != entry.compressed_size) return ArchiveFault::kSize;
  return ArchiveFault::kNone;
}

}  // namespace

ZipEntryReader::ZipEntryReader(const ZipEntry& entry, const InflateLimits& limits)
    : entry_(entry), fault_(FirstFault(entry, limits)) {
  if (fault_ != ArchiveFault::kNone || entry.method == ZipEntry::kStored) return;
  InflateLimits own = limits;
  own.max_total_bytes = entry.size;
  inflater_.emplace(DeflateFormat::kRaw, own);
}

ZipEntryReader::Step ZipEntryReader::Next() {
  output_ = {};
  if (fault_ != ArchiveFault::kNone) return Step::kFault;
  if (done_) return Step::kEnd;
  if (!data_) {
    if (header_.size() < kLocalHeaderBytes) {
      return Need({entry_.header_offset + header_.size(), kLocalHeaderBytes - header_.size()});
    }
    ReadLocalHeader();
    if (fault_ != ArchiveFault::kNone) return Step::kFault;
  }
  const uint64_t left = data_->length - taken_;
  if (!inflater_) {
    if (!stored_.empty()) return Deliver(std::exchange(stored_, {}));
    if (left == 0) return CheckEnd();
  } else {
    if (left == 0) inflater_->End();
    switch (inflater_->Next()) {
      case Inflater::Step::kOutput:
        return Deliver(inflater_->output());
      case Inflater::Step::kNeedMore:
        break;
      case Inflater::Step::kEnd:
        return CheckEnd();
      case Inflater::Step::kFault:
        // Its limit of bytes is the size that the directory tells.
        return Fault(inflater_->fault() == ArchiveFault::kTooManyBytes ? ArchiveFault::kSize
                                                                       : inflater_->fault());
    }
  }
  return Need({data_->offset + taken_, std::min(left, kMaxWanted)});
}

void ZipEntryReader::Provide(Bytes bytes) {
  if (bytes.empty()) {
    if (fault_ == ArchiveFault::kNone) fault_ = ArchiveFault::kCutOff;
    return;
  }
  bytes = bytes.first(static_cast<size_t>(std::min<uint64_t>(bytes.size(), need_.length)));
  need_.length = 0;
  if (!data_) {
    header_.insert(header_.end(), bytes.begin(), bytes.end());
    return;
  }
  taken_ += bytes.size();
  if (inflater_) {
    inflater_->Feed(bytes);
  } else {
    stored_ = bytes;
  }
}

ZipEntryReader::Step ZipEntryReader::Need(ByteRange range) {
  need_ = range;
  return Step::kNeed;
}

ZipEntryReader::Step ZipEntryReader::Fault(ArchiveFault fault) {
  fault_ = fault;
  return Step::kFault;
}

void ZipEntryReader::ReadLocalHeader() {
  const uint8_t* const header = header_.data();
  if (LoadLittleEndian<uint32_t>(header) != kLocalSignature) {
    fault_ = ArchiveFault::kDamaged;
    return;
  }
  // Sizes and CRC are those of the directory: here they may be zero, and follow the data (4.4.4, bit 3).
  const uint64_t before = kLocalHeaderBytes + uint64_t{LoadLittleEndian<uint16_t>(header + 26)} +
                          LoadLittleEndian<uint16_t>(header + 28);
  const uint64_t room = entry_.end - entry_.header_offset;
  if (before > room || entry_.compressed_size > room - before) {
    fault_ = ArchiveFault::kOverlap;
    return;
  }
  data_ = {entry_.header_offset + before, entry_.compressed_size};
}

ZipEntryReader::Step ZipEntryReader::Deliver(Bytes bytes) {
  output_ = bytes;
  total_out_ += bytes.size();
  crc_ = static_cast<uint32_t>(crc32(crc_, bytes.data(), static_cast<uInt>(bytes.size())));
  return Step::kOutput;
}

ZipEntryReader::Step ZipEntryReader::CheckEnd() {
  if (total_out_ != entry_.size) return Fault(ArchiveFault::kSize);
  if (crc_ != entry_.crc32) return Fault(ArchiveFault::kChecksum);
  done_ = true;
  return Step::kEnd;
}

}  // namespace tensorpane
