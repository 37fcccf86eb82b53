#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tensorpane {

/// Cells of rows of text, column by column: one string and where each cell ends in it.
class TextColumns {
 public:
  /// Of one column, so that 32 bits are enough.
  static constexpr size_t kMaxColumnBytes = size_t{1} << 31;
  /// Of all: what a tab can hold beside the rest.
  static constexpr size_t kMaxBytes = size_t{1} << 30;

  explicit TextColumns(size_t columns = 0) : columns_(columns) {}

  size_t columns() const { return columns_.size(); }
  size_t rows() const { return columns_.empty() ? 0 : columns_[0].ends.size(); }
  size_t bytes() const { return bytes_; }

  /// Begins a row whose cells follow by AddCell, one for each column. False: it has no room.
  bool HasRoom(size_t bytes) const {
    return bytes_ + bytes + sizeof(uint32_t) * columns_.size() <= kMaxBytes;
  }
  /// @param cell valid UTF-8
  void AddCell(size_t column, std::string_view cell);

  std::string_view Cell(size_t column, size_t row) const {
    const Column& c = columns_[column];
    const size_t begin = row == 0 ? 0 : c.ends[row - 1];
    return std::string_view(c.text).substr(begin, c.ends[row] - begin);
  }

 private:
  struct Column {
    std::string text;
    std::vector<uint32_t> ends;
  };
  std::vector<Column> columns_;
  size_t bytes_ = 0;
};

inline void TextColumns::AddCell(size_t column, std::string_view cell) {
  Column& c = columns_[column];
  c.text += cell;
  c.ends.push_back(static_cast<uint32_t>(c.text.size()));
  bytes_ += cell.size() + sizeof(uint32_t);
}

}  // namespace tensorpane
