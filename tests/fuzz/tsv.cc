// Tables of numbers and metadata: any cut gives the same, numbers are those of strtod. Input: cuts, text.

#include "projector/tsv.h"

#include <cmath>
#include <cstdlib>

#include "input.h"
#include "projector/metadata.h"
#include "projector/number.h"
#include "projector/table_reader.h"

namespace tensorpane::fuzz {
namespace {

std::string Read(Bytes text, Cuts cuts) {
  TsvTable table;
  TableReader reader(1 << 16);
  MetadataReader metadata;
  ForEachPiece(text, cuts, [&](Bytes piece) {
    table.Feed(piece);
    reader.Feed(piece);
    metadata.Feed(piece);
  });
  table.Finish();
  reader.Finish();
  metadata.Finish();
  FUZZ_CHECK(metadata.file_rows() == table.metadata_rows());
  const Matrix& matrix = reader.matrix();
  FUZZ_CHECK(matrix.values.size() == matrix.rows * matrix.columns && matrix.values.size() <= 1 << 16);
  std::string all = std::to_string(table.rows()) + ' ' + std::to_string(table.columns()) + ' ';
  for (const std::string& cell : table.first_row()) all += cell + '\t';
  all +=
      std::to_string(matrix.rows) + ' ' + std::to_string(matrix.columns) + ' ' + Name(reader.problem().fault);
  all.append(reinterpret_cast<const char*>(matrix.values.data()), matrix.values.size() * sizeof(float));
  for (const float value : matrix.values) FUZZ_CHECK(std::isfinite(value));
  for (const RowFaults::Kind& kind : reader.faults().kinds()) {
    all += Name(kind.fault) + std::to_string(kind.count) + kind.places[0].problem.text;
  }
  const std::vector<uint32_t> rows = reader.TakeRows();
  FUZZ_CHECK(rows.empty() ? reader.faults().empty() || matrix.rows == 0 : rows.size() == matrix.rows);
  const TextColumns texts = reader.TakeTexts();
  FUZZ_CHECK(texts.columns() == 0 || texts.rows() == matrix.rows);
  const Metadata read = metadata.Take();
  const std::string query(AsText(text.first(std::min<size_t>(text.size(), 8))));
  for (int match = 0; match <= static_cast<int>(Match::kNotEqual); ++match) {
    for (const double row : read.Search(-1, static_cast<Match>(match), query)) {
      FUZZ_CHECK(row >= 0 && row < static_cast<double>(read.rows()));
    }
  }
  std::vector<double> of;
  for (size_t i = 0; i < std::min<size_t>(read.columns().size(), 3); ++i) {
    uint64_t count = 0;
    for (const Metadata::Category& category : read.Categories(i, &of)) count += category.count;
    FUZZ_CHECK(count == read.rows() || read.columns()[i].distinct > Metadata::kMaxDistinct);
    for (size_t row = 0; row < read.rows(); ++row) (all += read.Cell(i, row)) += '\n';
  }
  return all;
}

void CheckNumber(std::string_view text) {
  double number;
  float value, scanned;
  const bool is_number = ParseNumber(text, &value);
  FUZZ_CHECK(ParseNumber(text, &number) == is_number);
  const char* const end = text.data() + text.size();
  const char* const behind = ScanNumbers(text.data(), end, '\t', {&scanned, 1});
  if (is_number && !std::isnan(number)) {
    // What strtod does not take for a space.
    const size_t begin = text.find_first_not_of("\x1C\x1D\x1E\x1F \t\r\v\f");
    const double expected = std::strtod(std::string(text.substr(begin)).c_str(), nullptr);
    FUZZ_CHECK(number == expected && value == static_cast<float>(expected));
    FUZZ_CHECK(behind != end || scanned == value);
  } else {
    FUZZ_CHECK(behind != end || text.empty());
  }
}

}  // namespace
}  // namespace tensorpane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  fuzz::Input input(data, size);
  const fuzz::Cuts cuts(input.Byte());
  const Bytes text = input.Rest();
  FUZZ_CHECK(fuzz::Read(text, cuts) == fuzz::Read(text, fuzz::Cuts(0)));
  std::string_view rest = AsText(text);
  while (!rest.empty()) {
    const size_t length = std::min(rest.find_first_of("\t,; \n"), rest.size());
    fuzz::CheckNumber(rest.substr(0, length));
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  return 0;
}
