#include "base/json_tree.h"

#include <gtest/gtest.h>

namespace tensorpane {
namespace {

TEST(JsonTree, GivesWhatIsWhere) {
  const std::string text = R"( {"a": [1, "x", null, {"b": true}], "c": {}, "a2": -2.5, "c": {"d": []}} )";
  const JsonTree tree(AsBytes(text));
  const JsonTree::Value root = tree.root();
  ASSERT_TRUE(root.is_object());
  const JsonTree::Value a = root["a"];
  EXPECT_EQ(a.at(0).number(), 1);
  EXPECT_EQ(a.at(1).text(), "x");
  EXPECT_TRUE(a.at(2).is_null());
  EXPECT_TRUE(a.at(3)["b"].is_true());
  EXPECT_FALSE(a.at(4));
  EXPECT_EQ(root["a2"].number(), -2.5);
  // Of two members of one name the last one counts, as in Python.
  EXPECT_TRUE(root["c"]["d"].is_array());
  EXPECT_EQ(text.substr(a.offset(), a.length()), R"([1, "x", null, {"b": true}])");
  std::string keys;
  for (const JsonTree::Value member : root.items()) keys += std::string(member.key()) + " ";
  EXPECT_EQ(keys, "a c a2 c ");
}

TEST(JsonTree, KeepsTheBeginningOfWhatIsDamaged) {
  const JsonTree cut(AsBytes(R"({"a": [1, {"b": 2}, {"c": "x)"), JsonTree::Damaged::kBeginning);
  EXPECT_EQ(cut.unread(), 0u);
  EXPECT_FALSE(cut.root().is_whole());
  const JsonTree::Value a = cut.root()["a"];
  EXPECT_EQ(a.at(0).number(), 1);
  EXPECT_TRUE(a.at(1).is_whole());
  EXPECT_FALSE(a.at(2).is_whole());
  EXPECT_FALSE(a.at(2)["c"]);
  EXPECT_FALSE(a.at(3));
  const JsonTree more(AsBytes("[1] 23"), JsonTree::Damaged::kBeginning);
  EXPECT_EQ(more.unread(), 2u);
  EXPECT_TRUE(more.root().is_whole());
  EXPECT_EQ(JsonTree(AsBytes("[]")).unread(), std::nullopt);
  EXPECT_FALSE(JsonTree(AsBytes("#"), JsonTree::Damaged::kBeginning).root());
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_TRUE(JsonTree(AsBytes(deep)).root().is_whole());
}

TEST(JsonTree, WhatIsNotThereIsNone) {
  const JsonTree tree(AsBytes("[1]"));
  const JsonTree::Value none = tree.root()["x"]["y"].at(3);
  EXPECT_FALSE(none);
  EXPECT_EQ(none.text(), "");
  EXPECT_TRUE(std::isnan(none.number()));
  for (const JsonTree::Value item : none.items()) ADD_FAILURE() << item.text();
  EXPECT_FALSE(JsonTree(AsBytes("[1, ")).root());
  EXPECT_FALSE(JsonTree(AsBytes("")).root());
  EXPECT_TRUE(JsonTree(AsBytes("7")).root().is_number());
}

}  // namespace
}  // namespace tensorpane
