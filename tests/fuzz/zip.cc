// Zip files by ranges: however many bytes of a range are at hand, the same entries and data. Input: cuts,
// file.

#include "archive/zip_directory.h"
#include "archive/zip_entry_reader.h"
#include "input.h"

namespace tensorpane::fuzz {
namespace {

constexpr InflateLimits kLimits = {.max_total_bytes = 1 << 16};

/// Some of the bytes of `range`, copied.
std::string ReadRange(Bytes file, ByteRange range, Cuts& cuts) {
  FUZZ_CHECK(range.length > 0 && range.length <= kMaxWanted);
  const size_t offset = std::min<uint64_t>(range.offset, file.size());
  return std::string(
      AsText(file.subspan(offset, std::min({cuts.Next(), size_t(range.length), file.size() - offset}))));
}

void AddEntry(Bytes file, const ZipEntry& entry, Cuts& cuts, std::string* text) {
  ZipEntryReader reader(entry, kLimits);
  std::string piece;
  uint64_t bytes = 0;
  for (;;) {
    switch (reader.Next()) {
      case ZipEntryReader::Step::kNeed:
        piece = ReadRange(file, reader.need(), cuts);
        reader.Provide(AsBytes(piece));
        break;
      case ZipEntryReader::Step::kOutput:
        FUZZ_CHECK(!reader.output().empty());
        bytes += reader.output().size();
        *text += AsText(reader.output());
        break;
      case ZipEntryReader::Step::kEnd:
      case ZipEntryReader::Step::kFault:
        FUZZ_CHECK(reader.total_out() == bytes);
        *text += Name(reader.fault());
        return;
    }
  }
}

/// All that can be seen of an archive.
std::string Read(Bytes file, Cuts cuts) {
  ZipDirectory directory(file.size(), {.max_entries = 64});
  while (directory.Next() == ZipDirectory::Step::kNeed) {
    const ByteRange need = directory.need();
    FUZZ_CHECK(need.offset + need.length <= file.size());
    const std::string piece = ReadRange(file, need, cuts);
    directory.Provide(AsBytes(piece));
  }
  std::string text = Name(directory.fault());
  for (const ZipEntry& entry : directory.entries()) {
    text += entry.name + (entry.is_directory ? "/ " : " ");
    AddEntry(file, entry, cuts, &text);
  }
  return text;
}

}  // namespace
}  // namespace tensorpane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  const fuzz::Cuts cuts(input.Byte());
  const Bytes file = input.Rest();
  FUZZ_CHECK(fuzz::Read(file, cuts) == fuzz::Read(file, fuzz::Cuts(0)));
  return 0;
}
