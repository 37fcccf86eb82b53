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

  /// Tells how long the file is, so that room for its rows can be made at once: a matrix that grows step by
  /// step is copied, and takes up to three times the memory.
  void Expect(uint64_t bytes) { expected_ = bytes; }
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
  /// When the first rows tell how many there may be.
  void MakeRoom();
  /// A whole line of plain numbers alone, as nearly all are, without looking for its end before. False: it is
  /// none, or not there yet.
  bool TakePlainLine();
  void TakeLine(std::string_view line);
  /// False: no row more may come.
  bool BeginRow();
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
  size_t at_ = 0;          // in held_
  uint64_t expected_ = 0;  // bytes of the file; 0 = no one knows, or there is room
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
