// Binary arrays: any cut gives the same matrix. Input: cuts, rows and columns of a raw array (rows 0: a
// .npy), file.

#include "projector/npy.h"

#include "input.h"
#include "projector/array_reader.h"

namespace tensorpane::fuzz {
namespace {

std::string Read(ArrayReader reader, Bytes file, Cuts cuts) {
  ForEachPiece(file, cuts, [&](Bytes piece) { reader.Feed(piece); });
  reader.Finish();
  const Matrix& matrix = reader.matrix();
  FUZZ_CHECK(matrix.values.size() <= file.size());
  FUZZ_CHECK(!reader.problem().ok() || matrix.values.size() == matrix.rows * matrix.columns);
  std::string all =
      std::to_string(matrix.rows) + ' ' + std::to_string(matrix.columns) + ' ' + Name(reader.problem().fault);
  all.append(reinterpret_cast<const char*>(matrix.values.data()), matrix.values.size() * sizeof(float));
  return all;
}

}  // namespace
}  // namespace tensorpane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  const fuzz::Cuts cuts(input.Byte());
  const uint32_t rows = input.Byte(), columns = input.Byte();
  const Bytes file = input.Rest();
  const auto reader = [&] {
    return rows == 0 ? ArrayReader::Npy(1 << 16) : ArrayReader::Raw({rows, columns}, 1 << 16);
  };
  FUZZ_CHECK(fuzz::Read(reader(), file, cuts) == fuzz::Read(reader(), file, fuzz::Cuts(0)));
  NpyHeader header;
  if (ReadNpyHeader(file, &header) == ProjectorFault::kNone) {
    FUZZ_CHECK(header.data_offset <= file.size() && StartsAsNpy(file));
  }
  return 0;
}
