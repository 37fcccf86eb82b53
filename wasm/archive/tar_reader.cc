#include "archive/tar_reader.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "archive/entry_name.h"
#include "base/utf8.h"

namespace tensorpane {
namespace {

/// A field of the header, POSIX.1-2008 "ustar Header Block".
struct Field {
  size_t offset;
  size_t length;
};
constexpr Field kName{0, 100}, kSize{124, 12}, kChecksum{148, 8}, kMagic{257, 6}, kPrefix{345, 155};
constexpr size_t kType = 156;
// GNU tar, tar.h: struct oldgnu_header, struct sparse_header.
constexpr size_t kIsExtended = 482, kSparseMapIsExtended = 504;

constexpr uint64_t kMaxSize = uint64_t{1} << 60;  // so that no sum of offsets overflows

uint64_t Padding(uint64_t size) { return (kTarBlock - size % kTarBlock) % kTarBlock; }

/// Text up to the first NUL.
std::string_view TextOf(const uint8_t* block, Field field) {
  const std::string_view text = AsText({block + field.offset, field.length});
  return text.substr(0, text.find('\0'));
}

/// Octal digits between spaces and NULs; none are 0.
std::optional<uint64_t> Octal(Bytes field) {
  const auto blank = [](uint8_t c) { return c == ' ' || c == 0; };
  while (!field.empty() && blank(field.front())) field = field.subspan(1);
  uint64_t value = 0;
  for (; !field.empty() && !blank(field.front()); field = field.subspan(1)) {
    const unsigned digit = field.front() - unsigned{'0'};
    if (digit > 7) return std::nullopt;
    value = value << 3 | digit;  // 12 digits at most
  }
  return value;
}

/// A number in octal, or of GNU tar in base 256, big-endian, its first bit set. nullopt = none, negative, or
/// beyond kMaxSize.
std::optional<uint64_t> NumberOf(const uint8_t* block, Field field) {
  const Bytes bytes{block + field.offset, field.length};
  if (!(bytes[0] & 0x80)) return Octal(bytes);
  if (bytes[0] & 0x40) return std::nullopt;
  uint64_t value = bytes[0] & 0x3F;
  for (const uint8_t byte : bytes.subspan(1)) {
    value = value << 8 | byte;
    if (value > kMaxSize) return std::nullopt;
  }
  return value;
}

bool IsZero(Bytes block) {
  return std::all_of(block.begin(), block.end(), [](uint8_t byte) { return byte == 0; });
}

/// Links, devices, directories and pipes: nothing follows them, whatever their size says.
bool HasNoData(char type) { return type >= '1' && type <= '6'; }

bool IsFile(char type) { return type == '0' || type == '\0' || type == '7'; }

std::string NameOf(const uint8_t* block) {
  std::string name(TextOf(block, kName));
  // GNU tar ends its magic with a space and keeps other things where the prefix is.
  if (AsText({block + kMagic.offset, kMagic.length}) != std::string_view("ustar\0", 6)) return name;
  const std::string_view prefix = TextOf(block, kPrefix);
  return prefix.empty() ? name : std::string(prefix) + '/' + name;
}

}  // namespace

bool IsTarHeader(Bytes block) {
  if (block.size() < kTarBlock || IsZero(block.first(kTarBlock))) return false;
  const std::optional<uint64_t> said = Octal(block.subspan(kChecksum.offset, kChecksum.length));
  // The sum of all bytes, those of the field as spaces. Old tars summed signed chars.
  int sum = 0, signed_sum = 0;
  for (size_t i = 0; i < kTarBlock; ++i) {
    const uint8_t byte = i - kChecksum.offset < kChecksum.length ? uint8_t{' '} : block[i];
    sum += byte;
    signed_sum += static_cast<int8_t>(byte);
  }
  return said && (*said == static_cast<uint64_t>(sum) || *said == static_cast<uint64_t>(signed_sum));
}

TarReader::Step TarReader::Next() {
  data_ = {};
  for (;;) {
    if (fault_ != ArchiveFault::kNone) return Step::kFault;
    skip_ -= Take(skip_).size();
    if (skip_ > 0) return NeedMore();
    std::optional<Step> step;
    switch (state_) {
      case State::kHeader:
        if (block_filled_ == 0) header_offset_ = at_;
        if (!FillBlock()) return NeedMore();
        step = ReadHeader();
        break;
      case State::kMeta: {
        const Bytes piece = Take(meta_size_ - meta_.size());
        meta_.append(AsText(piece));
        if (meta_.size() < meta_size_) return NeedMore();
        step = ReadMeta();
        break;
      }
      case State::kSparseMap:
        if (!FillBlock()) return NeedMore();
        entry_.offset = at_;
        if (block_[kSparseMapIsExtended] != 0) break;
        state_ = State::kBody;
        return Step::kEntry;
      case State::kBody: {
        if (data_left_ == 0) {
          skip_ = Padding(entry_.size);
          state_ = State::kHeader;
          return Step::kEntryEnd;
        }
        const Bytes piece = Take(data_left_);
        if (piece.empty()) return NeedMore();
        data_left_ -= piece.size();
        if (entry_.is_directory || entry_.fault != ArchiveFault::kNone) break;
        data_ = piece;
        return Step::kData;
      }
      case State::kDone:
        return Step::kEnd;
    }
    if (step) return *step;
  }
}

uint64_t TarReader::Jump() {
  if (state_ == State::kBody) {
    at_ += data_left_ + Padding(entry_.size);
    data_left_ = 0;
    state_ = State::kHeader;
  }
  input_ = {};
  return at_;
}

Bytes TarReader::Take(uint64_t length) {
  const Bytes taken = input_.first(static_cast<size_t>(std::min<uint64_t>(length, input_.size())));
  input_ = input_.subspan(taken.size());
  at_ += taken.size();
  return taken;
}

bool TarReader::FillBlock() {
  const Bytes piece = Take(kTarBlock - block_filled_);
  std::copy(piece.begin(), piece.end(), block_.begin() + block_filled_);
  block_filled_ += piece.size();
  if (block_filled_ < kTarBlock) return false;
  block_filled_ = 0;
  return true;
}

TarReader::Step TarReader::NeedMore() {
  if (!ended_) return Step::kNeedMore;
  const bool before_header = state_ == State::kHeader && block_filled_ == 0 && skip_ == 0;
  // Two blocks of zeros end a tar; one does for GNU tar, if nothing follows.
  if (!before_header || !zero_block_) return Fault(ArchiveFault::kCutOff);
  state_ = State::kDone;
  return Step::kEnd;
}

TarReader::Step TarReader::Fault(ArchiveFault fault) {
  fault_ = fault;
  return Step::kFault;
}

std::optional<TarReader::Step> TarReader::ReadHeader() {
  if (IsZero(block_)) {
    if (zero_block_) state_ = State::kDone;
    zero_block_ = true;
    return std::nullopt;
  }
  zero_block_ = false;
  if (!IsTarHeader(block_)) return Fault(ArchiveFault::kChecksum);
  const std::optional<uint64_t> size = NumberOf(block_.data(), kSize);
  if (!size || *size > kMaxSize) return Fault(ArchiveFault::kDamaged);
  const char type = static_cast<char>(block_[kType]);
  switch (type) {
    case 'L':  // GNU: name of the next entry
    case 'x':  // pax: records for the next entry
    case 'X':  // the same, of Solaris
      if (*size > kMaxMeta) return Fault(ArchiveFault::kTooManyBytes);
      meta_type_ = type;
      meta_size_ = static_cast<size_t>(*size);
      meta_.clear();
      state_ = State::kMeta;
      return std::nullopt;
    case 'K':  // GNU: target of the next link
    case 'g':  // pax: records for all that follow, such as git's commit; a path or size there makes no sense
      skip_ = *size + Padding(*size);
      return std::nullopt;
    default:
      return BeginEntry(type, *size);
  }
}

std::optional<TarReader::Step> TarReader::BeginEntry(char type, uint64_t size) {
  if (entries_ >= max_entries_) return Fault(ArchiveFault::kTooManyEntries);
  ++entries_;
  const std::string raw_name = next_name_ ? std::move(*next_name_) : NameOf(block_.data());
  EntryName name = CleanEntryName(ToValidUtf8(AsBytes(raw_name)), false);
  const bool sparse = type == 'S' || next_sparse_;
  entry_ = {};
  entry_.name = std::move(name.text);
  entry_.size = HasNoData(type) ? 0 : next_size_.value_or(size);
  entry_.offset = at_;
  entry_.is_directory = type == '5' || (IsFile(type) && name.is_directory);
  if (name.refused) {
    entry_.fault = ArchiveFault::kName;
  } else if (sparse) {
    entry_.fault = ArchiveFault::kSparse;
  } else if (type == 'M') {
    entry_.fault = ArchiveFault::kSplit;
  } else if (!IsFile(type) && type != '5') {
    entry_.fault = ArchiveFault::kNotAFile;
  }
  next_name_.reset();
  next_size_.reset();
  next_sparse_ = false;
  data_left_ = entry_.size;
  if (type == 'S' && block_[kIsExtended] != 0) {
    state_ = State::kSparseMap;
    return std::nullopt;
  }
  state_ = State::kBody;
  return Step::kEntry;
}

std::optional<TarReader::Step> TarReader::ReadMeta() {
  skip_ = Padding(meta_size_);
  state_ = State::kHeader;
  if (meta_type_ == 'L') {
    next_name_ = meta_.substr(0, meta_.find('\0'));
  } else if (!ReadPax()) {
    return Fault(ArchiveFault::kDamaged);
  }
  meta_.clear();
  return std::nullopt;
}

bool TarReader::ReadPax() {
  // Records "%d %s=%s\n", the number being the length of the whole record.
  std::string_view rest = meta_;
  std::string_view sparse_name;
  while (!rest.empty()) {
    size_t length = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), length);
    const size_t digits = static_cast<size_t>(end - rest.data());
    if (error != std::errc() || length > rest.size() || length < digits + 2) return false;
    if (rest[digits] != ' ' || rest[length - 1] != '\n') return false;
    const std::string_view record = rest.substr(digits + 1, length - digits - 2);
    rest.remove_prefix(length);
    const size_t equals = record.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view key = record.substr(0, equals), value = record.substr(equals + 1);
    // An empty value takes a record back.
    if (key == "path") {
      next_name_.reset();
      if (!value.empty()) next_name_ = value;
    } else if (key == "size") {
      uint64_t size = 0;
      const auto [size_end, size_error] = std::from_chars(value.data(), value.data() + value.size(), size);
      if (size_error != std::errc() || size_end != value.data() + value.size() || size > kMaxSize) {
        if (!value.empty()) return false;
        next_size_.reset();
      } else {
        next_size_ = size;
      }
    } else if (key.starts_with("GNU.sparse.")) {
      next_sparse_ = true;
      if (key == "GNU.sparse.name") sparse_name = value;
    }
  }
  if (!sparse_name.empty()) next_name_ = sparse_name;
  return true;
}

}  // namespace tensorpane
