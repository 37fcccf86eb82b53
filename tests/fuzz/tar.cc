// Tar streams: any cut of the bytes, and leaving entries out by Jump, gives the same entries. Input: cuts,
// then the blocks of the stream; headers get right checksums, which chance does not find.

#include "archive/tar_reader.h"
#include "input.h"

namespace tensorpane::fuzz {
namespace {

/// Writes the checksum of a header (POSIX.1-2008, pax, "ustar Header Block") where the block has a magic.
std::string WithChecksums(Bytes stream) {
  std::string tar(AsText(stream));
  for (size_t at = 0; at + kTarBlock <= tar.size(); at += kTarBlock) {
    if (tar.compare(at + 257, 5, "ustar") != 0) continue;
    tar.replace(at + 148, 8, 8, ' ');
    unsigned sum = 0;
    for (size_t i = 0; i < kTarBlock; ++i) sum += static_cast<uint8_t>(tar[at + i]);
    char digits[9];
    std::snprintf(digits, sizeof digits, "%06o", sum & 0777777u);
    tar.replace(at + 148, 7, digits, 7);
  }
  return tar;
}

std::string Read(Bytes tar, bool jump, Cuts cuts) {
  TarReader reader(64);
  std::string text, piece;
  uint64_t delivered = 0;
  size_t at = 0;
  for (;;) {
    switch (reader.Next()) {
      case TarReader::Step::kEntry:
        text += '\n' + reader.entry().name + ' ' + std::to_string(reader.entry().size) + ' ' +
                std::to_string(reader.entry().offset) + (reader.entry().is_directory ? "/ " : " ") +
                Name(reader.entry().fault);
        delivered = 0;
        if (jump) at = std::min<uint64_t>(reader.Jump(), tar.size());
        break;
      case TarReader::Step::kData:
        FUZZ_CHECK(!reader.data().empty() && !jump);
        delivered += reader.data().size();
        FUZZ_CHECK(delivered <= reader.entry().size);
        text += AsText(reader.data());
        break;
      case TarReader::Step::kEntryEnd:
        FUZZ_CHECK(!jump);
        break;
      case TarReader::Step::kNeedMore:
        piece = AsText(tar.subspan(at, std::min(cuts.Next(), tar.size() - at)));
        at += piece.size();
        if (piece.empty()) {
          reader.End();
        } else {
          reader.Feed(AsBytes(piece));
        }
        break;
      case TarReader::Step::kEnd:
        return text;
      case TarReader::Step::kFault:
        return text + Name(reader.fault()) + std::to_string(reader.fault_offset());
    }
  }
}

}  // namespace
}  // namespace tensorpane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  const fuzz::Cuts cuts(input.Byte());
  const std::string tar = fuzz::WithChecksums(input.Rest());
  for (const bool jump : {false, true}) {
    FUZZ_CHECK(fuzz::Read(AsBytes(tar), jump, cuts) == fuzz::Read(AsBytes(tar), jump, fuzz::Cuts(0)));
  }
  return 0;
}
