#include "projector/table_form.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/bytes.h"
#include "base/utf8.h"
#include "projector/number.h"

namespace tensorpane {
namespace {

/// Lines that are looked at.
constexpr size_t kLines = 50;

using Row = std::vector<std::string>;

Row CutLine(std::string_view line, char separator) {
  Row row;
  CellCutter cutter(TrimLine(line, separator), separator);
  for (std::string_view cell; row.size() <= kMaxTableColumns && cutter.Next(&cell);) row.emplace_back(cell);
  return row;
}

/// The first lines that are not empty; the last one only if it is whole.
std::vector<Row> FirstRows(std::string_view text, bool is_whole, char separator) {
  std::vector<Row> rows;
  for (size_t at = 0; at < text.size() && rows.size() < kLines;) {
    size_t end = FindLineEnd(text, at, separator, is_whole);
    if (end == std::string_view::npos) {
      if (!is_whole && !rows.empty()) break;
      end = text.size();
    }
    const std::string_view line = text.substr(at, end - at);
    if (!TrimLine(line, separator).empty()) rows.push_back(CutLine(line, separator));
    at = end + 1;
  }
  return rows;
}

/// How many cells most rows have; of equally many the most cells.
size_t UsualSize(const std::vector<Row>& rows) {
  std::map<size_t, size_t> count;
  for (const Row& row : rows) ++count[row.size()];
  size_t usual = 0, most = 0;
  for (const auto& [size, times] : count) {
    if (times >= most) {
      usual = size;
      most = times;
    }
  }
  return usual;
}

bool IsNumber(std::string_view cell) {
  double unused;
  return ParseNumber(cell, &unused);
}

/// Numbers at the end of a row, but for its first cell.
size_t NumbersAtEnd(const Row& row) {
  size_t count = 0;
  while (count + 1 < row.size() && IsNumber(row[row.size() - 1 - count])) ++count;
  return count;
}

bool ToCount(std::string_view cell, uint64_t* count) {
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), *count);
  return error == std::errc() && end == cell.data() + cell.size();
}

/// The kinds of columns. A few cells that are no numbers are faults of their rows; the first may be a name.
std::vector<CellKind> KindsOf(const std::vector<Row>& rows, size_t size) {
  std::vector<CellKind> kinds;
  for (size_t column = 0; column < size; ++column) {
    size_t numbers = 0, texts = 0;
    for (const Row& row : rows) {
      if (column < row.size() && !row[column].empty()) ++(IsNumber(row[column]) ? numbers : texts);
    }
    const bool is_name = column < rows[0].size() && !rows[0][column].empty() && !IsNumber(rows[0][column]);
    const bool is_number = numbers > 0 && (texts - (is_name ? 1 : 0)) * 3 <= numbers;
    // Of two rows, the first with a number, the other one has the fault.
    const bool is_doubt = numbers == 1 && texts == 1 && rows.size() == 2;
    kinds.push_back(numbers + texts == 0    ? CellKind::kNothing
                    : is_number || is_doubt ? CellKind::kNumber
                                            : CellKind::kText);
  }
  return kinds;
}

/// Whether the first row names columns: a cell of it is no number where others are; or only the first is
/// empty, as pandas names its index, which then is text.
bool NamesColumns(const Row& first, std::vector<CellKind>* kinds) {
  for (size_t i = 0; i < std::min(first.size(), kinds->size()); ++i) {
    if ((*kinds)[i] == CellKind::kNumber && !first[i].empty() && !IsNumber(first[i])) return true;
  }
  const bool has_index = first.size() > 1 && std::count(first.begin(), first.end(), "") == 1 &&
                         first[0].empty() && (*kinds)[0] != CellKind::kNothing;
  if (has_index) (*kinds)[0] = CellKind::kText;
  return has_index;
}

/// Word and numbers, separated by spaces; nothing = the rows are others.
std::optional<TableForm> FindWords(const std::vector<Row>& rows, char separator) {
  TableForm form;
  form.separator = separator;
  form.has_words = true;
  uint64_t rows_told, numbers_told;
  const bool has_counts = rows.size() > 1 && rows[0].size() == 2 && ToCount(rows[0][0], &rows_told) &&
                          ToCount(rows[0][1], &numbers_told) && numbers_told > 1 &&
                          numbers_told < kMaxTableColumns && rows[1].size() > numbers_told &&
                          NumbersAtEnd(rows[1]) >= numbers_told;
  if (has_counts) {
    form.has_header = true;
    form.told_rows = rows_told;
    form.columns.assign(static_cast<size_t>(numbers_told), CellKind::kNumber);
    return form;
  }
  const size_t usual = UsualSize(rows);
  // Some word is no number, and the others are; one number is not a vector.
  const bool any_word =
      std::any_of(rows.begin(), rows.end(), [](const Row& row) { return !IsNumber(row[0]); });
  const auto has_numbers = [&](const Row& row) { return NumbersAtEnd(row) + 1 >= usual; };
  if (separator != ' ' || usual < 3 || !any_word || !std::all_of(rows.begin(), rows.end(), has_numbers)) {
    return std::nullopt;
  }
  form.columns.assign(usual - 1, CellKind::kNumber);
  return form;
}

}  // namespace

uint64_t TableForm::numbers() const {
  return static_cast<uint64_t>(std::count(columns.begin(), columns.end(), CellKind::kNumber));
}

std::optional<TableForm> FindTableForm(std::string_view start, bool is_whole) {
  start = WithoutMark(start);
  if (start.find('\0') != std::string_view::npos) return std::nullopt;
  std::optional<TableForm> best;
  std::vector<Row> best_rows;
  double best_share = 0;
  bool has_labels = false;
  // Of separators that fit as well, the first: a comma may be in the text of a cell, a space more so.
  for (const char separator : {'\t', ';', ',', ' '}) {
    std::vector<Row> rows = FirstRows(start, is_whole, separator);
    if (rows.empty()) return std::nullopt;
    if (separator == '\t' || separator == ' ') {
      if (std::optional<TableForm> words = FindWords(rows, separator)) return words;
    }
    const size_t usual = UsualSize(rows);
    if (usual > kMaxTableColumns || (usual < 2 && best)) continue;
    const auto alike =
        std::count_if(rows.begin(), rows.end(), [&](const Row& row) { return row.size() == usual; });
    TableForm form;
    form.separator = separator;
    form.columns = KindsOf(rows, usual);
    const bool is_even = usual > 1 && static_cast<size_t>(alike) == rows.size();
    // Labels with tabs between them: a number behind a space is part of one ("photo 12").
    if (separator == '\t' && is_even && form.numbers() == 0) has_labels = true;
    if (form.numbers() == 0 || (separator == ' ' && has_labels)) continue;
    // Cells are better than one, which stands last.
    const double share = static_cast<double>(alike) / static_cast<double>(rows.size()) + (usual > 1 ? 1 : 0);
    if (share <= best_share) continue;
    best_share = share;
    form.has_header = rows.size() > 1 && NamesColumns(rows[0], &form.columns);
    best = std::move(form);
    best_rows = std::move(rows);
  }
  if (best && best->has_header) {
    for (const std::string& name : best_rows[0]) best->names.push_back(ToValidUtf8(AsBytes(name)));
    best->names.resize(best->columns.size());
  }
  return best;
}

CellCutter::CellCutter(std::string_view line, char separator) : rest_(line), separator_(separator) {}

bool CellCutter::Next(std::string_view* cell) {
  if (done_) return false;
  if (HasQuotes(separator_) && rest_.starts_with('"')) {
    unquoted_.clear();
    size_t at = 1;
    for (; at < rest_.size(); ++at) {
      if (rest_[at] == '"') {
        if (at + 1 == rest_.size() || rest_[at + 1] != '"') break;
        ++at;  // two are one
      }
      unquoted_ += rest_[at];
    }
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    // What stands behind the quotes belongs to the cell.
    const size_t end = std::min(rest_.find(separator_), rest_.size());
    unquoted_ += rest_.substr(0, end);
    *cell = unquoted_;
    done_ = end == rest_.size();
    rest_.remove_prefix(done_ ? end : end + 1);
    return true;
  }
  const size_t end = std::min(rest_.find(separator_), rest_.size());
  *cell = rest_.substr(0, end);
  done_ = end == rest_.size();
  rest_.remove_prefix(done_ ? end : end + 1);
  if (separator_ == ' ') rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
  return true;
}

size_t FindLineEnd(std::string_view text, size_t at, char separator, bool is_whole) {
  const size_t end = text.find('\n', at);
  if (!HasQuotes(separator) || end == std::string_view::npos) return end;
  if (text.substr(at, end - at).find('"') == std::string_view::npos) return end;
  const size_t limit = std::min(text.size(), at + kMaxQuotedLine);
  bool begins = true, inside = false;  // a cell, quotes
  for (size_t i = at; i < limit; ++i) {
    const char c = text[i];
    if (c == '"' && (inside || begins)) {
      inside = !inside;
      begins = true;  // of two in quotes, the second one goes on
      continue;
    }
    if (c == '\n' && !inside) return i;
    begins = !inside && c == separator;
  }
  return is_whole || text.size() - at >= kMaxQuotedLine ? end : std::string_view::npos;
}

std::string_view TrimLine(std::string_view line, char separator) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (separator != ' ') return line;
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

std::string_view WithoutMark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

}  // namespace tensorpane
