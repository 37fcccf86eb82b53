// Tab-separated metadata and tensors: any cut gives the same cells. Input: cuts, text.

#include "projector/tsv.h"

#include <cstring>

#include "input.h"

namespace tensorpane::fuzz {
namespace {

std::string Read(Bytes text, Cuts cuts) {
  TsvTable table;
  TsvMatrixReader reader(1 << 16);
  ForEachPiece(text, cuts, [&](Bytes piece) {
    table.Feed(piece);
    reader.Feed(piece);
  });
  table.Finish();
  reader.Finish();
  const Matrix& matrix = reader.matrix();
  FUZZ_CHECK(matrix.values.size() == matrix.rows * matrix.columns || !reader.problem().ok());
  FUZZ_CHECK(matrix.values.size() <= 1 << 16);
  std::string all = std::to_string(table.rows()) + ' ' + std::to_string(table.columns()) + ' ';
  for (const std::string& cell : table.first_row()) all += cell + '\t';
  all += std::to_string(matrix.rows) + ' ' + std::to_string(matrix.columns) + ' ' +
         Name(reader.problem().fault) + ' ' + std::to_string(reader.problem().line) + ' ' +
         std::to_string(reader.problem().column) + ' ' + reader.problem().text;
  all.append(reinterpret_cast<const char*>(matrix.values.data()), matrix.values.size() * sizeof(float));
  return all;
}

}  // namespace
}  // namespace tensorpane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  const fuzz::Cuts cuts(input.Byte());
  const Bytes text = input.Rest();
  FUZZ_CHECK(fuzz::Read(text, cuts) == fuzz::Read(text, fuzz::Cuts(0)));
  return 0;
}
