#include "projector/tsv.h"

#include "base/utf8.h"

namespace tensorpane {
void TsvTable::Feed(Bytes bytes) {
  splitter_.Feed(bytes, [this](Bytes cell, bool ends_line) { TakeCell(cell, ends_line); });
}

void TsvTable::Finish() {
  splitter_.Finish([this](Bytes cell, bool ends_line) { TakeCell(cell, ends_line); });
}

void TsvTable::TakeCell(Bytes cell, bool ends_line) {
  if (line_cells_ == 0 && ends_line && cell.empty()) {
    ++empty_lines_;
    return;
  }
  if (empty_lines_ > 0) {
    // They were not at the end, so they are rows. The first of a file makes it one of one empty column.
    if (rows_ == 0) {
      columns_ = 1;
      first_row_.emplace_back();
    }
    rows_ += empty_lines_;
    empty_lines_ = 0;
  }
  ++line_cells_;
  if (rows_ == 0) {
    columns_ = line_cells_;
    // Counted on beyond the limit, so that no smaller cell follows one that was left out.
    first_bytes_ += cell.size();
    if (first_bytes_ <= kMaxFirstBytes && first_row_.size() < kMaxFirstCells) {
      first_row_.push_back(ToValidUtf8(cell));
    }
  }
  if (ends_line) {
    ++rows_;
    line_cells_ = 0;
  }
}

}  // namespace tensorpane
