#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tensorpane {

/// What the cells of a column are.
enum class CellKind : uint8_t {
  kNumber,
  kText,
  kNothing,  ///< All are empty: lines end in a separator.
};

/// How the rows of a text are written.
struct TableForm {
  /// Between cells. A space may stand several times, and at the ends of lines.
  char separator = '\t';
  /// The first line is no row: it names the columns, or tells rows and columns (word2vec).
  bool has_header = false;
  /// A word, then numbers; it may hold the separator (GloVe), so that cells are counted from the end.
  bool has_words = false;
  std::vector<CellKind> columns;
  std::vector<std::string> names;  ///< of the columns, as valid UTF-8; none unless they are named
  uint64_t told_rows = 0;          ///< by the header of word2vec

  uint64_t numbers() const;
};

/// Bytes at the start of a file that tell its form, if it has so many and its first two lines are not longer.
constexpr size_t kFormBytes = 256 << 10;
/// Columns that are told apart.
constexpr size_t kMaxTableColumns = 1 << 16;

/// Tells how a text of numbers is written, by its first lines: separated by tabs, commas, semicolons or
/// spaces, with columns of text or without, with a header or without, or as word2vec and GloVe write vectors
/// of words (github.com/tmikolov/word2vec, word2vec.c, "-binary 0"; nlp.stanford.edu/projects/glove).
/// Nothing: it is no text, or has no column of numbers.
/// @param is_whole the file has no more
std::optional<TableForm> FindTableForm(std::string_view start, bool is_whole);

/// Whether cells may be in quotes, and then hold separators and line ends (RFC 4180).
inline bool HasQuotes(char separator) { return separator == ',' || separator == ';'; }

/// Cuts one line into cells, without the quotes around them. A line end is not part of it.
class CellCutter {
 public:
  CellCutter(std::string_view line, char separator);
  /// The next cell; valid until the one after. False: there is none.
  bool Next(std::string_view* cell);

 private:
  std::string_view rest_;
  char separator_;
  bool done_ = false;
  std::string unquoted_;
};

/// Where the line that begins at `at` ends: at its line feed, or npos. Quotes may hold line feeds, but not in
/// lines longer than kMaxQuotedLine: there, and where quotes are never closed, they are characters as others.
/// @param is_whole nothing follows the text
size_t FindLineEnd(std::string_view text, size_t at, char separator, bool is_whole);
constexpr size_t kMaxQuotedLine = 64 << 10;

/// A line without what ends it, and without spaces around if these separate.
std::string_view TrimLine(std::string_view line, char separator);

/// Takes a byte order mark off.
std::string_view WithoutMark(std::string_view text);

}  // namespace tensorpane
