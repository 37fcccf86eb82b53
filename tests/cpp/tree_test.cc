#include "graph/tree.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "graph/forest.h"
#include "graph_making.h"

namespace tensorpane {
namespace {

std::vector<std::string> ChildPaths(const Tree& tree, TreeIndex node) {
  std::vector<std::string> paths;
  for (uint32_t i = 0; i < tree.child_count(node); ++i)
    paths.push_back(tree.Path(tree.first_child(node) + i));
  return paths;
}

using Paths = std::vector<std::string>;

TEST(Tree, IsOfTheFoldersInNames) {
  GraphMaker maker;
  maker.Node("b/c/x", "X").Node("a", "A").Node("b/d", "D").Node("b/c/y", "Y");
  const auto graph = maker.Take();
  const Tree tree(graph->texts, graph->bodies[0]);
  EXPECT_EQ(ChildPaths(tree, kTreeRoot), (Paths{"b", "a"}));
  const TreeIndex b = tree.FindChild(kTreeRoot, "b");
  EXPECT_EQ(ChildPaths(tree, b), (Paths{"b/c", "b/d"}));
  EXPECT_EQ(tree.leaves(tree.FindChild(b, "c")).size(), 2u);
  EXPECT_EQ(tree.Label(tree.of(3)), "y");
  EXPECT_EQ(tree.FindChild(b, "x"), kNoTreeNode);
  EXPECT_TRUE(tree.Holds(b, 3));
  EXPECT_FALSE(tree.Holds(b, 1));
}

TEST(Tree, PutsAnOpIntoTheFolderOfItsName) {
  for (const bool folder_first : {false, true}) {
    GraphMaker maker;
    if (folder_first) maker.Node("a/b", "B").Node("a", "A");
    if (!folder_first) maker.Node("a", "A").Node("a/b", "B");
    const auto graph = maker.Take();
    const Tree tree(graph->texts, graph->bodies[0]);
    const TreeIndex a = tree.FindChild(kTreeRoot, "a");
    EXPECT_TRUE(tree.is_group(a));
    EXPECT_EQ(ChildPaths(tree, a), folder_first ? (Paths{"a/b", "a/(a)"}) : (Paths{"a/(a)", "a/b"}));
    EXPECT_NE(tree.FindChild(a, "(a)"), kNoTreeNode);
  }
}

TEST(Tree, KeepsAWrappedNameApartFromTheSameInTheSource) {
  GraphMaker maker;
  maker.Node("a", "A").Node("a/(a)", "B");
  const auto graph = maker.Take();
  const Tree tree(graph->texts, graph->bodies[0]);
  EXPECT_EQ(tree.Path(tree.of(0)), "a/((a))");
  EXPECT_EQ(tree.Path(tree.of(1)), "a/(a)");
  const TreeIndex a = tree.FindChild(kTreeRoot, "a");
  EXPECT_EQ(tree.FindChild(a, "((a))"), tree.of(0));
  EXPECT_EQ(tree.FindChild(a, "(a)"), tree.of(1));
}

TEST(Tree, HasNoEmptySegments) {
  const Paths names{"/a", "a//b", "b/", "/", "", "a/b//c/", "//"};
  GraphMaker maker;
  for (const std::string& name : names) maker.Node(name, "Op");
  const auto graph = maker.Take();
  const Tree tree(graph->texts, graph->bodies[0]);
  Forest forest(*graph);
  for (NodeIndex op = 0; op < names.size(); ++op) {
    const std::string path = tree.Path(tree.of(op));
    EXPECT_EQ(path, names[op].empty() ? "(unnamed)" : names[op]);
    const auto place = FindPlace(forest, path);
    ASSERT_TRUE(place) << path;
    EXPECT_EQ(place->node, tree.of(op)) << path;
  }
  EXPECT_EQ(ChildPaths(tree, tree.FindChild(kTreeRoot, "a")), (Paths{"a//b", "a/b"}));
}

TEST(Tree, FindsEveryNodeOfRandomNames) {
  std::mt19937 random(3);
  for (int round = 0; round < 50; ++round) {
    GraphMaker maker;
    std::map<std::string, int> used;
    for (int i = 0; i < 200; ++i) {
      std::string name;
      for (auto depth = random() % 4; depth > 0; --depth)
        name += std::string(1, static_cast<char>('a' + random() % 4)) + "/";
      name += static_cast<char>('a' + random() % 6);
      if (used[name]++ == 0) maker.Node(name, "Op");
    }
    const auto graph = maker.Take();
    const Tree tree(graph->texts, graph->bodies[0]);
    Forest forest(*graph);
    size_t leaves = 0;
    for (TreeIndex node = 1; node < tree.size(); ++node) {
      const auto place = FindPlace(forest, tree.Path(node));
      ASSERT_TRUE(place && place->node == node) << tree.Path(node);
      ASSERT_LT(tree.parent(node), node);
      leaves += !tree.is_group(node);
      ASSERT_FALSE(tree.leaves(node).empty());
    }
    ASSERT_EQ(leaves, graph->bodies[0].size());
    ASSERT_EQ(tree.leaves(kTreeRoot).size(), leaves);
  }
}

TEST(Tree, BearsAVeryDeepName) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "x/";
  GraphMaker maker;
  maker.Node(deep + "a", "A").Node(deep + "b", "B", {deep + "a"});
  const auto graph = maker.Take();
  Forest forest(*graph);
  EXPECT_EQ(forest.tree(0).size(), 100'003u);
  EXPECT_EQ(forest.totals(0, kTreeRoot).ops, 2);
  const auto place = FindPlace(forest, deep + "b");
  ASSERT_TRUE(place);
  EXPECT_EQ(forest.tree(0).op(place->node), 1u);
  EXPECT_EQ(forest.blocks().size(), 100'000u);
}

TEST(Forest, FollowsCallsByPath) {
  GraphMaker maker;
  maker.Node("outer/call", "f").Calls(1).Node("loop", "While").Calls(1, "body").Calls(2, "cond");
  maker.Function("f").Node("in/a", "A").Node("g", "g").Calls(2).Function("g").Node("b", "B");
  const auto graph = maker.Take();
  Forest forest(*graph);
  const auto find = [&](std::string_view path) -> std::string {
    const auto place = FindPlace(forest, path);
    if (!place) return "none";
    return std::to_string(place->body) + " " + forest.tree(place->body).Path(place->node) + " " +
           std::to_string(place->calls.size()) + " " + std::string(path.substr(0, place->prefix));
  };
  EXPECT_EQ(find("outer/call"), "0 outer/call 0 ");
  EXPECT_EQ(find("outer/call/in/a"), "1 in/a 1 outer/call/");
  EXPECT_EQ(find("outer/call/g/b"), "2 b 2 outer/call/g/");
  EXPECT_EQ(find("loop/body/in"), "1 in 1 loop/body/");
  EXPECT_EQ(find("loop/cond"), "0 loop 0 ");
  EXPECT_EQ(find("loop/b"), "none");
  EXPECT_EQ(find("outer/call/in/a/b"), "none");
  EXPECT_EQ(find("outer/nothing"), "none");
}

TEST(Forest, CountsThroughCallsUpToAnEnd) {
  GraphMaker maker;
  maker.Node("call", "f").Calls(1);
  for (uint32_t i = 1; i <= 100; ++i) {
    maker.Function("f" + std::to_string(i))
        .Node("a", "A")
        .Node("b", "f")
        .Calls(i + 1)
        .Node("c", "f")
        .Calls(i + 1);
  }
  maker.Function("end").Node("a", "A");
  const auto graph = maker.Take();
  Forest forest(*graph);
  EXPECT_EQ(forest.totals(0, kTreeRoot).ops, kMostOps);
  EXPECT_EQ(forest.totals(100, kTreeRoot).ops, 3);
}

TEST(Forest, SumsWhatIsKnown) {
  GraphMaker maker;
  maker.Node("g/a", "A").Profile(2, 10).Node("g/b", "B").Node("g/h/c", "C").Profile(3, NAN).Node("d", "D");
  const auto graph = maker.Take();
  Forest forest(*graph);
  const Totals totals = forest.totals(0, forest.tree(0).FindChild(kTreeRoot, "g"));
  EXPECT_EQ(totals.ops, 3);
  EXPECT_EQ(totals.micros, 5);
  EXPECT_EQ(totals.memory, 10);
  EXPECT_TRUE(std::isnan(totals.parameters));
}

TEST(Forest, SaysOfAGroupWhetherAllInItIsTheSame) {
  GraphMaker maker;
  maker.Node("a/x", "X").Difference(Difference::kAdded).Node("a/y", "Y").Difference(Difference::kAdded);
  maker.Node("b/x", "X").Difference(Difference::kAdded).Node("b/y", "Y").Difference(Difference::kSame);
  maker.Node("c/x", "X").Difference(Difference::kSame);
  const auto graph = maker.Take();
  Forest forest(*graph);
  const auto of = [&](std::string_view name) {
    return forest.difference(0, forest.tree(0).FindChild(kTreeRoot, name));
  };
  EXPECT_EQ(of("a"), Difference::kAdded);
  EXPECT_EQ(of("b"), Difference::kChanged);
  EXPECT_EQ(of("c"), Difference::kSame);
}

/// The classes of groups, by path.
std::map<std::string, BlockClass> Classes(Forest& forest) {
  std::map<std::string, BlockClass> classes;
  for (TreeIndex node = 1; node < forest.tree(0).size(); ++node) {
    if (forest.tree(0).is_group(node)) classes[forest.tree(0).Path(node)] = forest.blocks().of(0, node);
  }
  return classes;
}

TEST(Blocks, AreAlikeIfTheirOpsAndEdgesAre) {
  GraphMaker maker;
  maker.Node("x", "Placeholder").Node("y", "Placeholder");
  for (const char* const name : {"a", "b"}) {
    const std::string at = name;
    maker.Node(at + "/in/mul", "Mul", {"x", "y"}).Node(at + "/in/add", "Add", {at + "/in/mul", "x"});
    maker.Node(at + "/out", "Relu", {at + "/in/add"});
  }
  // The second input of add is another one; in e one edge is by control; in f the order is another.
  maker.Node("c/in/mul", "Mul", {"x", "y"})
      .Node("c/in/add", "Add", {"c/in/mul", "y"})
      .Node("c/out", "Relu", {"c/in/add"});
  maker.Node("d/in/mul", "Mul", {"x", "x"})
      .Node("d/in/add", "Add", {"d/in/mul", "x"})
      .Node("d/out", "Relu", {"d/in/add"});
  maker.Node("e/in/mul", "Mul", {"x", "y"})
      .Node("e/in/add", "Add", {"e/in/mul", "^x"})
      .Node("e/out", "Relu", {"e/in/add"});
  maker.Node("f/in/add", "Add", {"f/in/mul", "x"})
      .Node("f/in/mul", "Mul", {"x", "y"})
      .Node("f/out", "Relu", {"f/in/add"});
  // Across groups: the edge of out comes from mul, not from add.
  maker.Node("g/in/mul", "Mul", {"x", "y"})
      .Node("g/in/add", "Add", {"g/in/mul", "x"})
      .Node("g/out", "Relu", {"g/in/mul"});
  const auto graph = maker.Take();
  Forest forest(*graph);
  std::map<std::string, BlockClass> classes = Classes(forest);
  EXPECT_EQ(classes["a"], classes["b"]);
  EXPECT_EQ(classes["a/in"], classes["b/in"]);
  for (const char* const other : {"c", "d", "e", "f", "g"}) EXPECT_NE(classes["a"], classes[other]) << other;
  EXPECT_EQ(classes["a/in"], classes["g/in"]) << "what is inside is the same";
  EXPECT_EQ(forest.blocks().rank(classes["a"]), 0u) << "as many ops in all as a/in, and met before";
  EXPECT_EQ(forest.blocks().rank(classes["a/in"]), 1u);
  EXPECT_EQ(forest.blocks().members(classes["a/in"]).size(), 3u);
}

TEST(Runs, AreOfConsecutiveNumbersAndOneKind) {
  GraphMaker maker;
  for (const char* const name : {"dense", "dense_2", "dense_1", "dense_4", "other_1", "other_2"}) {
    maker.Node(std::string(name) + "/a", "A");
  }
  maker.Node("different_1/b", "B").Node("different_2/c", "C");
  for (const int i : {7, 8, 9, 10, 11}) maker.Node("op" + std::to_string(i), "Op");
  for (const int i : {1, 2, 3, 4}) maker.Node("few_" + std::to_string(i), "Op");
  const auto graph = maker.Take();
  Forest forest(*graph);
  std::vector<std::string> names;
  for (const StackRun& run : forest.runs(0, kTreeRoot)) names.push_back(run.Name() + " " + run.Label());
  EXPECT_EQ(names,
            (Paths{"dense_[-2] dense … dense_2", "other_[1-2] other_1 … other_2", "op[7-11] op7 … op11"}));
  const auto place = FindPlace(forest, "dense_[1-2]");
  ASSERT_TRUE(place && place->stack);
  EXPECT_EQ(place->stack->members.size(), 2u);
  EXPECT_FALSE(FindPlace(forest, "dense_[1-4]"));
}

}  // namespace
}  // namespace tensorpane
