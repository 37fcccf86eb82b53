#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

/// Cuts a stream of tab-separated values into cells; any cut of the bytes gives the same cells. A line ends
/// in "\n" or "\r\n" (a carriage return elsewhere is data, as for TensorBoard); there is no quoting and no
/// escape. A byte order mark at the start is dropped. Cells are bytes; they are cut at kMaxCellBytes.
class TsvSplitter {
 public:
  static constexpr size_t kMaxCellBytes = 64 << 10;

  /// Calls cell(Bytes cell, bool ends_line) for each cell; `cell` lives as long as the call.
  template <class Cell>
  void Feed(Bytes bytes, Cell&& cell);
  /// The stream is over: gives the last cell of a line without end, unless the line is empty.
  template <class Cell>
  void Finish(Cell&& cell);

 private:
  template <class Cell>
  void End(Bytes bytes, bool ends_line, Cell&& cell);

  std::vector<uint8_t> held_;  // the start of a cell that is not over
  bool at_start_ = true;       // of the stream
  bool in_line_ = false;       // a cell of this line was given
};

/// What a TSV file has in it: the metadata of an embedding, or a tensor as text: a dump tells it. Empty lines
/// at the end do not count, but those between others are rows: of metadata with one column an empty label is
/// one.
class TsvTable {
 public:
  // Of the first row that is kept.
  static constexpr size_t kMaxFirstCells = 4096;
  static constexpr size_t kMaxFirstBytes = 1 << 20;

  void Feed(Bytes bytes);
  void Finish();

  /// Lines, with the header.
  uint64_t rows() const { return rows_; }
  /// Cells of the first line.
  uint64_t columns() const { return columns_; }
  /// The cells of the first line, as valid UTF-8.
  const std::vector<std::string>& first_row() const { return first_row_; }
  /// Metadata has a header if there is a tab in the first line (projector_plugin.py, _serve_metadata).
  bool has_header() const { return columns_ > 1; }
  /// Rows of metadata, one per point.
  uint64_t metadata_rows() const { return rows_ - (has_header() ? 1 : 0); }

 private:
  void TakeCell(Bytes cell, bool ends_line);

  TsvSplitter splitter_;
  uint64_t rows_ = 0;
  uint64_t columns_ = 0;
  uint64_t empty_lines_ = 0;  // since the last row
  uint64_t line_cells_ = 0;   // of the line that is not over
  std::vector<std::string> first_row_;
  uint64_t first_bytes_ = 0;
};

template <class Cell>
void TsvSplitter::Feed(Bytes bytes, Cell&& cell) {
  size_t start = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != '\t' && bytes[i] != '\n') continue;
    End(bytes.subspan(start, i - start), bytes[i] == '\n', cell);
    start = i + 1;
  }
  // One byte more than a cell may have, so that the end sees whether it was cut.
  const Bytes rest = bytes.subspan(start);
  const size_t room = kMaxCellBytes + 1 - held_.size();
  held_.insert(held_.end(), rest.begin(), rest.begin() + static_cast<ptrdiff_t>(std::min(rest.size(), room)));
}

template <class Cell>
void TsvSplitter::Finish(Cell&& cell) {
  if (in_line_ || !held_.empty()) End({}, true, cell);
}

template <class Cell>
void TsvSplitter::End(Bytes bytes, bool ends_line, Cell&& cell) {
  if (!held_.empty()) {
    const size_t room = kMaxCellBytes + 1 - held_.size();
    held_.insert(held_.end(), bytes.begin(),
                 bytes.begin() + static_cast<ptrdiff_t>(std::min(bytes.size(), room)));
    bytes = held_;
  }
  bytes = bytes.first(std::min(bytes.size(), kMaxCellBytes + 1));
  if (ends_line && AsText(bytes).ends_with('\r')) bytes = bytes.first(bytes.size() - 1);
  bytes = bytes.first(std::min(bytes.size(), kMaxCellBytes));
  if (at_start_ && AsText(bytes).starts_with("\xEF\xBB\xBF")) bytes = bytes.subspan(3);
  at_start_ = false;
  cell(bytes, ends_line);
  in_line_ = !ends_line;
  held_.clear();
}

}  // namespace tensorpane
