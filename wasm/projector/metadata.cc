#include "projector/metadata.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "base/utf8.h"
#include "projector/number.h"

namespace tensorpane {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return Lower(c); });
  return lower;
}

/// Whether `text` has `lower` in it, whatever the case.
bool Has(std::string_view text, std::string_view lower) {
  return std::search(text.begin(), text.end(), lower.begin(), lower.end(),
                     [](char a, char b) { return Lower(a) == b; }) != text.end();
}

bool Holds(double number, Match match, double value) {
  switch (match) {
    case Match::kLess:
      return number < value;
    case Match::kLessOrEqual:
      return number <= value;
    case Match::kGreater:
      return number > value;
    case Match::kGreaterOrEqual:
      return number >= value;
    case Match::kNotEqual:
      return number != value;
    default:
      return number == value;
  }
}

}  // namespace

Metadata::Metadata(TextColumns cells, std::vector<std::string> names) : cells_(std::move(cells)) {
  names.resize(cells_.columns());
  for (size_t i = 0; i < cells_.columns(); ++i) {
    Column& column = columns_.emplace_back();
    column.name = std::move(names[i]);
    column.is_number = true;
    column.min = INFINITY;
    column.max = -INFINITY;
    std::unordered_set<std::string_view> distinct;
    for (size_t row = 0; row < rows(); ++row) {
      const std::string_view cell = cells_.Cell(i, row);
      if (distinct.size() <= kMaxDistinct) distinct.insert(cell);
      if (cell.empty()) {
        ++column.empty;
      } else if (double number; column.is_number) {
        column.is_number = ParseNumber(cell, &number) && std::isfinite(number);
        if (!column.is_number) continue;
        column.min = std::min(column.min, number);
        column.max = std::max(column.max, number);
      }
    }
    column.distinct = distinct.size();
    column.is_number = column.is_number && column.empty < rows();
    if (!column.is_number) column.min = column.max = NAN;
  }
}

int Metadata::next_column() const {
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].name == "__next__" || columns_[i].name == "__seq_next__") return static_cast<int>(i);
  }
  return -1;
}

std::vector<double> Metadata::Numbers(size_t column) const {
  std::vector<double> numbers(rows(), NAN);
  for (size_t row = 0; row < rows(); ++row) {
    double number;
    if (ParseNumber(Cell(column, row), &number)) numbers[row] = number;
  }
  return numbers;
}

std::vector<Metadata::Category> Metadata::Categories(size_t column, std::vector<double>* of) const {
  std::vector<Category> categories;
  // Counted are all that come, in memory the first of them; a column of texts has as many as rows.
  std::unordered_map<std::string_view, size_t> places;
  of->assign(rows(), -1);
  for (size_t row = 0; row < rows(); ++row) {
    const auto [at, is_new] = places.emplace(Cell(column, row), categories.size());
    if (is_new) categories.push_back({at->first, 0});
    ++categories[at->second].count;
    (*of)[row] = static_cast<double>(at->second);
  }
  std::vector<size_t> order(categories.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return categories[a].count > categories[b].count; });
  order.resize(std::min(order.size(), kMaxDistinct));
  std::vector<double> place_of(categories.size(), -1);
  std::vector<Category> sorted;
  for (size_t i = 0; i < order.size(); ++i) {
    place_of[order[i]] = static_cast<double>(i);
    sorted.push_back(categories[order[i]]);
  }
  for (double& index : *of) index = place_of[static_cast<size_t>(index)];
  return sorted;
}

std::vector<double> Metadata::Search(int column, Match match, std::string_view text) const {
  double value;
  // NaN is no other number's equal, not even its own: it is a text.
  const bool is_number = match != Match::kHas && ParseNumber(text, &value) && !std::isnan(value);
  const std::string lower = Lower(text);
  const auto matches = [&](std::string_view cell) {
    if (match == Match::kHas) return Has(cell, lower);
    double number;
    if (is_number) return ParseNumber(cell, &number) && Holds(number, match, value);
    if (match == Match::kEqual) return Lower(cell) == lower;
    return match == Match::kNotEqual && Lower(cell) != lower;
  };
  const size_t first = column < 0 ? 0 : static_cast<size_t>(column);
  const size_t end = column < 0 ? columns_.size() : std::min(first + 1, columns_.size());
  std::vector<double> found;
  for (size_t row = 0; row < rows(); ++row) {
    for (size_t i = first; i < end; ++i) {
      if (!matches(Cell(i, row))) continue;
      found.push_back(static_cast<double>(row));
      break;
    }
  }
  return found;
}

void MetadataReader::Feed(Bytes bytes) {
  if (!problem_.ok()) return;
  splitter_.Feed(bytes, [this](Bytes cell, bool ends_line) { TakeCell(cell, ends_line); });
}

void MetadataReader::Finish() {
  if (!problem_.ok()) return;
  splitter_.Finish([this](Bytes cell, bool ends_line) { TakeCell(cell, ends_line); });
}

Metadata MetadataReader::Take() {
  return Metadata(columns_ && problem_.ok() ? std::move(*columns_) : TextColumns(), std::move(names_));
}

void MetadataReader::TakeCell(Bytes cell, bool ends_line) {
  ++line_cells_;
  if (cells_.size() < kMaxColumns) cells_.push_back(ToValidUtf8(cell));
  if (ends_line) EndLine();
}

void MetadataReader::EndLine() {
  ++line_;
  std::vector<std::string> cells;
  cells.swap(cells_);
  const uint64_t count = line_cells_;
  line_cells_ = 0;
  if (count == 1 && cells[0].empty()) {
    ++empty_lines_;
    return;
  }
  if (!columns_) {
    // Empty lines before the first other one are a first line of one column.
    has_header_ = count > 1 && empty_lines_ == 0;
    columns_.emplace(has_header_ ? cells.size() : 1);
    if (has_header_) {
      names_ = std::move(cells);
      return;
    }
  }
  for (; empty_lines_ > 0 && problem_.ok(); --empty_lines_) {
    std::vector<std::string> none = {""};
    AddRow(&none);
  }
  if (!problem_.ok()) return;
  const size_t columns = columns_->columns();
  if (count < columns) {
    faults_.Add(ProjectorFault::kMissingCell, file_rows_, line_, count + 1);
  } else if (count > columns) {
    faults_.Add(ProjectorFault::kExtraCell, file_rows_, line_, columns + 1,
                columns < cells.size() ? std::string_view(cells[columns]) : std::string_view());
  }
  AddRow(&cells);
}

void MetadataReader::AddRow(std::vector<std::string>* cells) {
  const uint64_t row = file_rows_++;
  if (!wanted_.empty()) {
    if (next_wanted_ == wanted_.size() || wanted_[next_wanted_] != row) return;
    ++next_wanted_;
  }
  cells->resize(columns_->columns());
  size_t bytes = 0;
  for (const std::string& cell : *cells) bytes += cell.size();
  if (!columns_->HasRoom(bytes) || file_rows_ == UINT32_MAX) {
    problem_.fault = ProjectorFault::kTooBig;
    problem_.line = line_;
    problem_.column = 1;
    return;
  }
  for (size_t i = 0; i < cells->size(); ++i) columns_->AddCell(i, (*cells)[i]);
}

}  // namespace tensorpane
