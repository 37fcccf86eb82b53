#include "projector/table_reader.h"

#include <algorithm>
#include <cmath>

#include "base/utf8.h"
#include "projector/number.h"

namespace tensorpane {
namespace {

/// How much of the start of a file tells its form: two lines at least.
size_t FormBytesOf(std::string_view text) {
  size_t lines = 0, end = 0;
  while (end < text.size() && lines < 2) {
    end = std::min(text.find('\n', end), text.size());
    if (end == text.size()) return SIZE_MAX;
    ++end;
    ++lines;
  }
  return lines < 2 ? SIZE_MAX : std::max(end, kFormBytes);
}

}  // namespace

void TableReader::Feed(Bytes bytes) {
  if (!problem_.ok()) return;
  held_ += AsText(bytes);
  if (!form_) {
    if (held_.size() < FormBytesOf(held_)) {
      if (held_.size() > 2 * kMaxLineBytes) Fail(ProjectorFault::kTooBig);
      return;
    }
    Begin(false);
  }
  TakeLines(false);
}

void TableReader::Finish() {
  if (!problem_.ok()) return;
  if (!form_) Begin(true);
  TakeLines(true);
  held_ = {};
}

void TableReader::Begin(bool is_whole) {
  const std::string_view start = std::string_view(held_).substr(0, FormBytesOf(held_));
  form_ = FindTableForm(start, is_whole && held_.size() == start.size());
  if (!form_) return Fail(ProjectorFault::kNoNumbers);
  at_ = held_.size() - WithoutMark(held_).size();
  header_ahead_ = form_->has_header;
  const auto is = [this](CellKind kind) {
    return std::count(form_->columns.begin(), form_->columns.end(), kind);
  };
  row_.resize(static_cast<size_t>(form_->numbers()));
  all_numbers_ = row_.size() == form_->columns.size();
  const auto texts = form_->has_words ? 1 : static_cast<size_t>(is(CellKind::kText));
  row_texts_.resize(texts);
  texts_ = TextColumns(texts);
  matrix_.columns = row_.size();
}

void TableReader::TakeLines(bool is_whole) {
  while (problem_.ok() && at_ < held_.size()) {
    if (TakePlainLine()) continue;
    size_t end = FindLineEnd(held_, at_, form_->separator, is_whole);
    if (end == std::string::npos) {
      if (!is_whole) break;
      end = held_.size();
    }
    TakeLine(std::string_view(held_).substr(at_, end - at_));
    at_ = std::min(end + 1, held_.size());
  }
  MakeRoom();
  held_.erase(0, at_);
  at_ = 0;
  if (problem_.ok() && held_.size() > kMaxLineBytes) Fail(ProjectorFault::kTooBig);
  if (!problem_.ok()) held_ = {};
}

void TableReader::MakeRoom() {
  if (expected_ == 0 || !keeps_values_ || matrix_.rows == 0) return;
  // With a little more, since rows are not equally long.
  const double share = static_cast<double>(at_) / static_cast<double>(expected_);
  const double values = 1.02 * static_cast<double>(matrix_.values.size()) / std::min(share, 1.0);
  matrix_.values.reserve(static_cast<size_t>(std::min(values, static_cast<double>(max_values_))));
  expected_ = 0;
}

bool TableReader::TakePlainLine() {
  if (!all_numbers_ || form_->has_words || header_ahead_) return false;
  const char* behind = ScanNumbers(&held_[at_], &held_[held_.size()], form_->separator, row_);
  if (behind == nullptr) return false;
  // At the end of what came stands a zero, as behind any std::string.
  if (*behind == '\r') ++behind;
  if (*behind != '\n') return false;
  ++line_;
  if (BeginRow()) AddRow();
  at_ = static_cast<size_t>(behind + 1 - held_.data());
  return true;
}

void TableReader::TakeLine(std::string_view line) {
  ++line_;
  const std::string_view cells = TrimLine(line, form_->separator);
  if (!cells.empty()) {
    if (header_ahead_) {
      header_ahead_ = false;
    } else if (BeginRow()) {
      std::string_view numbers = cells;
      if (form_->has_words) row_texts_[0] = ToValidUtf8(AsBytes(TakeWord(&numbers)));
      const char* const end = numbers.data() + numbers.size();
      if (all_numbers_ && ScanNumbers(numbers.data(), end, form_->separator, row_) == end) {
        AddRow();
      } else {
        TakeCells(numbers);
      }
    }
  }
  if (HasQuotes(form_->separator)) line_ += static_cast<uint64_t>(std::count(line.begin(), line.end(), '\n'));
}

bool TableReader::BeginRow() {
  const bool is_over =
      file_rows_ == UINT32_MAX || (matrix_.rows + 1) > max_values_ / std::max<uint64_t>(matrix_.columns, 1);
  if (is_over) Fail(ProjectorFault::kTooBig);
  return !is_over;
}

std::string_view TableReader::TakeWord(std::string_view* line) const {
  size_t at = line->size();
  for (size_t i = 0; i < row_.size() && at != std::string_view::npos && at > 0; ++i) {
    at = line->rfind(form_->separator, at - 1);
    // Several spaces are one.
    while (at != std::string_view::npos && at > 0 && form_->separator == ' ' && (*line)[at - 1] == ' ') --at;
  }
  // Too few cells: the first is the word, so that it is the numbers which are missing.
  if (at == std::string_view::npos || at == line->size()) at = line->find(form_->separator);
  const std::string_view word = line->substr(0, at);
  *line = at == std::string_view::npos ? std::string_view() : line->substr(at + 1);
  *line = TrimLine(*line, form_->separator);
  return word;
}

void TableReader::TakeCells(std::string_view line) {
  const uint64_t words = form_->has_words ? 1 : 0;
  CellCutter cutter(line, form_->separator);
  size_t numbers = 0, texts = 0, column = 0;
  std::string_view cell;
  for (; !line.empty() && cutter.Next(&cell); ++column) {
    if (column == form_->columns.size())
      return LeaveOut(ProjectorFault::kExtraCell, column + words + 1, cell);
    const CellKind kind = form_->columns[column];
    if (kind == CellKind::kText) row_texts_[texts++] = ToValidUtf8(AsBytes(cell));
    if (kind != CellKind::kNumber) continue;
    float& value = row_[numbers++];
    if (!ParseNumber(cell, &value)) return LeaveOut(ProjectorFault::kNotANumber, column + words + 1, cell);
    if (!std::isfinite(value)) return LeaveOut(ProjectorFault::kNotFinite, column + words + 1, cell);
  }
  // What ends lines of others may be missing in this one.
  while (column < form_->columns.size() && form_->columns[column] == CellKind::kNothing) ++column;
  if (column < form_->columns.size()) return LeaveOut(ProjectorFault::kMissingCell, column + words + 1, {});
  AddRow();
}

void TableReader::AddRow() {
  if (keeps_values_) {
    size_t bytes = 0;
    for (const std::string& text : row_texts_) bytes += text.size();
    if (!texts_.HasRoom(bytes)) return Fail(ProjectorFault::kTooBig);
    for (size_t i = 0; i < row_texts_.size(); ++i) texts_.AddCell(i, row_texts_[i]);
    if (file_rows_ != matrix_.rows) rows_.push_back(static_cast<uint32_t>(file_rows_));
    matrix_.values.insert(matrix_.values.end(), row_.begin(), row_.end());
  }
  ++matrix_.rows;
  ++file_rows_;
}

void TableReader::LeaveOut(ProjectorFault fault, uint64_t column, std::string_view cell) {
  // Until now all were there.
  if (keeps_values_ && faults_.empty()) {
    for (uint64_t row = 0; row < matrix_.rows; ++row) rows_.push_back(static_cast<uint32_t>(row));
  }
  faults_.Add(fault, file_rows_, line_, column, cell);
  ++file_rows_;
}

void TableReader::Fail(ProjectorFault fault) {
  problem_.fault = fault;
  problem_.line = line_;
  problem_.column = line_ > 0 ? 1 : 0;
  matrix_ = {};
  texts_ = TextColumns();
  rows_ = {};
}

}  // namespace tensorpane
