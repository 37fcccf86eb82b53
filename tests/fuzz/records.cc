// Record framing: any cut of the bytes gives the same records and damage, which together are the whole file.
// Input: cuts, flags (1 = the size is known, 2 = a file as it is), a file or what MadeFile takes.

#include "made_file.h"
#include "records/record_reader.h"

namespace tensorpane::fuzz {
namespace {

struct Found {
  std::string text;
  uint64_t end = 0;  // of what was told last

  void Tell(char what, uint64_t offset, uint64_t bytes) {
    FUZZ_CHECK(offset == end);
    end = offset + bytes;
    text += what + std::to_string(offset) + '+' + std::to_string(bytes) + ' ';
  }
};

Found Read(Bytes file, bool size_known, Cuts cuts) {
  RecordReader reader(size_known ? file.size() : RecordReader::kUnknownSize);
  Found found;
  size_t at = 0;
  for (;;) {
    switch (reader.Next()) {
      case RecordReader::Step::kRecord: {
        const Record& record = reader.record();
        found.Tell('r', record.offset, record.length + 16);
        found.text += AsText(record.payload);
        break;
      }
      case RecordReader::Step::kDamage:
        found.Tell(static_cast<char>('A' + static_cast<int>(reader.damage().kind)), reader.damage().offset,
                   reader.damage().bytes);
        break;
      case RecordReader::Step::kNeedMore: {
        const size_t length = std::min(cuts.Next(), file.size() - at);
        if (length == 0) {
          reader.End();
        } else {
          reader.Append(file.subspan(at, length));
        }
        at += length;
        break;
      }
      case RecordReader::Step::kRewind:
        at = reader.rewind_offset();
        break;
      case RecordReader::Step::kEnd:
        FUZZ_CHECK(found.end == file.size());
        FUZZ_CHECK(reader.resume_offset() <= file.size());
        found.text += std::to_string(reader.resume_offset());
        return found;
    }
  }
}

}  // namespace
}  // namespace tensorpane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  const fuzz::Cuts cuts(input.Byte());
  const uint8_t flags = input.Byte();
  const std::string file = flags & 2 ? std::string(AsText(input.Rest())) : fuzz::MadeFile(input);
  const bool size_known = flags & 1;
  FUZZ_CHECK(fuzz::Read(AsBytes(file), size_known, cuts).text ==
             fuzz::Read(AsBytes(file), size_known, fuzz::Cuts(0)).text);
  return 0;
}
