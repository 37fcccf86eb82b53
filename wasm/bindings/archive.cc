// archive.wasm: what is in archives. Few logs are packed, so the reader fetches it for the first one that is.
// All that crosses is numbers and the memory of the exchange: plain functions do, where Embind would bring
// its glue along. Its TypeScript face, which describes every function, is
// web/src/engine/archives/archive_session.ts; the two must say the same.

#include <emscripten.h>

#include <memory>
#include <string>
#include <vector>

#include "archive/archive_reader.h"
#include "base/json_writer.h"
#include "bindings/exchange.h"

namespace tensorpane {
namespace {

class Archives : public Exchange {
 public:
  uint32_t Open(ArchiveKind kind, uint64_t size, uint64_t max_bytes) {
    ArchiveLimits limits;
    limits.max_bytes = max_bytes;
    readers_.push_back(ArchiveReader::Make(kind, size, limits));
    return static_cast<uint32_t>(readers_.size() - 1);
  }
  int Step(uint32_t archive) {
    ArchiveReader& reader = *readers_[archive];
    const ArchiveReader::Step step = reader.Next();
    need_ = reader.need();
    data_ = reader.data();
    if (step == ArchiveReader::Step::kEntry || step == ArchiveReader::Step::kEntryEnd ||
        step == ArchiveReader::Step::kEnd) {
      text_ = FactsOf(reader, step);
    }
    return static_cast<int>(step);
  }
  void Provide(uint32_t archive, uint32_t length) { readers_[archive]->Provide(Input(length)); }
  void OpenEntry(uint32_t archive, uint32_t number) { readers_[archive]->Open(number); }
  void Close(uint32_t archive) { readers_[archive].reset(); }
  const ByteRange& need() const { return need_; }

 private:
  /// An ArchiveFacts.
  static std::string FactsOf(const ArchiveReader& reader, ArchiveReader::Step step) {
    const bool begins = step == ArchiveReader::Step::kEntry;
    const ArchiveFault fault = begins ? reader.entry().fault : reader.fault();
    JsonWriter json;
    json.BeginObject();
    json.Key("fault");
    json.Text(Name(fault));
    json.Key("code");
    json.Text(Name(CodeOf(fault)));
    json.Key("limit");
    json.Unsigned(begins ? 0 : reader.limit());
    if (step != ArchiveReader::Step::kEnd) {
      const ArchiveEntry& entry = reader.entry();
      json.Key("name");
      json.Text(entry.name);
      json.Key("directory");
      json.Bool(entry.is_directory);
      json.Key("bare");
      json.Bool(entry.bare);
      if (entry.size) {
        json.Key("size");
        json.Unsigned(*entry.size);
      }
      if (entry.stored) {
        json.Key("offset");
        json.Unsigned(entry.stored->offset);
      }
    }
    json.EndObject();
    return json.Take();
  }

  std::vector<std::unique_ptr<ArchiveReader>> readers_;  // null once closed
  ByteRange need_{};
};

Archives archives;

}  // namespace
}  // namespace tensorpane

using tensorpane::archives;

extern "C" {

EMSCRIPTEN_KEEPALIVE uint32_t openArchive(int kind, double size, double max_bytes) {
  return archives.Open(static_cast<tensorpane::ArchiveKind>(kind), static_cast<uint64_t>(size),
                       static_cast<uint64_t>(max_bytes));
}
EMSCRIPTEN_KEEPALIVE int stepArchive(uint32_t archive) { return archives.Step(archive); }
EMSCRIPTEN_KEEPALIVE void provideArchive(uint32_t archive, uint32_t length) {
  archives.Provide(archive, length);
}
EMSCRIPTEN_KEEPALIVE void openEntry(uint32_t archive, uint32_t number) {
  archives.OpenEntry(archive, number);
}
EMSCRIPTEN_KEEPALIVE void closeArchive(uint32_t archive) { archives.Close(archive); }
EMSCRIPTEN_KEEPALIVE double requestOffset() { return static_cast<double>(archives.need().offset); }
EMSCRIPTEN_KEEPALIVE double requestLength() { return static_cast<double>(archives.need().length); }

EMSCRIPTEN_KEEPALIVE uintptr_t reserveInput(uint32_t bytes) { return archives.reserveInput(bytes); }
EMSCRIPTEN_KEEPALIVE uintptr_t numbersPointer() { return archives.numbersPointer(); }
EMSCRIPTEN_KEEPALIVE uint32_t numbersSize() { return archives.numbersSize(); }
EMSCRIPTEN_KEEPALIVE uintptr_t textPointer() { return archives.textPointer(); }
EMSCRIPTEN_KEEPALIVE uint32_t textSize() { return archives.textSize(); }
EMSCRIPTEN_KEEPALIVE uintptr_t dataPointer() { return archives.dataPointer(); }
EMSCRIPTEN_KEEPALIVE uint32_t dataSize() { return archives.dataSize(); }
EMSCRIPTEN_KEEPALIVE void releaseBuffers() { archives.releaseBuffers(); }

}  // extern "C"
