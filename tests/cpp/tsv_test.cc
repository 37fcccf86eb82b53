#include "projector/tsv.h"

#include <gtest/gtest.h>

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

TEST(TsvTable, Garbage) {
  std::mt19937 random(3);
  constexpr std::string_view kAlphabet = "0123456789.-+eE \t\t\t\n\n\rinfa\xEF\xBB\xBF\xC3";
  for (int round = 0; round < 3'000; ++round) {
    std::string text(random() % 30, ' ');
    for (char& c : text) c = kAlphabet[random() % kAlphabet.size()];
    TableOf(text);
  }
}

}  // namespace
}  // namespace tensorpane
