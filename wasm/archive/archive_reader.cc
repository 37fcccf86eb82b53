#include "archive/archive_reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "archive/tar_reader.h"
#include "archive/zip_directory.h"
#include "archive/zip_entry_reader.h"

namespace tensorpane {
namespace {

class ZipArchive final : public ArchiveReader {
 public:
  ZipArchive(uint64_t size, const ArchiveLimits& limits)
      : ArchiveReader(limits), directory_(size, ZipLimits{.max_entries = limits.max_entries}) {}

  Step Next() override {
    data_ = {};
    if (open_) return NextOfEntry();
    if (directory_.Next() == ZipDirectory::Step::kNeed) {
      need_ = directory_.need();
      return Step::kNeed;
    }
    if (told_ == directory_.entries().size()) return End(Step::kEnd, directory_.fault());
    entry_ = EntryOf(directory_.entries()[told_++]);
    return Step::kEntry;
  }

  void Provide(Bytes bytes) override {
    if (!open_) return directory_.Provide(bytes);
    input_.assign(bytes.begin(), bytes.end());
    open_->Provide(input_);
  }

  void Open(size_t number) override {
    if (number >= directory_.entries().size()) return;
    ZipEntry entry = directory_.entries()[number];
    entry_ = EntryOf(entry);
    stored_ = entry.method == ZipEntry::kStored;
    if (!stored_ && entry.fault == ArchiveFault::kNone) entry.fault = Judge(entry.size);
    open_.emplace(entry, limits_.inflate);
  }

 private:
  static ArchiveEntry EntryOf(const ZipEntry& entry) {
    return {.name = entry.name,
            .size = entry.size,
            .stored = {},
            .is_directory = entry.is_directory,
            .fault = entry.fault};
  }

  Step NextOfEntry() {
    const ZipEntryReader::Step step = open_->Next();
    if (stored_ && open_->data() && step != ZipEntryReader::Step::kFault) {
      // Its checksum is left unread: records have their own.
      entry_.stored = open_->data();
      open_.reset();
      return End(Step::kEntryEnd, ArchiveFault::kNone);
    }
    if (step == ZipEntryReader::Step::kNeed) {
      need_ = open_->need();
      return Step::kNeed;
    }
    const Step next = step == ZipEntryReader::Step::kOutput ? HandOver(open_->output())
                                                            : End(Step::kEntryEnd, open_->fault());
    if (next == Step::kEntryEnd) open_.reset();
    return next;
  }

  ZipDirectory directory_;
  size_t told_ = 0;
  std::optional<ZipEntryReader> open_;
  bool stored_ = false;
  std::vector<uint8_t> input_;
};

ArchiveEntry EntryOf(const TarEntry& entry) {
  return {.name = entry.name,
          .size = entry.size,
          .stored = {},
          .is_directory = entry.is_directory,
          .fault = entry.fault};
}

class TarArchive final : public ArchiveReader {
 public:
  explicit TarArchive(const ArchiveLimits& limits) : ArchiveReader(limits), tar_(limits.max_entries) {}

  Step Next() override {
    switch (tar_.Next()) {
      case TarReader::Step::kEntry:
        entry_ = EntryOf(tar_.entry());
        entry_.stored = {tar_.entry().offset, tar_.entry().size};
        GoTo(tar_.Jump());
        return Step::kEntry;
      case TarReader::Step::kNeedMore:
        need_ = {input_offset_ + input_.size(), window_};
        return Step::kNeed;
      case TarReader::Step::kData:
      case TarReader::Step::kEntryEnd:
        return Step::kPause;  // of no entry: each is jumped over
      case TarReader::Step::kEnd:
      case TarReader::Step::kFault:
        break;
    }
    return End(Step::kEnd, tar_.fault());
  }

  void Provide(Bytes bytes) override {
    input_offset_ = need_.offset;
    input_.assign(bytes.begin(), bytes.end());
    if (bytes.empty()) tar_.End();
    tar_.Feed(input_);
    // Where entries are small, all of it is read.
    window_ = std::min(window_ * 2, kMaxWanted);
  }

  void Open(size_t) override {}

 private:
  static constexpr uint64_t kFirstWindow = 16 << 10;

  void GoTo(uint64_t offset) {
    const uint64_t passed = offset - input_offset_;
    if (passed <= input_.size()) return tar_.Feed(Bytes(input_).subspan(static_cast<size_t>(passed)));
    input_offset_ = offset;
    input_.clear();
    window_ = kFirstWindow;
  }

  TarReader tar_;
  std::vector<uint8_t> input_;
  uint64_t input_offset_ = 0;
  uint64_t window_ = kFirstWindow;
};

/// One compressed stream: a tar, or a bare file.
class CompressedArchive final : public ArchiveReader {
 public:
  CompressedArchive(DeflateFormat format, const ArchiveLimits& limits)
      : ArchiveReader(limits), inflater_(format, limits.inflate), tar_(limits.max_entries) {}

  Step Next() override {
    data_ = {};
    if (refused_ != ArchiveFault::kNone) return EndEntry(std::exchange(refused_, ArchiveFault::kNone));
    switch (state_) {
      case State::kStart:
        return Begin();
      case State::kBare:
        return NextOfBare();
      case State::kTar:
        return NextOfTar();
      case State::kBehind:
        return ReadToEnd();
      case State::kDone:
        break;
    }
    return End(Step::kEnd, end_fault_);
  }

  void Provide(Bytes bytes) override {
    input_.assign(bytes.begin(), bytes.end());
    input_offset_ += bytes.size();
    inflater_.Feed(input_);
    if (bytes.empty()) inflater_.End();
  }

  void Open(size_t) override {
    if (entry_.fault != ArchiveFault::kNone) {
      refused_ = entry_.fault;
    } else {
      refused_ = Judge(entry_.size.value_or(0));
    }
    open_ = refused_ == ArchiveFault::kNone;
  }

 private:
  enum class State { kStart, kBare, kTar, kBehind, kDone };

  /// Makes piece_ the next bytes that come out: kData = it is, kEnd = there are none left.
  Step Inflate() {
    switch (inflater_.Next()) {
      case Inflater::Step::kOutput:
        piece_ = inflater_.output();
        return Step::kData;
      case Inflater::Step::kNeedMore:
        need_ = {input_offset_, kMaxWanted};
        return Step::kNeed;
      case Inflater::Step::kEnd:
      case Inflater::Step::kFault:
        break;
    }
    return Step::kEnd;
  }

  /// Collects enough to tell what it is.
  Step Begin() {
    while (start_.size() < kKindBytes) {
      const Step step = Inflate();
      if (step == Step::kNeed) return step;
      if (step == Step::kEnd) break;
      start_.insert(start_.end(), piece_.begin(), piece_.end());
    }
    piece_ = start_;
    if (KindOf(start_) == ArchiveKind::kTar) {
      state_ = State::kTar;
      tar_.Feed(piece_);
      return NextOfTar();
    }
    state_ = State::kBare;
    entry_ = {.name = inflater_.gzip_name(), .size = {}, .stored = {}, .bare = true};
    return Step::kEntry;
  }

  Step NextOfBare() {
    if (!open_) return Finish(ArchiveFault::kNone);
    if (piece_.empty()) {
      const Step step = Inflate();
      if (step == Step::kNeed) return step;
      if (step == Step::kEnd) return EndEntry(inflater_.fault());
    }
    return HandOverOpen(std::exchange(piece_, {}));
  }

  Step NextOfTar() {
    for (;;) {
      switch (tar_.Next()) {
        case TarReader::Step::kEntry:
          entry_ = EntryOf(tar_.entry());
          return Step::kEntry;
        case TarReader::Step::kData:
          if (!open_) break;
          return HandOverOpen(tar_.data());
        case TarReader::Step::kEntryEnd:
          if (!open_) break;
          return EndEntry(ArchiveFault::kNone);
        case TarReader::Step::kNeedMore: {
          const Step step = Inflate();
          if (step == Step::kNeed) return step;
          if (step == Step::kData) {
            tar_.Feed(piece_);
            return Step::kPause;
          }
          if (inflater_.fault() != ArchiveFault::kNone) return Finish(inflater_.fault());
          tar_.End();
          break;
        }
        case TarReader::Step::kEnd:
          state_ = State::kBehind;
          return Step::kPause;
        case TarReader::Step::kFault:
          return Finish(tar_.fault());
      }
    }
  }

  /// The checksum of all comes last.
  Step ReadToEnd() {
    const Step step = Inflate();
    if (step == Step::kData) return Step::kPause;
    return step == Step::kNeed ? step : Finish(inflater_.fault());
  }

  /// Nothing more comes; an entry that is open has the fault, too.
  Step Finish(ArchiveFault fault) {
    state_ = State::kDone;
    end_fault_ = fault;
    return open_ ? EndEntry(fault) : End(Step::kEnd, fault);
  }

  Step HandOverOpen(Bytes bytes) {
    const Step step = HandOver(bytes);
    if (step == Step::kEntryEnd) open_ = false;
    return step;
  }

  Step EndEntry(ArchiveFault fault) {
    open_ = false;
    return End(Step::kEntryEnd, fault);
  }

  Inflater inflater_;
  TarReader tar_;
  State state_ = State::kStart;
  std::vector<uint8_t> input_;
  uint64_t input_offset_ = 0;
  std::vector<uint8_t> start_;
  Bytes piece_;
  bool open_ = false;
  ArchiveFault refused_ = ArchiveFault::kNone;
  ArchiveFault end_fault_ = ArchiveFault::kNone;
};

}  // namespace

std::unique_ptr<ArchiveReader> ArchiveReader::Make(ArchiveKind kind, uint64_t size,
                                                   const ArchiveLimits& limits) {
  switch (kind) {
    case ArchiveKind::kZip:
      return std::make_unique<ZipArchive>(size, limits);
    case ArchiveKind::kTar:
      return std::make_unique<TarArchive>(limits);
    case ArchiveKind::kZlib:
      return std::make_unique<CompressedArchive>(DeflateFormat::kZlib, limits);
    case ArchiveKind::kGzip:
    case ArchiveKind::kNone:
      break;
  }
  return std::make_unique<CompressedArchive>(DeflateFormat::kGzip, limits);
}

ArchiveFault ArchiveReader::Judge(uint64_t bytes) const {
  return bytes > limits_.max_bytes - handed_over_ ? ArchiveFault::kTooManyBytes : ArchiveFault::kNone;
}

ArchiveReader::Step ArchiveReader::HandOver(Bytes bytes) {
  if (const ArchiveFault fault = Judge(bytes.size()); fault != ArchiveFault::kNone) {
    return End(Step::kEntryEnd, fault);
  }
  handed_over_ += bytes.size();
  data_ = bytes;
  return Step::kData;
}

ArchiveReader::Step ArchiveReader::End(Step step, ArchiveFault fault) {
  fault_ = fault;
  limit_ = 0;
  if (fault == ArchiveFault::kTooManyBytes && step == Step::kEntryEnd) limit_ = limits_.max_bytes;
  if (fault == ArchiveFault::kTooManyEntries) limit_ = limits_.max_entries;
  if (fault == ArchiveFault::kRatio) limit_ = limits_.inflate.max_ratio;
  return step;
}

}  // namespace tensorpane
