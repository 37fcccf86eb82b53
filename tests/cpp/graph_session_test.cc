#include "graph/graph_session.h"

#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <queue>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/pattern.h"
#include "graph/scene_maker.h"
#include "graph/search.h"
#include "graph/trace.h"
#include "graph_making.h"

namespace tensorpane {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;

bool GoOn() { return false; }

Texts All(const json& rows, const char* key) {
  Texts texts;
  for (const json& row : rows) texts.push_back(row[key]);
  return texts;
}

/// One graph and what is asked of it.
class Session {
 public:
  explicit Session(std::unique_ptr<Graph> graph) : session_(std::move(graph)) {}

  json Facts() { return json::parse(session_.Facts()); }
  json Scene(const json& query) {
    std::vector<double> numbers;
    std::string text;
    EXPECT_TRUE(session_.Scene(query.dump(), GoOn, &numbers, &text));
    scene_ = json::parse(text);
    return scene_;
  }
  /// With the paths of its rows.
  json Outline(std::string_view path, size_t from = 0, size_t count = 100) {
    json outline = json::parse(session_.Outline(path, from, count));
    const std::string folder = outline["folder"];
    for (json& row : outline["rows"])
      row["path"] =
          folder.empty() ? row["name"].get<std::string>() : folder + "/" + row["name"].get<std::string>();
    return outline;
  }
  json Search(std::string_view query) {
    std::string text;
    EXPECT_TRUE(session_.Search(query, GoOn, &text));
    return json::parse(text);
  }
  Texts Hits(std::string_view query) { return All(Search(query)["hits"], "path"); }
  json Node(std::string_view path) { return json::parse(session_.Node(path)); }
  json Table(const json& query) {
    std::string text;
    EXPECT_TRUE(session_.Table(query.dump(), GoOn, &text));
    return json::parse(text);
  }
  json Ops() { return json::parse(session_.Ops()); }

  /// Paths of the boxes that are marked, then how many pieces are.
  std::pair<std::set<std::string>, int> Trace(std::string_view path, std::string_view direction,
                                              double depth) {
    std::vector<double> numbers;
    std::string text;
    EXPECT_TRUE(session_.Trace(path, direction, depth, GoOn, &numbers, &text));
    return Marked(numbers, text);
  }
  std::pair<std::set<std::string>, int> Shortest(std::string_view from, std::string_view to) {
    std::vector<double> numbers;
    std::string text;
    EXPECT_TRUE(session_.ShortestPath(from, to, GoOn, &numbers, &text));
    way = json::parse(text)["path"].get<Texts>();
    return Marked(numbers, text);
  }

  Texts way;  ///< of the last `Shortest`

 private:
  std::pair<std::set<std::string>, int> Marked(const std::vector<double>& numbers, const std::string& text) {
    const size_t boxes = json::parse(text)["boxes"];
    std::set<std::string> marked;
    int pieces = 0;
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i] != 0 && i < boxes) marked.insert(scene_["boxes"][i][0]);
      if (numbers[i] != 0 && i >= boxes) ++pieces;
    }
    return {marked, pieces};
  }

  GraphSession session_;
  json scene_;
};

std::unique_ptr<Graph> Model() {
  GraphMaker maker;
  maker.Node("x", "Placeholder").Output("64×10", 640);
  for (int i = 0; i < 3; ++i) {
    const std::string at = "encoder/block_" + std::to_string(i) + "/";
    const std::string before = i == 0 ? "x" : "encoder/block_" + std::to_string(i - 1) + "/attn/mul";
    maker.Node(at + "attn/attn_mask", "Const");
    maker.Node(at + "attn/mul", "MatMul", {before, at + "attn/attn_mask"})
        .Device("/gpu:0")
        .Output("64×10", 640);
    maker.Profile(10.0 * (i + 1), 100);
  }
  maker.Node("call", "PartitionedCall", {"encoder/block_2/attn/mul", "^x"}).Calls(1);
  maker.Node("y", "Identity", {"call"}).Node("lost", "Identity", {"gone"});
  maker.Function("f")
      .Node("in", "_Arg")
      .Node("deep/relu", "Relu", {"in"})
      .Node("out", "_Retval", {"deep/relu"});
  return maker.Take();
}

TEST(GraphSession, SaysWhatTheGraphIs) {
  const json facts = Session(Model()).Facts();
  EXPECT_EQ(facts["nodes"], 13);
  EXPECT_EQ(facts["functions"], 1);
  EXPECT_EQ(facts["form"], "ops");
  EXPECT_EQ(facts["has"]["time"], true);
  EXPECT_EQ(facts["has"]["clusters"], false);
  EXPECT_EQ(facts["compared"], false);
}

TEST(GraphSession, ListsAnOutline) {
  Session session(Model());
  EXPECT_EQ(All(session.Outline("")["rows"], "path"), (Texts{"x", "encoder", "call", "y", "lost"}));
  EXPECT_EQ(session.Outline("", 1, 1)["rows"][0]["path"], "encoder");
  EXPECT_EQ(session.Outline("")["total"], 5);
  // A colour by structure says that there are others like it: three blocks are alike, what is around them is
  // alone.
  const auto colour_of = [](const json& row) { return row["colour"].get<double>(); };
  EXPECT_EQ(colour_of(session.Outline("", 1, 1)["rows"][0]), -1);
  EXPECT_GE(colour_of(session.Outline("encoder")["rows"][0]), 0);
  EXPECT_EQ(session.Outline("encoder")["rows"][0]["label"], "block_0 … block_2");
  EXPECT_EQ(session.Outline("encoder")["rows"][0]["kind"], "stack");
  EXPECT_EQ(All(session.Outline("encoder/block_[0-2]")["rows"], "path"),
            (Texts{"encoder/block_0", "encoder/block_1", "encoder/block_2"}));
  EXPECT_EQ(All(session.Outline("call")["rows"], "path"), (Texts{"call/in", "call/deep", "call/out"}));
  // What the drawing only marks at other boxes.
  EXPECT_EQ(session.Outline("encoder/block_0/attn")["rows"][0]["path"], "encoder/block_0/attn/attn_mask");
  EXPECT_EQ(session.Outline("encoder/block_0/attn")["rows"][0]["aside"], true);
  EXPECT_EQ(session.Outline("encoder/block_0/attn")["rows"][1]["aside"], false);
  EXPECT_EQ(session.Outline("call/in")["total"], 0);
  EXPECT_EQ(session.Outline("nothing")["total"], 0);
}

TEST(GraphSession, FindsByName) {
  Session session(Model());
  EXPECT_EQ(session.Hits("ATTN"), (Texts{"encoder/block_0/attn", "encoder/block_0/attn/attn_mask",
                                         "encoder/block_1/attn", "encoder/block_1/attn/attn_mask",
                                         "encoder/block_2/attn", "encoder/block_2/attn/attn_mask"}));
  EXPECT_EQ(session.Hits("block_1 mul"), (Texts{"encoder/block_1/attn/mul"}));
  EXPECT_EQ(session.Hits("block_1/attn/mul"), (Texts{"encoder/block_1/attn/mul"}));
  EXPECT_EQ(session.Hits("/attn$/"),
            (Texts{"encoder/block_0/attn", "encoder/block_1/attn", "encoder/block_2/attn"}));
  EXPECT_EQ(session.Hits("op:matmul in:encoder/block_1"), (Texts{"encoder/block_1/attn/mul"}));
  EXPECT_EQ(session.Hits("shape:64x10 device:gpu 2"), (Texts{"encoder/block_2/attn/mul"}));
  EXPECT_EQ(session.Hits("relu"), (Texts{"call/deep/relu"}));
  EXPECT_EQ(session.Hits("call deep"), (Texts{"call/deep"}));
  EXPECT_EQ(session.Hits("op:/^_(arg|retval)$/"), (Texts{"call/in", "call/out"}));
  EXPECT_EQ(session.Search("attn")["total"], 6);
  EXPECT_EQ(session.Search("")["total"], 0);
  EXPECT_EQ(session.Search("/(/")["problem"], "a ( is not closed");
}

/// What a search finds, by looking at each path for itself.
Texts HitsOneByOne(Forest& forest, std::string_view text) {
  Texts hits;
  AllNames names(forest);
  const auto small = [](std::string of) {
    for (char& c : of) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return of;
  };
  std::vector<std::string> words;
  std::istringstream in{std::string(text)};
  for (std::string word; in >> word;) words.push_back(word);
  for (const AllNames::Reached& reached : names.reached()) {
    const Tree& tree = forest.tree(reached.body);
    const std::function<void(TreeIndex)> visit = [&](TreeIndex node) {
      const std::string path = names.PathOf(reached, node);
      const size_t own = reached.prefix.size() + tree.label_begin(node);
      bool all = node != kTreeRoot, any = own == 0, only_folders = true;
      for (const std::string& word : words) {
        if (word.starts_with("in:")) {
          all = all && path.starts_with(word.substr(3) + '/');
          continue;
        }
        only_folders = false;
        std::string problem;
        if (word.size() > 2 && word.front() == '/' && word.back() == '/') {
          auto pattern = Pattern::Compile(word.substr(1, word.size() - 2), &problem);
          all = all && pattern->Matches(path);
          any = any || (own > 0 && !pattern->Matches(path.substr(0, own - 1)));
        } else {
          const size_t last = small(path).rfind(small(word));
          all = all && last != std::string::npos;
          any = any || (last != std::string::npos && last + word.size() > own);
        }
      }
      if (all && (any || only_folders)) hits.push_back(path);
      for (uint32_t i = 0; i < tree.child_count(node); ++i) visit(tree.first_child(node) + i);
    };
    visit(kTreeRoot);
  }
  return hits;
}

TEST(GraphSession, FindsWhatLookingAtEachPathFinds) {
  std::mt19937 random(11);
  const auto pick = [&random](const auto& of) { return std::string(of[random() % std::size(of)]); };
  const char* const labels[] = {"a", "ab", "B", "aab", "(a)", "ba_1"};
  const char* const words[] = {"a",    "ab",      "b/a",     "A/AB",     "in:a",    "in:a/ab", "in:call/a",
                               "/a$/", "/^a/",    "/b.a/",   "/\\bb/",   "/b$/",    "/a.*b$/", "/(a|b){3}$/",
                               "l/a",  "in:call", "/l\\/a/", "/^.{3}$/", "/call$/", "(a)"};
  size_t found = 0;
  for (int round = 0; round < 400; ++round) {
    GraphMaker maker;
    const auto add_ops = [&] {
      std::set<std::string> names;
      for (size_t i = 0; i < 1 + random() % 8; ++i) {
        std::string name = pick(labels);
        for (size_t depth = random() % 4; depth > 0; --depth) name += '/' + pick(labels);
        if (names.insert(name).second) maker.Node(name, "Op");
      }
    };
    add_ops();
    maker.Node("call", "Call").Calls(1);
    if (round % 2 == 0) maker.Node("a/c/call", "Call").Calls(2);
    maker.Function("f");
    add_ops();
    maker.Function("g");
    add_ops();
    const std::unique_ptr<Graph> graph = maker.Take();
    Forest forest(*graph);
    AllNames names(forest);
    for (int asked = 0; asked < 10; ++asked) {
      std::string query = pick(words);
      if (asked % 2 == 0) query += ' ' + pick(words);
      std::string answer;
      ASSERT_TRUE(SearchJson(names, query, GoOn, &answer));
      const Texts hits = All(json::parse(answer)["hits"], "path");
      ASSERT_EQ(hits, HitsOneByOne(forest, query)) << query;
      found += hits.size();
    }
  }
  EXPECT_GT(found, 2000u);
}

TEST(GraphSession, SearchesWhatIsVeryDeep) {
  // The paths of all that is in it have 9 × 10^10 bytes.
  constexpr size_t kDeep = 300'000;
  std::string name;
  for (size_t i = 0; i < kDeep; ++i) name += i % 1000 == 999 ? "x/" : "y/";
  GraphMaker maker;
  maker.Node(name + "end", "Relu");
  Session session(maker.Take());
  EXPECT_EQ(session.Search("x")["total"], kDeep / 1000);
  EXPECT_EQ(session.Search("/(x|q)$/")["total"], kDeep / 1000);
  EXPECT_EQ(session.Search("Y/Y/x/y")["total"], kDeep / 1000 - 1);
  EXPECT_EQ(session.Search("in:y/y/y y")["total"], kDeep - kDeep / 1000 - 3);
  EXPECT_EQ(session.Search("op:relu end")["total"], 1);
  const json hits = session.Search("y");
  EXPECT_EQ(hits["total"], kDeep - kDeep / 1000);
  EXPECT_EQ(hits["hits"].size(), 1000u);
  // Of long paths not as many are told.
  const json deepest = session.Search("/x(?:.*x){200}$/");
  EXPECT_EQ(deepest["total"], kDeep / 1000 - 200);
  EXPECT_GT(deepest["hits"].size(), 0u);
  EXPECT_LT(deepest["hits"].size(), 20u);
  EXPECT_EQ(session.Table({{"query", "x"}, {"sort", "name"}, {"from", 0}, {"count", 1}})["total"], 1);
}

TEST(GraphSession, ListsCallsOfOneFunctionAsIdentical) {
  GraphMaker maker;
  maker.Node("a", "Call").Calls(1).Node("in/b", "Call", {"a"}).Calls(1).Node("c", "Call", {"in/b"}).Calls(2);
  maker.Function("f").Node("x", "X").Node("y", "Call", {"x"}).Calls(2);
  maker.Function("g").Node("z", "Z");
  Session session(maker.Take());
  EXPECT_EQ(session.Node("a")["identical"], (Texts{"in/b"}));
  EXPECT_EQ(session.Node("c")["identical"], (Texts{"a/y"}));
  EXPECT_EQ(session.Node("in/b/y")["identicalCount"], 1);
  EXPECT_EQ(session.Node("a/x")["identicalCount"], 0);
}

TEST(GraphSession, FindsDifferences) {
  GraphMaker maker;
  maker.Node("a/same", "Op");
  maker.Node("a/new", "Op").Difference(Difference::kAdded);
  maker.Node("b/old", "Op").Difference(Difference::kRemoved);
  maker.Node("b/other", "Relu").Difference(Difference::kChanged);
  Session session(maker.Take());
  EXPECT_EQ(session.Hits("difference:added"), (Texts{"a/new"}));
  EXPECT_EQ(session.Hits("difference:any in:b"), (Texts{"b/old", "b/other"}));
  EXPECT_EQ(session.Hits("difference:any op:relu"), (Texts{"b/other"}));
  EXPECT_EQ(session.Hits("difference:added difference:removed"), (Texts{}));
  const auto table = [&](std::string query) {
    return session.Table({{"query", query}, {"sort", "name"}, {"from", 0}, {"count", 9}});
  };
  EXPECT_EQ(All(table("difference:any")["rows"], "difference"), (Texts{"added", "removed", "changed"}));
  EXPECT_EQ(table("difference:changed")["total"], 1);
  EXPECT_EQ(table("difference:more")["problem"], "a difference is added, removed, changed or any");
  // What is no comparison has none.
  EXPECT_EQ(Session(Model()).Search("difference:any")["total"], 0);
}

TEST(GraphSession, TellsOfANode) {
  Session session(Model());
  json node = session.Node("encoder/block_1/attn/mul");
  EXPECT_EQ(node["op"], "MatMul");
  EXPECT_EQ(node["device"], "/gpu:0");
  EXPECT_EQ(node["micros"], 20);
  EXPECT_NEAR(node["timeShare"], 20.0 / 60, 1e-9);
  EXPECT_EQ(All(node["inputs"], "path"),
            (Texts{"encoder/block_0/attn/mul", "encoder/block_1/attn/attn_mask"}));
  EXPECT_EQ(node["inputs"][0]["shape"], "64×10 float32");
  EXPECT_EQ(All(node["outputs"], "path"), (Texts{"encoder/block_2/attn/mul"}));

  node = session.Node("encoder/block_1");
  EXPECT_EQ(node["kind"], "group");
  EXPECT_EQ(node["ops"], 2);
  EXPECT_EQ(node["identical"], (Texts{"encoder/block_0", "encoder/block_2"}));
  EXPECT_EQ(All(node["inputs"], "path"), (Texts{"encoder/block_0/attn/mul"}));
  EXPECT_EQ(node["inside"][0]["name"], "attn/mul");

  node = session.Node("call");
  EXPECT_EQ(node["ops"], 3);
  EXPECT_EQ(All(node["controls"], "path"), (Texts{"x"}));
  EXPECT_EQ(session.Node("lost")["inputs"][0]["stub"], true);
  EXPECT_EQ(session.Node("call/deep/relu")["inputs"][0]["path"], "call/in");
  EXPECT_EQ(session.Node("encoder/block_[0-2]")["ops"], 6);
  EXPECT_TRUE(session.Node("nothing").is_null());
}

TEST(GraphSession, TracesInTheLastScene) {
  Session session(Model());
  session.Scene({{"open", {"encoder", "encoder/block_1"}},
                 {"putBack", json::array()},
                 {"takenOut", json::array()},
                 {"colour", "op"}});
  auto [boxes, pieces] = session.Trace("encoder/block_1/attn", "inputs", 2);
  EXPECT_EQ(boxes, (std::set<std::string>{"x", "encoder", "encoder/block_0", "encoder/block_1",
                                          "encoder/block_1/attn"}));
  EXPECT_EQ(pieces, 2 + 2) << "x to block_0 through one border, and block_0 to attn through another";
  std::tie(boxes, pieces) = session.Trace("y", "inputs", 1);
  EXPECT_EQ(boxes, (std::set<std::string>{"call", "y"}));
  EXPECT_EQ(pieces, 1);
  std::tie(boxes, pieces) = session.Trace("lost", "both", INFINITY);
  EXPECT_EQ(boxes, (std::set<std::string>{"lost", "?gone"}));
  EXPECT_EQ(pieces, 1);
  std::tie(boxes, pieces) = session.Trace("nothing", "both", INFINITY);
  EXPECT_TRUE(boxes.empty());
}

TEST(GraphSession, TracesThroughAPortThatOthersShare) {
  GraphMaker maker;
  Texts all;
  for (int i = 0; i < 12; ++i) {
    all.push_back("s/" + std::string(1, static_cast<char>('a' + i)));
    maker.Node(all.back(), "S");
  }
  maker.Node("t/u", "T", all).Node("t/v", "V", {"s/l"});
  Session session(maker.Take());
  session.Scene({{"open", {"s", "t"}}});
  // "k" and "l" leave by one port.
  const auto [boxes, pieces] = session.Trace("s/k", "both", 1);
  EXPECT_EQ(boxes, (std::set<std::string>{"s", "s/k", "t", "t/u"}));
  EXPECT_EQ(pieces, 3);
}

TEST(GraphSession, TracesInWhatIsCalledAndMarksWhatIsAroundIt) {
  Session session(Model());
  session.Scene({{"open", {"call"}}});
  const auto [boxes, pieces] = session.Trace("call/deep/relu", "outputs", INFINITY);
  EXPECT_EQ(boxes, (std::set<std::string>{"call", "call/deep", "call/out"}));
  EXPECT_EQ(pieces, 1);
}

TEST(GraphSession, FindsTheShortestWay) {
  Session session(Model());
  session.Scene({{"open", json::array()}});
  auto [boxes, pieces] = session.Shortest("x", "y");
  EXPECT_EQ(session.way, (Texts{"x", "call", "y"}));
  EXPECT_EQ(boxes, (std::set<std::string>{"x", "call", "y"}));
  EXPECT_EQ(pieces, 2);
  session.Shortest("y", "encoder");
  EXPECT_EQ(session.way, (Texts{"encoder/block_2/attn/mul", "call", "y"}));
  session.Shortest("call/in", "call/out");
  EXPECT_EQ(session.way, (Texts{"call/in", "call/deep/relu", "call/out"}));
  session.Shortest("encoder/block_0", "call/out");
  EXPECT_EQ(session.way.back(), "call");
  session.Shortest("lost", "x");
  EXPECT_TRUE(session.way.empty());
}

TEST(GraphSession, SortsAndCutsATable) {
  Session session(Model());
  const auto table = [&](const char* sort, bool descending, size_t from, size_t count,
                         const char* query = "") {
    return session.Table(
        {{"query", query}, {"sort", sort}, {"descending", descending}, {"from", from}, {"count", count}});
  };
  EXPECT_EQ(table("name", false, 0, 3)["total"], 13);
  EXPECT_EQ(All(table("name", false, 0, 3)["rows"], "path"), (Texts{"call", "call/deep/relu", "call/in"}));
  EXPECT_EQ(All(table("time", true, 0, 4)["rows"], "path"),
            (Texts{"encoder/block_2/attn/mul", "encoder/block_1/attn/mul", "encoder/block_0/attn/mul", "x"}));
  EXPECT_EQ(All(table("time", false, 0, 1)["rows"], "path"), (Texts{"encoder/block_0/attn/mul"}));
  EXPECT_EQ(All(table("name", true, 0, 2, "attn mul")["rows"], "path"),
            (Texts{"encoder/block_2/attn/mul", "encoder/block_1/attn/mul"}));
  EXPECT_EQ(table("op", false, 100, 5)["rows"].size(), 0u);
  // Pages together are the whole.
  for (const char* const sort : {"name", "op", "device", "shape", "time", "memory"}) {
    const Texts whole = All(table(sort, true, 0, 100)["rows"], "path");
    Texts pages;
    for (size_t from = 0; from < 13; from += 4) {
      for (const std::string& path : All(table(sort, true, from, 4)["rows"], "path")) pages.push_back(path);
    }
    EXPECT_EQ(whole, pages) << sort;
  }
}

TEST(GraphSession, CountsOps) {
  const json ops = Session(Model()).Ops();
  EXPECT_EQ(ops[0]["op"], "Const");
  EXPECT_EQ(ops[0]["count"], 3);
  EXPECT_EQ(ops[1]["op"], "MatMul");
  EXPECT_EQ(ops[1]["micros"], 60);
  EXPECT_EQ(ops[0]["micros"], "NaN");
}

TEST(GraphSession, RefusesWhatIsNoQuery) {
  GraphSession session(Model());
  std::vector<double> numbers;
  std::string text;
  EXPECT_FALSE(session.Scene("[", GoOn, &numbers, &text));
  EXPECT_FALSE(session.Scene(R"({"open": [1]})", GoOn, &numbers, &text));
  EXPECT_FALSE(session.Table(R"({"sort": "colour"})", GoOn, &text));
}

TEST(Tracer, AgreesWithFollowingEdgesOneByOne) {
  std::mt19937 random(11);
  for (int round = 0; round < 100; ++round) {
    GraphMaker maker;
    const int count = 2 + static_cast<int>(random() % 30);
    std::map<int, std::set<int>> inputs;
    for (int i = 0; i < count; ++i) {
      Texts names;
      for (auto k = random() % 3; k > 0; --k) {
        const int from = static_cast<int>(random() % static_cast<unsigned>(count));
        inputs[i].insert(from);
        names.push_back("g" + std::to_string(from % 3) + "/n" + std::to_string(from));
      }
      maker.Node("g" + std::to_string(i % 3) + "/n" + std::to_string(i), "Op" + std::to_string(i % 7), names);
    }
    const auto graph = maker.Take();
    Forest forest(*graph);
    SceneMaker scenes(forest);
    const auto scene = scenes.Make({{"g0", "g1", "g2"}, {}, {}, ColourBy::kStructure}, GoOn);
    const int start = static_cast<int>(random() % static_cast<unsigned>(count)),
              depth = 1 + static_cast<int>(random() % 4);

    std::map<int, int> distance{{start, 0}};
    std::queue<int> open({start});
    std::set<std::string> edges;  // of drawn ops
    while (!open.empty()) {
      const int at = open.front();
      open.pop();
      if (distance[at] == depth) continue;
      for (const int from : inputs[at]) {
        if (distance.emplace(from, distance[at] + 1).second) open.push(from);
      }
    }
    const std::function<bool()> stop = GoOn;
    Tracer tracer(forest, stop);
    ASSERT_TRUE(
        tracer.Follow("g" + std::to_string(start % 3) + "/n" + std::to_string(start), true, false, depth));
    std::vector<double> numbers;
    std::string text;
    ASSERT_TRUE(tracer.Mark(scene.get(), &numbers, &text));
    ASSERT_EQ(json::parse(text)["ops"], distance.size());
    std::set<int> marked, expected;
    for (size_t i = 0; i < scene->boxes.size(); ++i) {
      const std::string& path = scene->boxes[i].path;
      if (scene->boxes[i].kind == BoxKind::kOp && numbers[i] != 0)
        marked.insert(std::stoi(path.substr(path.find("/n") + 2)));
    }
    for (const auto& [node, unused] : distance) {
      for (const SceneBox& box : scene->boxes) {
        if (box.path == "g" + std::to_string(node % 3) + "/n" + std::to_string(node)) expected.insert(node);
      }
    }
    ASSERT_EQ(marked, expected);
    // A piece is marked if and only if an edge of it is.
    for (size_t i = 0; i < scene->pieces.size(); ++i) {
      const ScenePiece& piece = scene->pieces[i];
      if (piece.from < 0 || piece.to < 0 ||
          scene->boxes[static_cast<size_t>(piece.from)].kind != BoxKind::kOp ||
          scene->boxes[static_cast<size_t>(piece.to)].kind != BoxKind::kOp) {
        continue;
      }
      const auto number = [&](int64_t box) {
        const std::string& path = scene->boxes[static_cast<size_t>(box)].path;
        return std::stoi(path.substr(path.find("/n") + 2));
      };
      const auto to = distance.find(number(piece.to));
      ASSERT_EQ(numbers[scene->boxes.size() + i] != 0, to != distance.end() && to->second < depth);
    }
  }
}

}  // namespace
}  // namespace tensorpane
