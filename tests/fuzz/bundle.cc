// Checkpoints. Input: form (even: an .index as it is; odd: the one data block of one, framed with right
// CRCs), bytes.

#include <string>

#include "bundle/variable_reader.h"
#include "input.h"
#include "records/crc32c.h"

namespace tensorpane::fuzz {
namespace {

void AppendVarint(uint64_t number, std::string* bytes) {
  for (; number >= 128; number >>= 7) *bytes += static_cast<char>(number | 128);
  *bytes += static_cast<char>(number);
}

void AppendBlock(std::string_view block, std::string* file) {
  const size_t start = file->size();
  (*file += block) += '\0';
  const uint32_t crc = MaskCrc(Crc32c(AsBytes(*file).subspan(start)));
  file->append(reinterpret_cast<const char*>(&crc), sizeof crc);
}

std::string Frame(std::string_view block) {
  std::string file;
  AppendBlock(block, &file);
  const size_t index = file.size();
  std::string handle("\0\1", 2), entry;  // shares nothing, a key of one byte
  AppendVarint(0, &entry);
  AppendVarint(block.size(), &entry);
  AppendVarint(entry.size(), &handle);
  AppendBlock(handle + "z" + entry + std::string(8, '\0'), &file);
  std::string footer("\0\0", 2);
  AppendVarint(index, &footer);
  AppendVarint(file.size() - index - 5, &footer);
  footer.resize(SstableReader::kFooterBytes - 8);
  const uint64_t magic = SstableReader::kMagic;
  footer.append(reinterpret_cast<const char*>(&magic), sizeof magic);
  return file + footer;
}

Bytes Part(Bytes file, uint64_t offset, uint64_t length) {
  FUZZ_CHECK(length > 0 && length <= kMaxWanted);
  if (offset >= file.size()) return {};
  return file.subspan(static_cast<size_t>(offset),
                      static_cast<size_t>(std::min<uint64_t>(length, file.size() - offset)));
}

void Read(Bytes file) {
  BundleIndexReader reader(file.size());
  while (reader.Next() == BundleIndexReader::Step::kNeed) {
    FUZZ_CHECK(reader.need().offset + reader.need().length <= file.size());
    reader.Provide(Part(file, reader.need().offset, reader.need().length));
  }
  const BundleIndex& index = reader.index();
  for (const BundleEntry& variable : index.variables()) {
    FUZZ_CHECK(index.FindVariable(variable.name) == &variable);
    std::string whole;
    VariableReader values(index, variable, [&](uint64_t offset, Bytes bytes) {
      FUZZ_CHECK(!bytes.empty());
      if (offset == whole.size()) whole += AsText(bytes);
    });
    while (values.Next() == VariableReader::Step::kNeed) {
      values.Provide(Part(file, values.request().offset, values.request().length));
    }
    std::vector<Bytes> strings;
    if (variable.dtype == DType::kString) ReadStrings(variable, AsBytes(whole), &strings);
  }
}

}  // namespace
}  // namespace tensorpane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  const bool framed = input.Byte() & 1;
  const std::string rest(AsText(input.Rest()));
  fuzz::Read(AsBytes(framed ? fuzz::Frame(rest) : rest));
  return 0;
}
