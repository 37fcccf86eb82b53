#include <gtest/gtest.h>

#include <random>

#include "projector/table_reader.h"

namespace tensorpane {
namespace {

/// Feeds `text` in pieces, each of its own memory; `cut` = 0: at once.
TableReader Read(std::string_view text, size_t cut = 0, TableReader reader = TableReader()) {
  while (!text.empty()) {
    const size_t length = cut == 0 ? text.size() : std::min(cut, text.size());
    const std::vector<uint8_t> piece(text.begin(), text.begin() + static_cast<ptrdiff_t>(length));
    reader.Feed(piece);
    text.remove_prefix(length);
  }
  reader.Finish();
  return reader;
}

/// All that a reader says: "2x3 1 2 3 4 5 6 rows 0 2 ! fault 3:2 [text] | texts".
std::string Describe(TableReader reader) {
  const Matrix matrix = reader.Take();
  EXPECT_EQ(matrix.values.size(), matrix.rows * matrix.columns);
  std::string text = std::to_string(matrix.rows) + "x" + std::to_string(matrix.columns);
  for (const float value : matrix.values) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, " %g", static_cast<double>(value));
    text += buffer;
  }
  const std::vector<uint32_t> rows = reader.TakeRows();
  if (!rows.empty()) text += " rows";
  for (const uint32_t row : rows) text += " " + std::to_string(row);
  const auto add = [&](const ProjectorProblem& problem) {
    text += std::string(" ! ") + Name(problem.fault) + " " + std::to_string(problem.line) + ":" +
            std::to_string(problem.column) + " [" + problem.text + "]";
  };
  if (!reader.problem().ok()) add(reader.problem());
  for (const RowFaults::Kind& kind : reader.faults().kinds()) {
    EXPECT_EQ(kind.places.size(), std::min<uint64_t>(kind.count, RowFaults::kMaxPlaces));
    for (const RowFaults::Place& place : kind.places) add(place.problem);
  }
  const TextColumns texts = reader.TakeTexts();
  for (size_t row = 0; row < texts.rows(); ++row) {
    text += " |";
    for (size_t column = 0; column < texts.columns(); ++column)
      text += " " + std::string(texts.Cell(column, row));
  }
  return text;
}

std::string TableOf(std::string_view text) {
  const std::string whole = Describe(Read(text));
  for (size_t cut = 1; cut <= text.size(); ++cut) EXPECT_EQ(Describe(Read(text, cut)), whole) << cut;
  return whole;
}

std::vector<std::string> NamesOf(std::string_view text) {
  const TableReader reader = Read(text);
  return reader.form() ? reader.form()->names : std::vector<std::string>();
}

TEST(Table, TabSeparated) {
  EXPECT_EQ(TableOf("1\t2\t3\n4\t5\t6\n"), "2x3 1 2 3 4 5 6");
  EXPECT_EQ(TableOf("\xEF\xBB\xBF"
                    "1\r\n\r\n\n-2.5\r\n\n"),
            "2x1 1 -2.5");
  EXPECT_EQ(TableOf(" 1 \t+2.\t.5e1\t-1E-2"), "1x4 1 2 5 -0.01");
  EXPECT_EQ(TableOf("1\t2\t\n3\t4\t\n"), "2x2 1 2 3 4");
  EXPECT_EQ(TableOf("5"), "1x1 5");
}

TEST(Table, OtherSeparators) {
  EXPECT_EQ(TableOf("1,2\n3,4\n"), "2x2 1 2 3 4");
  EXPECT_EQ(TableOf("1;2\n3;4\n"), "2x2 1 2 3 4");
  EXPECT_EQ(TableOf("1 2\n3 4\n"), "2x2 1 2 3 4");
  EXPECT_EQ(TableOf("  1   2 \n 3 4\n"), "2x2 1 2 3 4");
  EXPECT_EQ(TableOf("1, 2\n3, 4\n"), "2x2 1 2 3 4");
}

TEST(Table, HeadersAndColumnsOfText) {
  EXPECT_EQ(TableOf("x,y\n1,2\n3,4\n"), "2x2 1 2 3 4");
  EXPECT_EQ(NamesOf("x,y\n1,2\n3,4\n"), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(TableOf("name,x,label,y\na,1,cat,2\nb,3,dog,4\n"), "2x2 1 2 3 4 | a cat | b dog");
  EXPECT_EQ(TableOf("a\t1\nb\t2\n"), "2x1 1 2 | a | b");
  EXPECT_TRUE(NamesOf("a\t1\nb\t2\n").empty());
  // As pandas.DataFrame.to_csv writes it.
  EXPECT_EQ(TableOf(",0,1\n0,1.5,2\n1,3,4\n"), "2x2 1.5 2 3 4 | 0 | 1");
}

TEST(Table, Quotes) {
  EXPECT_EQ(TableOf("name,x\n\"a, b\",1\n\"c \"\"d\"\"\",\"2\"\n"), "2x1 1 2 | a, b | c \"d\"");
  EXPECT_EQ(TableOf("name,x\n\"two\nlines\",1\nz,y\n,2\n,3"),
            "3x1 1 2 3 rows 0 2 3 ! not_a_number 4:2 [y] | two\nlines |  | ");
  // Never closed: a character as any other.
  EXPECT_EQ(TableOf("name,x\n5\",1\n6,2\n\"7,3\n8,4"),
            "3x1 1 2 4 rows 0 1 3 ! missing_cell 4:2 [] | 5\" | 6 | 8");
  // Tabs know no quotes, as in TensorBoard.
  EXPECT_EQ(TableOf("\"a\t1\n\"b\t2\n"), "2x1 1 2 | \"a | \"b");
}

TEST(Table, Words) {
  EXPECT_EQ(TableOf("2 3\nking 1 2 3 \nqueen 4 5 6 \n"), "2x3 1 2 3 4 5 6 | king | queen");
  EXPECT_EQ(Read("2 3\nking 1 2 3 \nqueen 4 5 6 \n").form()->told_rows, 2u);
  // GloVe: no header, and words that hold spaces.
  EXPECT_EQ(TableOf("the 0.5 1 2\n. . 3 4 5\n\" 6 7 8\n"), "3x3 0.5 1 2 3 4 5 6 7 8 | the | . . | \"");
  EXPECT_EQ(TableOf("2 2\na 1 2\nb 1\nc x 2\n7 3 4\n"),
            "2x2 1 2 3 4 rows 0 3 ! missing_cell 3:3 [] ! not_a_number 4:2 [x] | a | 7");
}

TEST(Table, BadRowsAreLeftOut) {
  EXPECT_EQ(
      TableOf("1\t2\n3\tx\n5\t6\n7\n8\t9\t10\n11\t12"),
      "3x2 1 2 5 6 11 12 rows 0 2 5 ! not_a_number 2:2 [x] ! missing_cell 4:2 [] ! extra_cell 5:3 [10]");
  EXPECT_EQ(TableOf("1\t2\nnan\t1\n1\tinf\n1e400\t1\n3\t4\n"),
            "2x2 1 2 3 4 rows 0 4 ! not_finite 2:1 [nan] ! not_finite 3:2 [inf] ! not_finite 4:1 [1e400]");
  EXPECT_EQ(TableOf("1\n2\n3\n\xFF\n4\n"), "4x1 1 2 3 4 rows 0 1 2 4 ! not_a_number 4:1 [\uFFFD]");
  std::string text;
  for (int i = 0; i < 100; ++i) text += "1\t2\n3\tx\n5\t6\n7\t8\n9\t0\n";
  const TableReader reader = Read(text);
  EXPECT_EQ(reader.matrix().rows, 400u);
  EXPECT_EQ(reader.file_rows(), 500u);
  EXPECT_EQ(reader.faults().kinds().at(0).count, 100u);
  EXPECT_EQ(reader.faults().kinds().at(0).places.size(), 20u);
}

TEST(Table, WhatIsNone) {
  for (const char* text : {"", "\n\n", "hello", "a,b\nc,d\n", "one two three\nfour five six\n"}) {
    EXPECT_EQ(TableOf(text), "0x0 ! no_numbers 0:0 []") << text;
  }
  EXPECT_EQ(TableOf(std::string_view("1\t2\n\0\t3", 8)), "0x0 ! no_numbers 0:0 []");
}

TEST(Table, LabelsBetweenTabsAreNoneWhateverIsBehindASpace) {
  EXPECT_EQ(FindTableForm("odd\tphoto 1\neven\tphoto 2\n", true), std::nullopt);
  EXPECT_EQ(FindTableForm("photo 1\nphoto 2\n", true)->numbers(), 1u);
  EXPECT_TRUE(FindTableForm("a\t1 2 3\nb\t4 5 6\n", true)->has_words);
}

TEST(Table, Limits) {
  EXPECT_EQ(Describe(Read("1\t2\n3\t4", 0, TableReader(4))), "2x2 1 2 3 4");
  EXPECT_EQ(Describe(Read("1\t2\n3\t4", 0, TableReader(3))), "0x0 ! too_big 2:1 []");
  // A line without end.
  std::string endless = "1\t2\n1\t2\n";
  endless.resize(TableReader::kMaxLineBytes + 100, '7');
  EXPECT_EQ(Read(endless, 1 << 20).problem().fault, ProjectorFault::kTooBig);
}

TEST(Table, RowsWiderThanTheStartThatTellsTheForm) {
  std::string row = "0";
  for (int i = 1; i < 40'000; ++i) row += "\t" + std::to_string(i) + ".125";
  ASSERT_GT(row.size(), kFormBytes);
  for (const size_t cut : {size_t{0}, size_t{100'000}}) {
    const TableReader reader = Read(row + "\n" + row + "\n", cut);
    EXPECT_EQ(reader.matrix().rows, 2u);
    EXPECT_EQ(reader.matrix().columns, 40'000u);
    EXPECT_TRUE(reader.faults().empty());
  }
}

TEST(Table, ManyRowsWhateverTheCut) {
  std::string text;
  std::vector<float> values;
  std::mt19937 random(1);
  for (int i = 0; i < 30'000; ++i) {
    char line[100];
    const float a = static_cast<float>(random()) / 7, b = -1 / static_cast<float>(random() + 1.0);
    values.insert(values.end(), {a, b});
    std::snprintf(line, sizeof line, "%.17g\t%.9g\n", static_cast<double>(a), static_cast<double>(b));
    text += line;
  }
  ASSERT_GT(text.size(), 2 * kFormBytes);
  for (const size_t cut : {size_t{0}, size_t{100'003}, size_t{1 << 20}}) {
    EXPECT_EQ(Read(text, cut).matrix().values, values) << cut;
  }
  // Whether the length that is told is right or not.
  for (const double told : {0.01, 0.7, 1.0, 1e9}) {
    TableReader reader(1 << 20);
    reader.Expect(static_cast<uint64_t>(told * static_cast<double>(text.size())));
    EXPECT_EQ(Read(text, 100'003, std::move(reader)).matrix().values, values) << told;
  }
}

TEST(Table, LinesOfTheUsualFormBesideOthers) {
  // What is read without looking for the end of its line first, and what is not.
  EXPECT_EQ(TableOf("1\t2\r\n3\t4\n\n5\tx\n 6\t7\n8\t9\r\r\n1e400\t1\n10\t11\t12\n13\n14\t15"),
            "5x2 1 2 3 4 6 7 8 9 14 15 rows 0 1 3 4 8 ! not_a_number 4:2 [x] ! not_finite 7:1 [1e400]"
            " ! extra_cell 8:3 [12] ! missing_cell 9:2 []");
  EXPECT_EQ(TableOf("1  2\n 3 4 \n5 6\n"), "3x2 1 2 3 4 5 6");
  EXPECT_EQ(TableOf("1,\"2\"\n3,4\n\"5\",6\n7,8\n"), "4x2 1 2 3 4 5 6 7 8");
}

TEST(Table, Garbage) {
  std::mt19937 random(3);
  constexpr std::string_view kAlphabet = "0123456789.-+eE \t\t,,;;\n\n\n\rinfa\"\"\xEF\xBB\xBF\xC3";
  for (int round = 0; round < 3'000; ++round) {
    std::string text(random() % 40, ' ');
    for (char& c : text) c = kAlphabet[random() % kAlphabet.size()];
    TableOf(text);
  }
}

}  // namespace
}  // namespace tensorpane
