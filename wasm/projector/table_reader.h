#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "projector/matrix.h"
#include "projector/row_faults.h"
#include "projector/table_form.h"
#include "projector/text_columns.h"

namespace tensorpane {

/// Reads a text of rows of numbers into a matrix, in any form that FindTableForm tells: numbers as
/// ParseNumber takes them, as projector_plugin.py's _read_tensor_tsv_file does. Rows with other cells than
/// the usual ones, and those that are not finite, are left out and listed; empty lines are skipped. Any cut
/// of the bytes gives the same result.
class TableReader {
 public:
  /// Of one line.
  static constexpr size_t kMaxLineBytes = 32 << 20;

  explicit TableReader(uint64_t max_values = kMaxMatrixValues, MatrixValues values = MatrixValues::kKept)
      : keeps_values_(values == MatrixValues::kKept), max_values_(max_values) {}

  /// Bytes behind a problem are ignored.
  void Feed(Bytes bytes);
  void Finish();

  const Matrix& matrix() const { return matrix_; }
  Matrix Take() { return std::move(matrix_); }
  /// Nothing before it is known, or if there is none.
  const std::optional<TableForm>& form() const { return form_; }
  /// Rows of the file, with those that were left out.
  uint64_t file_rows() const { return file_rows_; }
  /// Which of them the rows of the matrix are; empty = all are.
  std::vector<uint32_t> TakeRows() { return std::move(rows_); }
  const RowFaults& faults() const { return faults_; }
  /// Columns of text, or the words: a row for each row of the matrix.
  TextColumns TakeTexts() { return std::move(texts_); }
  /// Why there is nothing; the matrix is empty then.
  const ProjectorProblem& problem() const { return problem_; }

 private:
  void Begin(bool is_whole);
  void TakeLines(bool is_whole);
  void TakeLine(std::string_view line);
  /// A row of numbers alone; false: something in it is not plain, and row_ is spoilt.
  bool ScanRow(const char* at, const char* end);
  void TakeCells(std::string_view line);
  /// The word at the beginning of a line; the numbers are what is left.
  std::string_view TakeWord(std::string_view* line) const;
  void AddRow();
  void LeaveOut(ProjectorFault fault, uint64_t column, std::string_view cell);
  void Fail(ProjectorFault fault);

  bool keeps_values_;
  uint64_t max_values_;
  std::string held_;  // what is not read yet
  std::optional<TableForm> form_;
  bool all_numbers_ = false;
  bool header_ahead_ = false;
  size_t at_ = 0;  // in held_
  uint64_t line_ = 0;
  uint64_t file_rows_ = 0;
  std::vector<float> row_;
  std::vector<std::string> row_texts_;
  Matrix matrix_;
  std::vector<uint32_t> rows_;
  RowFaults faults_;
  TextColumns texts_;
  ProjectorProblem problem_;
};

}  // namespace tensorpane
