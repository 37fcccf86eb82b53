#include "projector/tsv.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

namespace tensorpane {
namespace {

/// Feeds `text` in pieces, each of its own memory; `cut` = 0: at once.
template <class Reader>
Reader Read(std::string_view text, size_t cut = 0, Reader reader = Reader()) {
  while (!text.empty()) {
    const size_t length = cut == 0 ? text.size() : std::min(cut, text.size());
    const std::vector<uint8_t> piece(text.begin(), text.begin() + static_cast<ptrdiff_t>(length));
    reader.Feed(piece);
    text.remove_prefix(length);
  }
  reader.Finish();
  return reader;
}

/// rows×columns cells of the first row, each in brackets.
std::string Describe(const TsvTable& table) {
  std::string text = std::to_string(table.rows()) + "x" + std::to_string(table.columns()) + " ";
  for (const std::string& cell : table.first_row()) text += "[" + cell + "]";
  return text;
}

std::string TableOf(std::string_view text) {
  const std::string whole = Describe(Read<TsvTable>(text));
  for (size_t cut = 1; cut <= text.size(); ++cut)
    EXPECT_EQ(Describe(Read<TsvTable>(text, cut)), whole) << cut;
  return whole;
}

TEST(TsvTable, Sizes) {
  EXPECT_EQ(TableOf(""), "0x0 ");
  EXPECT_EQ(TableOf("a"), "1x1 [a]");
  EXPECT_EQ(TableOf("a\n"), "1x1 [a]");
  EXPECT_EQ(TableOf("a\tb\nc\td"), "2x2 [a][b]");
  EXPECT_EQ(TableOf("a\nc\td\te\n"), "2x1 [a]");
  EXPECT_EQ(TableOf("\t"), "1x2 [][]");
  EXPECT_EQ(TableOf("a\t\n\tb\n"), "2x2 [a][]");
}

TEST(TsvTable, EmptyLines) {
  EXPECT_EQ(TableOf("\n"), "0x0 ");
  EXPECT_EQ(TableOf("\n\r\n\n"), "0x0 ");
  EXPECT_EQ(TableOf("a\tb\n\n\r\n\n"), "1x2 [a][b]");
  EXPECT_EQ(TableOf("a\n\n\nb\n\n"), "4x1 [a]");
  EXPECT_EQ(TableOf("\n\na\tb"), "3x1 []");
  EXPECT_EQ(TableOf("a\n \n"), "2x1 [a]");
  EXPECT_EQ(TableOf("a\n\t\n"), "2x1 [a]");
}

TEST(TsvTable, LineEndsAndMark) {
  EXPECT_EQ(TableOf("a\tb\r\nc\td\r\n"), "2x2 [a][b]");
  EXPECT_EQ(TableOf("a\tb\r"), "1x2 [a][b]");
  EXPECT_EQ(TableOf("a\rb\r\t\r\rc\n"), "1x2 [a\rb\r][\r\rc]");
  EXPECT_EQ(TableOf("\xEF\xBB\xBF"
                    "a\tb"),
            "1x2 [a][b]");
  EXPECT_EQ(TableOf("\xEF\xBB\xBF"), "0x0 ");
  EXPECT_EQ(TableOf("\xEF\xBB\xBF\n\xEF\xBB\xBFx"), "2x1 []");
  EXPECT_EQ(TableOf("a\t\xEF\xBB\xBF"), "1x2 [a][\uFEFF]");
}

TEST(TsvTable, TextIsRepaired) {
  EXPECT_EQ(TableOf("\xC3\xBC\tb\xFF\t\xE2\x82\t\xEF\xBB\n"), "1x4 [ü][b\uFFFD][\uFFFD][\uFFFD]");
  EXPECT_EQ(TableOf(std::string_view("a\0b", 3)), std::string("1x1 [a\0b]", 9));
}

TEST(TsvTable, Header) {
  const TsvTable named = Read<TsvTable>("label\tname\n1\tone\n2\ttwo\n");
  EXPECT_TRUE(named.has_header());
  EXPECT_EQ(named.metadata_rows(), 2u);
  const TsvTable plain = Read<TsvTable>("one\ntwo\tx\n");
  EXPECT_FALSE(plain.has_header());
  EXPECT_EQ(plain.metadata_rows(), 2u);
  EXPECT_EQ(Read<TsvTable>("a\tb").metadata_rows(), 0u);
  EXPECT_EQ(Read<TsvTable>("").metadata_rows(), 0u);
}

TEST(TsvTable, MemoryIsBounded) {
  std::string text(TsvSplitter::kMaxCellBytes + 5, 'x');
  for (const size_t cut :
       {size_t{0}, size_t{1000}, TsvSplitter::kMaxCellBytes, TsvSplitter::kMaxCellBytes + 1}) {
    const TsvTable table = Read<TsvTable>(text + "\ty\r\nz", cut);
    EXPECT_EQ(table.rows(), 2u);
    EXPECT_EQ(table.columns(), 2u);
    EXPECT_EQ(table.first_row()[0], text.substr(5));
    EXPECT_EQ(table.first_row()[1], "y");
  }
  // The longest cell that is not cut.
  text.resize(TsvSplitter::kMaxCellBytes);
  for (const size_t cut : {size_t{0}, size_t{1000}}) {
    EXPECT_EQ(Read<TsvTable>(text + "\r\n", cut).first_row()[0], text);
  }
  const TsvTable wide = Read<TsvTable>(std::string(100'000, '\t'));
  EXPECT_EQ(wide.columns(), 100'001u);
  EXPECT_EQ(wide.first_row().size(), TsvTable::kMaxFirstCells);
  std::string fat;
  for (int i = 0; i < 40; ++i) fat += text + '\t';
  const TsvTable table = Read<TsvTable>(fat, 10'000);
  EXPECT_EQ(table.columns(), 41u);
  EXPECT_EQ(table.first_row().size(), TsvTable::kMaxFirstBytes / TsvSplitter::kMaxCellBytes);
}

/// All that a reader says, NaN as -0.125.
std::string Describe(const TsvMatrixReader& reader) {
  const Matrix& matrix = reader.matrix();
  EXPECT_EQ(matrix.values.size(), matrix.rows * matrix.columns);
  std::string text = std::to_string(matrix.rows) + "x" + std::to_string(matrix.columns);
  for (const float value : matrix.values) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, " %g", static_cast<double>(value));
    text += buffer;
  }
  const ProjectorProblem& problem = reader.problem();
  if (problem.ok()) return text;
  return text + " ! " + Name(problem.fault) + " " + std::to_string(problem.line) + ":" +
         std::to_string(problem.column) + " [" + problem.text + "]";
}

std::string MatrixOf(std::string_view text) {
  const std::string whole = Describe(Read<TsvMatrixReader>(text));
  for (size_t cut = 1; cut <= text.size(); ++cut) {
    EXPECT_EQ(Describe(Read<TsvMatrixReader>(text, cut)), whole) << cut;
  }
  return whole;
}

TEST(TsvMatrix, Values) {
  EXPECT_EQ(MatrixOf(""), "0x0");
  EXPECT_EQ(MatrixOf("\n\n"), "0x0");
  EXPECT_EQ(MatrixOf("1\t2\t3\n4\t5\t6\n"), "2x3 1 2 3 4 5 6");
  EXPECT_EQ(MatrixOf("\xEF\xBB\xBF"
                     "1\r\n\r\n\n-2.5\r\n\n"),
            "2x1 1 -2.5");
  EXPECT_EQ(MatrixOf(" 1 \t+2.\t.5e1\t-1E-2\n"), "1x4 1 2 5 -0.01");
  EXPECT_EQ(MatrixOf("nan\tinf\t-Infinity\t1e400\t-1e39\t1e-60"), "1x6 nan inf -inf inf -inf 0");
}

TEST(TsvMatrix, FirstBadCell) {
  EXPECT_EQ(MatrixOf("1\t2\n3\tx\n5\ty"), "1x2 1 2 ! not_a_number 2:2 [x]");
  EXPECT_EQ(MatrixOf("a\tb\n1\t2"), "0x0 ! not_a_number 1:1 [a]");
  EXPECT_EQ(MatrixOf("\n1\t2\n\r\n3\t\n"), "1x2 1 2 ! not_a_number 4:2 []");
  EXPECT_EQ(MatrixOf("1\t2\n3"), "1x2 1 2 ! missing_cell 2:2 []");
  EXPECT_EQ(MatrixOf("1\t2\n3\t4\t5\t6"), "1x2 1 2 ! extra_cell 2:3 [5]");
  EXPECT_EQ(MatrixOf("1\n\xFF"), "1x1 1 ! not_a_number 2:1 [\uFFFD]");
  EXPECT_EQ(MatrixOf("1\n" + std::string(100, 'z')),
            "1x1 1 ! not_a_number 2:1 [" + std::string(64, 'z') + "]");
}

TEST(TsvMatrix, Limit) {
  EXPECT_EQ(Describe(Read("1\t2\n3\t4", 0, TsvMatrixReader(4))), "2x2 1 2 3 4");
  EXPECT_EQ(Describe(Read("1\t2\n3\t4", 0, TsvMatrixReader(3))), "1x2 1 2 ! too_big 2:2 [4]");
  EXPECT_EQ(Describe(Read("1\t2", 0, TsvMatrixReader(1))), "0x0 ! too_big 1:2 [2]");
}

TEST(TsvMatrix, EveryTruncation) {
  constexpr std::string_view kText = "\xEF\xBB\xBF-1.25e-3\t+7\r\n\ninf\t nan \n3";
  for (size_t length = 0; length <= kText.size(); ++length) {
    MatrixOf(kText.substr(0, length));
    TableOf(kText.substr(0, length));
  }
}

TEST(TsvMatrix, Garbage) {
  std::mt19937 random(3);
  constexpr std::string_view kAlphabet = "0123456789.-+eE \t\t\t\n\n\rinfa\xEF\xBB\xBF\xC3";
  for (int round = 0; round < 3'000; ++round) {
    std::string text(random() % 30, ' ');
    for (char& c : text) c = kAlphabet[random() % kAlphabet.size()];
    MatrixOf(text);
    TableOf(text);
  }
}

TEST(ParseNumber, Refuses) {
  float value;
  for (const char* bad :
       {"",    " ",    "-",   "+",      ".",     "e1",  "1e", "1e+", "1.2.3", "--1",       "+-1",
        "1 2", "0x10", "1_0", "nan(1)", "infin", "1,5", "1f", "١",   "-.e1",  "infinityy", "n"}) {
    EXPECT_FALSE(ParseNumber(AsBytes(bad), &value)) << bad;
  }
  EXPECT_FALSE(ParseNumber(AsBytes(std::string(5000, '1')), &value));
  EXPECT_FALSE(ParseNumber(AsBytes(std::string_view("1\0", 2)), &value));
}

TEST(ParseNumber, AsStrtodDoes) {
  const auto check = [](const std::string& text) {
    float value;
    ASSERT_TRUE(ParseNumber(AsBytes(text), &value)) << text;
    const auto expected = static_cast<float>(std::strtod(text.c_str(), nullptr));
    EXPECT_EQ(BitCast<uint32_t>(value), BitCast<uint32_t>(expected)) << text;
  };
  for (const char* text : {"0",
                           "-0",
                           "-0.0",
                           "0e5",
                           "0.000000000000000000000000000001",
                           "16777217",
                           "16777219",
                           "1e22",
                           "18446744073709551615",
                           "18446744073709551616",
                           "123456789012345678901234567890",
                           "3.4028235677973366e38",
                           "3.4028234e38",
                           "34028235677973366e22",
                           "1e-45",
                           "7e-46",
                           "1e-310",
                           "1e99999999999",
                           "1e-99999999999",
                           "0e99999999999",
                           "1.00000005960464477539062500000001",
                           "1.000000059604644775390625",
                           "1.00000005960464477",
                           "2.5e-22"}) {
    check(text);
  }
  std::mt19937_64 random(5);
  char buffer[64];
  for (int round = 0; round < 200'000; ++round) {
    const auto bits = static_cast<uint32_t>(random());
    const float value = BitCast<float>(bits);
    if (!std::isfinite(value)) continue;
    // A float, and the middle between it and the next, written short and long.
    const double middle = (static_cast<double>(value) + static_cast<double>(BitCast<float>(bits ^ 1u))) / 2;
    for (const double number : {static_cast<double>(value), middle}) {
      std::snprintf(buffer, sizeof buffer, "%.*g", static_cast<int>(5 + random() % 16), number);
      check(buffer);
    }
    // In the range that files have.
    const double usual =
        std::ldexp(static_cast<double>(static_cast<float>(random() % 20'000'001) + 0.5f) - 1e7,
                   -static_cast<int>(random() % 40));
    std::snprintf(buffer, sizeof buffer, "%.*g", static_cast<int>(15 + random() % 4), usual);
    check(buffer);
  }
}

}  // namespace
}  // namespace tensorpane
