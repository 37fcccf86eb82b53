#include "bundle/sstable_reader.h"

#include <algorithm>

#include "records/crc32c.h"

namespace tensorpane {
namespace {

/// Behind each block: its compression (0 = none) and the masked CRC of both.
constexpr size_t kTrailerBytes = 5;

bool TakeVarint(std::string_view* text, uint64_t* value) {
  *value = 0;
  for (int shift = 0; shift < 64 && !text->empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(text->front());
    text->remove_prefix(1);
    *value |= static_cast<uint64_t>(byte & 127) << shift;
    if (byte < 128) return true;
  }
  return false;
}

}  // namespace

SstableReader::SstableReader(uint64_t file_size) : file_size_(file_size) {
  if (file_size < kFooterBytes) {
    Fault(BundleFault::kNotACheckpoint);
  } else {
    Want({file_size - kFooterBytes, kFooterBytes}, State::kFooter);
  }
}

SstableReader::Step SstableReader::Next() {
  for (;;) {
    switch (state_) {
      case State::kDone:
        return fault_ == BundleFault::kNone ? Step::kEnd : Step::kFault;
      case State::kData:
        if (need_.length == 0 && !data_.AtEnd()) {
          return data_.Next() ? Step::kEntry : Fault(BundleFault::kDamaged);
        }
        [[fallthrough]];
      case State::kFooter:
      case State::kIndex:
        if (need_.length > 0) return Step::kNeed;
        state_ = State::kBetween;
        break;
      case State::kBetween:
        if (index_.AtEnd()) {
          state_ = State::kDone;
          break;
        }
        if (!index_.Next()) return Fault(BundleFault::kDamaged);
        WantBlock(&index_.value, State::kData);
        break;
    }
  }
}

void SstableReader::Provide(Bytes bytes) {
  if (state_ == State::kDone) return;
  if (bytes.size() < need_.length) {
    Fault(BundleFault::kCutOff);
    return;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(need_.length));
  const uint64_t at = need_.offset + need_.length, end = want_.offset + want_.length;
  need_ = {at, std::min(end - at, kMaxWanted)};
  if (need_.length == 0) Take();
}

SstableReader::Step SstableReader::Take() {
  if (state_ == State::kFooter) {
    std::string_view footer = AsText(buffer_);
    if (LoadLittleEndian<uint64_t>(buffer_.data() + kFooterBytes - 8) != kMagic) {
      return Fault(BundleFault::kNotACheckpoint);
    }
    footer.remove_suffix(8);
    uint64_t unused;
    // The metaindex is empty: filters, which TensorFlow has not.
    if (!TakeVarint(&footer, &unused) || !TakeVarint(&footer, &unused)) return Fault(BundleFault::kDamaged);
    const std::string held(footer);
    std::string_view handle = held;
    return WantBlock(&handle, State::kIndex);
  }
  Block& block = state_ == State::kIndex ? index_ : data_;
  block.bytes.swap(buffer_);
  const BundleFault fault = block.Open();
  return fault == BundleFault::kNone ? Step::kNeed : Fault(fault);
}

SstableReader::Step SstableReader::WantBlock(std::string_view* handle, State state) {
  uint64_t offset, length;
  if (!TakeVarint(handle, &offset) || !TakeVarint(handle, &length)) return Fault(BundleFault::kDamaged);
  if (length > kMaxBlockBytes) return Fault(BundleFault::kTooMany);
  const uint64_t before_footer = file_size_ - kFooterBytes;
  if (offset > before_footer || length + kTrailerBytes > before_footer - offset) {
    return Fault(BundleFault::kDamaged);
  }
  return Want({offset, length + kTrailerBytes}, state);
}

SstableReader::Step SstableReader::Want(ByteRange range, State state) {
  state_ = state;
  want_ = range;
  need_ = {range.offset, std::min(range.length, kMaxWanted)};
  buffer_.clear();
  return Step::kNeed;
}

SstableReader::Step SstableReader::Fault(BundleFault fault) {
  fault_ = fault;
  state_ = State::kDone;
  need_ = {};
  return Step::kFault;
}

BundleFault SstableReader::Block::Open() {
  const size_t size = bytes.size() - kTrailerBytes;
  const uint8_t* const trailer = bytes.data() + size;
  if (LoadLittleEndian<uint32_t>(trailer + 1) != MaskCrc(Crc32c(Bytes(bytes).first(size + 1)))) {
    return BundleFault::kChecksum;
  }
  if (trailer[0] != 0) return BundleFault::kCompressed;
  // The places where keys are whole ("restarts") are for searching; they and their number stand at the end.
  if (size < 4) return BundleFault::kDamaged;
  const uint64_t restarts = LoadLittleEndian<uint32_t>(bytes.data() + size - 4);
  if (restarts > (size - 4) / 4) return BundleFault::kDamaged;
  end = size - 4 - static_cast<size_t>(restarts) * 4;
  at = 0;
  key.clear();
  value = {};
  return BundleFault::kNone;
}

bool SstableReader::Block::Next() {
  std::string_view rest = AsText(Bytes(bytes).subspan(at, end - at));
  uint64_t shared, added, length;
  if (!TakeVarint(&rest, &shared) || !TakeVarint(&rest, &added) || !TakeVarint(&rest, &length)) return false;
  if (shared > key.size() || added > rest.size() || length > rest.size() - added) return false;
  if (shared + added > kMaxKeyBytes) return false;
  key.resize(static_cast<size_t>(shared));
  key += rest.substr(0, static_cast<size_t>(added));
  value = rest.substr(static_cast<size_t>(added), static_cast<size_t>(length));
  at = end - rest.size() + static_cast<size_t>(added + length);
  return true;
}

}  // namespace tensorpane
