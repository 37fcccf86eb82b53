#include "projector/metadata.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tensorpane {
namespace {

MetadataReader Read(std::string_view text, std::vector<uint32_t> rows = {}, size_t cut = 0) {
  MetadataReader reader(std::move(rows));
  while (!text.empty()) {
    const size_t length = cut == 0 ? text.size() : std::min(cut, text.size());
    const std::vector<uint8_t> piece(text.begin(), text.begin() + static_cast<ptrdiff_t>(length));
    reader.Feed(piece);
    text.remove_prefix(length);
  }
  reader.Finish();
  return reader;
}

std::string Describe(const Metadata& metadata) {
  std::string text;
  for (const Metadata::Column& column : metadata.columns()) text += "<" + column.name + ">";
  for (size_t row = 0; row < metadata.rows(); ++row) {
    text += " ";
    for (size_t i = 0; i < metadata.columns().size(); ++i)
      text += "[" + std::string(metadata.Cell(i, row)) + "]";
  }
  return text;
}

std::string MetadataOf(std::string_view text) {
  const std::string whole = Describe(Read(text).Take());
  for (size_t cut = 1; cut <= text.size(); ++cut) EXPECT_EQ(Describe(Read(text, {}, cut).Take()), whole);
  return whole;
}

TEST(Metadata, HeaderIfTheFirstLineHasATab) {
  EXPECT_EQ(MetadataOf("a\tb\n1\tx\n2\ty\n"), "<a><b> [1][x] [2][y]");
  EXPECT_EQ(MetadataOf("one\ntwo\n"), "<> [one] [two]");
  EXPECT_EQ(MetadataOf("one\n\nthree\n\n\n"), "<> [one] [] [three]");
  EXPECT_EQ(MetadataOf("\xEF\xBB\xBF"
                       "a\tb\r\n1\t2\r\n"),
            "<a><b> [1][2]");
  EXPECT_EQ(MetadataOf(""), "");
  EXPECT_EQ(MetadataOf("a\tb"), "<a><b>");
}

TEST(Metadata, RowsOfAnotherLength) {
  EXPECT_EQ(MetadataOf("a\tb\n1\n2\t3\t4\n5\t6\n"), "<a><b> [1][] [2][3] [5][6]");
  const MetadataReader reader = Read("a\tb\n1\n2\t3\t4\n5\t6\n");
  ASSERT_EQ(reader.faults().kinds().size(), 2u);
  EXPECT_EQ(reader.faults().kinds()[0].fault, ProjectorFault::kMissingCell);
  EXPECT_EQ(reader.faults().kinds()[0].places[0].problem.line, 2u);
  EXPECT_EQ(reader.faults().kinds()[1].places[0].row, 1u);
  EXPECT_EQ(reader.faults().kinds()[1].places[0].problem.text, "4");
}

TEST(Metadata, OnlyTheRowsThatAreWanted) {
  MetadataReader reader = Read("a\nb\nc\nd\n", {1, 3});
  EXPECT_EQ(reader.file_rows(), 4u);
  EXPECT_EQ(Describe(reader.Take()), "<> [b] [d]");
  EXPECT_EQ(Describe(Read("a\nb\n", {1, 3}).Take()), "<> [b]");
}

TEST(Metadata, KindsOfColumns) {
  const Metadata metadata =
      Read("n\ttext\tgaps\tnone\tnan\n1\tx\t\t\t1\n-2.5\ty\t3\t\tnan\n1e3\tx\t4\t\t2\n").Take();
  const std::vector<Metadata::Column>& columns = metadata.columns();
  EXPECT_TRUE(columns[0].is_number);
  EXPECT_EQ(columns[0].min, -2.5);
  EXPECT_EQ(columns[0].max, 1000);
  EXPECT_EQ(columns[0].distinct, 3u);
  EXPECT_FALSE(columns[1].is_number);
  EXPECT_EQ(columns[1].distinct, 2u);
  EXPECT_TRUE(std::isnan(columns[1].min));
  EXPECT_TRUE(columns[2].is_number);
  EXPECT_EQ(columns[2].empty, 1u);
  EXPECT_FALSE(columns[3].is_number);
  EXPECT_FALSE(columns[4].is_number);
  const std::vector<double> numbers = metadata.Numbers(2);
  EXPECT_TRUE(std::isnan(numbers[0]));
  EXPECT_EQ(numbers[2], 4);
  EXPECT_EQ(metadata.next_column(), -1);
  EXPECT_EQ(Read("a\t__next__\n1\t2\n").Take().next_column(), 1);
  EXPECT_EQ(Read("__seq_next__\tb\n1\t2\n").Take().next_column(), 0);
}

TEST(Metadata, Categories) {
  const Metadata metadata = Read("b\na\nc\na\nc\n").Take();
  std::vector<double> of;
  const std::vector<Metadata::Category> categories = metadata.Categories(0, &of);
  ASSERT_EQ(categories.size(), 3u);
  EXPECT_EQ(categories[0].text, "a");
  EXPECT_EQ(categories[0].count, 2u);
  EXPECT_EQ(categories[1].text, "c");
  EXPECT_EQ(categories[2].text, "b");
  EXPECT_EQ(of, (std::vector<double>{2, 0, 1, 0, 1}));
  std::string many;
  for (int i = 0; i < 3000; ++i) many += std::to_string(i) + "\n";
  const Metadata texts = Read(many + "7\n").Take();
  EXPECT_EQ(texts.columns()[0].distinct, Metadata::kMaxDistinct + 1);
  EXPECT_EQ(texts.Categories(0, &of).size(), Metadata::kMaxDistinct);
  EXPECT_EQ(of[7], 0);
  EXPECT_EQ(of[3000], 0);
  EXPECT_EQ(of[2999], -1);
}

TEST(Metadata, Search) {
  const Metadata metadata =
      Read("Label\tsize (cm)\nTabby Cat\t3\nred fox\t10\nCATFISH\t-1e1\nx:y\t\n").Take();
  using Rows = std::vector<double>;
  const auto search = [&](int column, Match match, std::string_view text) {
    return metadata.Search(column, match, text);
  };
  EXPECT_EQ(search(-1, Match::kHas, "cat"), (Rows{0, 2}));
  EXPECT_EQ(search(-1, Match::kHas, "1"), (Rows{1, 2}));
  EXPECT_EQ(search(0, Match::kHas, "CAT"), (Rows{0, 2}));
  EXPECT_EQ(search(0, Match::kHas, "1"), Rows());
  EXPECT_EQ(search(1, Match::kGreater, "2"), (Rows{0, 1}));
  EXPECT_EQ(search(1, Match::kGreaterOrEqual, "3"), (Rows{0, 1}));
  EXPECT_EQ(search(1, Match::kLess, "3"), Rows{2});
  EXPECT_EQ(search(1, Match::kLessOrEqual, "3"), (Rows{0, 2}));
  EXPECT_EQ(search(1, Match::kEqual, "10.0"), Rows{1});
  // A cell that is no number is neither the same nor another one.
  EXPECT_EQ(search(1, Match::kNotEqual, "10"), (Rows{0, 2}));
  EXPECT_EQ(search(0, Match::kEqual, "red FOX"), Rows{1});
  EXPECT_EQ(search(0, Match::kNotEqual, "red fox"), (Rows{0, 2, 3}));
  EXPECT_EQ(search(1, Match::kEqual, ""), Rows{3});
  EXPECT_EQ(search(1, Match::kGreater, "much"), Rows());
  EXPECT_EQ(search(2, Match::kHas, "cat"), Rows());
}

TEST(Metadata, NotANumberIsFoundAsText) {
  const Metadata metadata = Read("score\tname\nnan\ta\nNaN\tb\n3\tc\n\td\n").Take();
  using Rows = std::vector<double>;
  EXPECT_EQ(metadata.Search(0, Match::kEqual, "nan"), (Rows{0, 1}));
  EXPECT_EQ(metadata.Search(0, Match::kNotEqual, "NaN"), (Rows{2, 3}));
  EXPECT_EQ(metadata.Search(0, Match::kNotEqual, "4"), (Rows{0, 1, 2}));
}

}  // namespace
}  // namespace tensorpane
