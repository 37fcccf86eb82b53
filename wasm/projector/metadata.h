#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "projector/row_faults.h"
#include "projector/text_columns.h"
#include "projector/tsv.h"

namespace tensorpane {

class JsonWriter;

/// How a cell is held against a text. Names and order are those of MATCHES in
/// web/src/engine/embeddings/embeddings.ts.
enum class Match : uint8_t { kHas, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kEqual, kNotEqual };

/// What is known of the points of an embedding: columns of text, of which some are numbers.
class Metadata {
 public:
  /// TensorBoard colours as many distinct values by category (vz_projector/data.ts: tooManyUniqueValues).
  static constexpr size_t kMaxCategories = 50;
  /// Distinct values that are counted.
  static constexpr size_t kMaxDistinct = 1000;

  struct Column {
    std::string name;
    /// All cells that are not empty are finite numbers, and there are some.
    bool is_number = false;
    double min = 0;
    double max = 0;
    uint64_t distinct = 0;  ///< kMaxDistinct + 1 = more
    uint64_t empty = 0;     ///< cells
  };

  Metadata() = default;
  /// Looks at all cells.
  /// @param names of columns, or none
  Metadata(TextColumns cells, std::vector<std::string> names);

  size_t rows() const { return cells_.rows(); }
  const std::vector<Column>& columns() const { return columns_; }
  std::string_view Cell(size_t column, size_t row) const { return cells_.Cell(column, row); }
  /// Index of the column whose cells are the row that follows in a sequence, as vz_projector/data.ts has
  /// them; -1 = none.
  int next_column() const;

  /// A cell a row; NaN = it is empty or no number.
  std::vector<double> Numbers(size_t column) const;

  struct Category {
    std::string_view text;
    uint64_t count;
  };
  /// The distinct values of a column, most frequent first, then as they come; at most kMaxDistinct. `of` has
  /// the index for each row, or -1.
  std::vector<Category> Categories(size_t column, std::vector<double>* of) const;

  /// The rows of which a cell is as is said. kHas: `text` is part of it, whatever the case, of ASCII; all
  /// others are by number or, where `text` is none or NaN, kEqual and kNotEqual by the whole text, whatever
  /// the case.
  /// @param column -1 = any
  std::vector<double> Search(int column, Match match, std::string_view text) const;

 private:
  TextColumns cells_;
  std::vector<Column> columns_;
};

/// Reads a TSV of metadata. The first line names columns if it has a tab (projector_plugin.py,
/// _serve_metadata); rows with fewer or more cells than it are filled up or cut, and listed. Empty lines at
/// the end are none; others are rows.
class MetadataReader {
 public:
  /// @param rows which rows are wanted, ascending; empty = all
  explicit MetadataReader(std::vector<uint32_t> rows = {}) : wanted_(std::move(rows)) {}

  void Feed(Bytes bytes);
  void Finish();

  bool has_header() const { return has_header_; }
  /// Of the file, without the header.
  uint64_t file_rows() const { return file_rows_; }
  const RowFaults& faults() const { return faults_; }
  const ProjectorProblem& problem() const { return problem_; }
  Metadata Take();

 private:
  void TakeCell(Bytes cell, bool ends_line);
  void EndLine();
  void AddRow(std::vector<std::string>* cells);

  static constexpr size_t kMaxColumns = 1000;

  std::vector<uint32_t> wanted_;
  size_t next_wanted_ = 0;
  TsvSplitter splitter_;
  std::vector<std::string> cells_;  // of the line that is not over
  uint64_t line_cells_ = 0;
  uint64_t line_ = 0;
  uint64_t empty_lines_ = 0;  // since the last row
  bool has_header_ = false;
  std::vector<std::string> names_;
  std::optional<TextColumns> columns_;
  uint64_t file_rows_ = 0;
  RowFaults faults_;
  ProjectorProblem problem_;
};

}  // namespace tensorpane
