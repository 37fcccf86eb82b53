#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "graph/labels.h"
#include "graph/scene_maker.h"
#include "graph/scene_writer.h"
#include "graph_making.h"

namespace tensorpane {
namespace {

bool Never() { return false; }

/// A graph and a drawing of it.
class Drawing {
 public:
  explicit Drawing(std::unique_ptr<Graph> graph)
      : graph_(std::move(graph)), forest_(*graph_), maker_(forest_) {}

  const Scene& Draw(std::vector<std::string> open, std::vector<std::string> put_back = {},
                    std::vector<std::string> taken_out = {}, ColourBy colour = ColourBy::kStructure) {
    scene_ = maker_.Make({std::move(open), std::move(put_back), std::move(taken_out), colour}, Never);
    return *scene_;
  }
  const Graph& graph() const { return *graph_; }
  Forest& forest() { return forest_; }

  const SceneBox* Find(std::string_view path) const {
    for (const SceneBox& box : scene_->boxes) {
      if (box.path == path) return &box;
    }
    return nullptr;
  }
  std::set<std::string> Paths() const {
    std::set<std::string> paths;
    for (const SceneBox& box : scene_->boxes) paths.insert(box.path);
    return paths;
  }
  std::string EndName(int64_t end) const {
    return end < 0 ? "port " + std::to_string(-1 - end) : scene_->boxes[static_cast<size_t>(end)].path;
  }
  /// "from -> to", where ports are followed to the boxes that they lead to.
  std::multiset<std::string> Ways() const {
    std::multiset<std::string> ways;
    for (const ScenePiece& piece : scene_->pieces) {
      if (piece.from < 0) continue;
      std::vector<const ScenePiece*> open{&piece};
      while (!open.empty()) {
        const ScenePiece* last = open.back();
        open.pop_back();
        if (last->to >= 0) {
          ways.insert(EndName(piece.from) + " -> " + EndName(last->to));
          continue;
        }
        for (const ScenePiece& next : scene_->pieces) {
          if (next.from == last->to) open.push_back(&next);
        }
      }
    }
    return ways;
  }

 private:
  std::unique_ptr<Graph> graph_;
  Forest forest_;
  SceneMaker maker_;
  std::unique_ptr<Scene> scene_;
};

using Set = std::set<std::string>;
using Bag = std::multiset<std::string>;

constexpr double kSlack = 1e-6;

bool Overlap(const SceneBox& a, const SceneBox& b) {
  return a.x < b.x + b.width - kSlack && b.x < a.x + a.width - kSlack && a.y < b.y + b.height - kSlack &&
         b.y < a.y + a.height - kSlack;
}

bool IsAround(const Scene& scene, size_t outer, size_t inner) {
  for (int64_t at = scene.boxes[inner].parent; at >= 0; at = scene.boxes[static_cast<size_t>(at)].parent) {
    if (static_cast<size_t>(at) == outer) return true;
  }
  return false;
}

/// Whether a line goes through a rectangle.
bool Crosses(LayoutPoint a, LayoutPoint b, double left, double top, double right, double bottom) {
  double from = 0, to = 1;  // of the line, what is in it
  const auto clip = [&](double at, double step, double low, double high) {
    if (step == 0) {
      if (at <= low || at >= high) from = 2;
      return;
    }
    const double one = (low - at) / step, other = (high - at) / step;
    from = std::max(from, std::min(one, other));
    to = std::min(to, std::max(one, other));
  };
  clip(a.x, b.x - a.x, left, right);
  clip(a.y, b.y - a.y, top, bottom);
  return from + kSlack < to;
}

/// The text of an open box has room, and no edge crosses it.
void ExpectReadable(const Scene& scene) {
  for (const SceneBox& box : scene.boxes) {
    if (!box.is_open) continue;
    const double text = TextWidth(box.text.label, 12) + 5 + TextWidth(box.text.note, 10.5);
    const double room = std::min(box.header - 10, box.width - 36);
    ASSERT_GE(room, std::min(text, 350.0)) << box.path;
    for (const ScenePiece& piece : scene.pieces) {
      for (size_t p = 0; p + 1 < piece.points.size(); ++p) {
        ASSERT_FALSE(Crosses(piece.points[p], piece.points[p + 1], box.x + 10, box.y + 4,
                             box.x + 10 + std::min(text, room), box.y + 20))
            << box.path;
      }
    }
  }
}

/// Labels of edges are over no box, over no head of an open one, over no line, and not over each other; and
/// they are beside the lines that they are of.
void ExpectLabelsApart(const Scene& scene) {
  struct Label {
    const ScenePiece* piece;
    double left, top, right, bottom;
  };
  std::vector<Label> labels;
  for (const ScenePiece& piece : scene.pieces) {
    if (std::isnan(piece.label_at.x)) continue;
    const LayoutPoint at = piece.label_at;
    labels.push_back({&piece, at.x + kSlack, at.y + kSlack, at.x + LabelWidth(piece) - kSlack,
                      at.y + kLabelHeight - kSlack});
  }
  for (const Label& label : labels) {
    for (const SceneBox& box : scene.boxes) {
      const double height = box.is_open ? 24 : box.height;
      ASSERT_FALSE(label.left < box.x + box.width && box.x < label.right && label.top < box.y + height &&
                   box.y < label.bottom)
          << label.piece->label << " over " << box.path;
    }
    for (const ScenePiece& piece : scene.pieces) {
      for (size_t p = 0; p + 1 < piece.points.size(); ++p) {
        ASSERT_FALSE(
            Crosses(piece.points[p], piece.points[p + 1], label.left, label.top, label.right, label.bottom))
            << label.piece->label;
      }
    }
    for (const Label& other : labels) {
      if (&label == &other) break;
      ASSERT_FALSE(label.left < other.right && other.left < label.right && label.top < other.bottom &&
                   other.top < label.bottom)
          << label.piece->label << " over " << other.piece->label;
    }
    double away = INFINITY;
    for (size_t p = 0; p + 1 < label.piece->points.size(); ++p) {
      const LayoutPoint a = label.piece->points[p], b = label.piece->points[p + 1];
      if (std::max(a.y, b.y) < label.bottom - kSlack || std::min(a.y, b.y) > label.top + kSlack) continue;
      away = std::min({away, label.left - std::max(a.x, b.x), std::min(a.x, b.x) - label.right},
                      [](double x, double y) { return std::abs(x) < std::abs(y); });
    }
    ASSERT_LE(std::abs(away), kLabelGap + label.piece->width) << label.piece->label;
  }
}

/// What must hold of every drawing.
void ExpectSound(const Scene& scene) {
  ExpectReadable(scene);
  ExpectLabelsApart(scene);
  std::map<int64_t, std::vector<LayoutPoint>> begins, ends;  // of ports
  for (size_t i = 0; i < scene.boxes.size(); ++i) {
    const SceneBox& box = scene.boxes[i];
    ASSERT_GT(box.width, 0);
    ASSERT_GE(box.x, -kSlack);
    ASSERT_GE(box.y, -kSlack);
    ASSERT_LE(box.x + box.width, scene.width + kSlack);
    ASSERT_LE(box.y + box.height, scene.height + kSlack);
    ASSERT_LT(box.parent, int64_t(i));
    if (box.parent >= 0) {
      const SceneBox& parent = scene.boxes[static_cast<size_t>(box.parent)];
      ASSERT_TRUE(parent.is_open);
      ASSERT_GE(box.x, parent.x - kSlack) << box.path;
      ASSERT_GE(box.y, parent.y - kSlack) << box.path;
      ASSERT_LE(box.x + box.width, parent.x + parent.width + kSlack) << box.path;
      ASSERT_LE(box.y + box.height, parent.y + parent.height + kSlack) << box.path;
    }
    for (size_t j = 0; j < i; ++j) {
      if (IsAround(scene, j, i)) continue;
      ASSERT_FALSE(Overlap(box, scene.boxes[j])) << box.path << " over " << scene.boxes[j].path;
    }
  }
  for (const ScenePiece& piece : scene.pieces) {
    ASSERT_GE(piece.points.size(), 2u);
    const auto on_border = [&](int64_t end, LayoutPoint point) {
      const SceneBox& box = scene.boxes[static_cast<size_t>(end)];
      const bool inside = point.x >= box.x - kSlack && point.x <= box.x + box.width + kSlack &&
                          point.y >= box.y - kSlack && point.y <= box.y + box.height + kSlack;
      ASSERT_TRUE(inside) << box.path;
    };
    if (piece.from >= 0) on_border(piece.from, piece.points.front());
    if (piece.to >= 0) on_border(piece.to, piece.points.back());
    if (piece.from < 0) begins[piece.from].push_back(piece.points.front());
    if (piece.to < 0) ends[piece.to].push_back(piece.points.back());
  }
  // All that meets in a port meets in one point.
  for (const auto& [port, points] : ends) {
    ASSERT_TRUE(begins.contains(port));
    for (const LayoutPoint& end : points) {
      for (const LayoutPoint& begin : begins[port]) {
        ASSERT_NEAR(end.x, begin.x, 1e-3);
        ASSERT_NEAR(end.y, begin.y, 1e-3);
      }
    }
  }
}

std::unique_ptr<Graph> Encoder(int blocks) {
  GraphMaker maker;
  maker.Node("images", "Placeholder").Output("64×3×224×224", 64 * 3 * 224 * 224);
  maker.Node("stem/conv", "Conv2D", {"images"}).Node("stem/bias", "BiasAdd", {"stem/conv"});
  maker.Output("64×197×384", 64 * 197 * 384);
  std::string last = "stem/bias";
  for (int i = 0; i < blocks; ++i) {
    const std::string block = "encoder/block_" + std::to_string(i) + "/";
    maker.Node(block + "norm", "Norm", {last}).Node(block + "attn/qkv", "MatMul", {block + "norm"});
    maker.Node(block + "attn/softmax", "Softmax", {block + "attn/qkv"});
    maker.Node(block + "add", "Add", {block + "attn/softmax", last});
    last = block + "add";
  }
  maker.Node("head/dense", "MatMul", {last}).Node("logits", "Identity", {"head/dense"});
  return maker.Take();
}

TEST(Scene, ShowsTheTopLevelAndWhatIsOpen) {
  Drawing drawing(Encoder(4));
  drawing.Draw({});
  EXPECT_EQ(drawing.Paths(), (Set{"images", "stem", "encoder", "head", "logits"}));
  EXPECT_EQ(drawing.Ways(), (Bag{"images -> stem", "stem -> encoder", "encoder -> head", "head -> logits"}));
  EXPECT_EQ(drawing.Find("encoder")->ops, 16);
  EXPECT_EQ(drawing.Find("stem")->text.note, "conv, bias · 2 ops");

  const Scene& open = drawing.Draw({"encoder"});
  ExpectSound(open);
  ASSERT_TRUE(drawing.Find("encoder/block_[0-3]"));
  EXPECT_EQ(drawing.Find("encoder/block_[0-3]")->text.label, "block_0 … block_3");
  EXPECT_EQ(drawing.Find("encoder/block_[0-3]")->text.note, "4 × 4 ops, identical");
  EXPECT_EQ(drawing.Ways(), (Bag{"images -> stem", "stem -> encoder/block_[0-3]",
                                 "encoder/block_[0-3] -> head", "head -> logits"}));
  EXPECT_EQ(open.pieces[1].label, "64×197×384");
}

TEST(Scene, SplitsAStackAroundAMemberThatIsOpen) {
  Drawing drawing(Encoder(12));
  const Scene& scene = drawing.Draw({"encoder", "encoder/block_3"});
  ExpectSound(scene);
  EXPECT_EQ(drawing.Paths(), (Set{"images", "stem", "encoder", "encoder/block_[0-2]", "encoder/block_3",
                                  "encoder/block_3/norm", "encoder/block_3/attn", "encoder/block_3/add",
                                  "encoder/block_[4-11]", "head", "logits"}));
  EXPECT_EQ(drawing.Find("encoder/block_3")->text.note, "4 ops · 1 of 12");
  const int64_t block = drawing.Find("encoder/block_3") - scene.boxes.data();
  EXPECT_EQ(drawing.Find("encoder/block_3/attn")->parent, block);

  // One that has something open inside is taken out of the stack too, though it stays closed.
  drawing.Draw({"encoder", "encoder/block_3/attn"});
  EXPECT_TRUE(drawing.Find("encoder/block_3"));
  EXPECT_FALSE(drawing.Find("encoder/block_3/norm"));
}

TEST(Scene, OpensAStackAsABoxWithItsMembers) {
  Drawing drawing(Encoder(3));
  ExpectSound(drawing.Draw({"encoder", "encoder/block_[0-2]", "encoder/block_1"}));
  const SceneBox* stack = drawing.Find("encoder/block_[0-2]");
  ASSERT_TRUE(stack);
  EXPECT_TRUE(stack->is_open);
  EXPECT_TRUE(drawing.Find("encoder/block_0"));
  EXPECT_TRUE(drawing.Find("encoder/block_1/norm"));
}

TEST(Scene, DrawsALineStraightThroughNestedBoxes) {
  GraphMaker maker;
  maker.Node("a", "A").Node("outer/inner/b", "B", {"a"}).Node("c", "C", {"outer/inner/b"});
  Drawing drawing(maker.Take());
  const Scene& scene = drawing.Draw({"outer", "outer/inner"});
  ExpectSound(scene);
  std::set<double> xs;
  for (const ScenePiece& piece : scene.pieces) {
    for (const LayoutPoint& point : piece.points) xs.insert(point.x);
  }
  EXPECT_EQ(xs.size(), 1u);
  EXPECT_EQ(scene.pieces.size(), 6u);
}

TEST(Scene, ClosingGivesTheSameDrawingBack) {
  Drawing drawing(Encoder(5));
  const auto written = [&](std::vector<std::string> open) {
    std::vector<double> numbers;
    std::string json;
    WriteScene(drawing.Draw(std::move(open)), &numbers, &json);
    numbers[5] = 0;  // took
    for (double& number : numbers) number = std::isnan(number) ? -1 : number;
    return std::pair(numbers, json);
  };
  const auto before = written({"encoder"});
  const auto open = written({"encoder", "encoder/block_2", "encoder/block_2/attn"});
  EXPECT_NE(before.first.size(), open.first.size());
  EXPECT_EQ(before, written({"encoder"}));
}

TEST(Scene, OpensWhatIsCalled) {
  GraphMaker maker;
  maker.Node("x", "Placeholder").Node("outer/call", "PartitionedCall", {"x"}).Calls(1);
  maker.Node("y", "Identity", {"outer/call"}).Node("again", "f", {"y"}).Calls(1);
  maker.Function("f").Node("in", "_Arg").Node("deep/mul", "Mul", {"in"}).Node("out", "_Retval", {"deep/mul"});
  Drawing drawing(maker.Take());
  ExpectSound(drawing.Draw({"outer", "outer/call", "outer/call/deep", "again"}));
  EXPECT_EQ(drawing.Paths(),
            (Set{"x", "outer", "outer/call", "outer/call/in", "outer/call/deep", "outer/call/deep/mul",
                 "outer/call/out", "y", "again", "again/in", "again/deep", "again/out"}));
  EXPECT_EQ(drawing.Find("outer")->ops, 3);
  EXPECT_EQ(drawing.Find("again")->text.note, "f · 3 ops · 1 of 2");
}

TEST(Scene, ExpandsWhatCallsItselfOnlySoDeep) {
  GraphMaker maker;
  maker.Node("call", "f").Calls(1).Function("f").Node("call", "f").Calls(1).Node("b", "B", {"call"});
  Drawing drawing(maker.Take());
  std::vector<std::string> open;
  std::string path;
  for (int i = 0; i < 100; ++i) {
    path += i == 0 ? "call" : "/call";
    open.push_back(path);
  }
  const Scene& scene = drawing.Draw(open);
  EXPECT_EQ(scene.levels.size(), kMostCalls + 1);
  EXPECT_FALSE(scene.boxes.back().is_expandable && scene.boxes[scene.boxes.size() - 2].is_expandable);
  EXPECT_EQ(scene.boxes[0].ops, 2);
}

TEST(Scene, ShowsTheRolesOfALoop) {
  GraphMaker maker;
  maker.Node("x", "Placeholder").Node("while", "While", {"x"}).Calls(1, "body").Calls(2, "cond");
  maker.Function("body_1").Node("a", "A").Node("b", "B", {"a"}).Function("cond_1").Node("c", "C");
  Drawing drawing(maker.Take());
  ExpectSound(drawing.Draw({"while", "while/body"}));
  EXPECT_EQ(drawing.Paths(), (Set{"x", "while", "while/body", "while/body/a", "while/body/b", "while/cond"}));
  EXPECT_EQ(drawing.Find("while")->ops, 3);
  EXPECT_EQ(drawing.Ways(), (Bag{"x -> while", "while/body/a -> while/body/b"}));
}

TEST(Scene, TakesOutWhatHasManyEdges) {
  GraphMaker maker;
  maker.Node("global_step", "VariableV2");
  for (int i = 0; i < 20; ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    maker.Node(name, name,
               {"global_step", i == 0 ? "^global_step" : std::string(1, static_cast<char>('a' + i - 1))});
  }
  Drawing drawing(maker.Take());
  const Scene* scene = &drawing.Draw({});
  EXPECT_FALSE(drawing.Find("global_step"));
  ASSERT_EQ(scene->taken_out.size(), 1u);
  EXPECT_EQ(scene->taken_out[0].path, "global_step");
  EXPECT_EQ(scene->taken_out[0].edges, 21);
  EXPECT_EQ(scene->pieces.size(), 19u);

  scene = &drawing.Draw({}, {"global_step"}, {"c"});
  EXPECT_TRUE(drawing.Find("global_step"));
  EXPECT_FALSE(drawing.Find("c"));
  ASSERT_EQ(scene->taken_out.size(), 1u);
  EXPECT_TRUE(scene->taken_out[0].by_hand);
}

TEST(Scene, CountsConstantsAndSummariesOnTheirBoxes) {
  GraphMaker maker;
  maker.Node("a/shape", "Const").Node("a/reshape", "Reshape", {"x", "a/shape"}).Node("x", "Placeholder");
  maker.Node("a/far", "Const").Node("mean", "Mean", {"a/reshape", "a/far"});
  maker.Node("loss/tag", "Const").Node("loss/loss", "ScalarSummary", {"loss/tag", "mean"});
  Drawing drawing(maker.Take());
  drawing.Draw({"a"});
  EXPECT_FALSE(drawing.Find("a/shape"));
  EXPECT_EQ(drawing.Find("a/reshape")->constants, 1u);
  EXPECT_TRUE(drawing.Find("a/far")) << "it goes to another level";
  EXPECT_EQ(drawing.Find("mean")->summaries, 1u);
  drawing.Draw({"a"}, {"a/shape"});
  EXPECT_TRUE(drawing.Find("a/shape"));
  EXPECT_EQ(drawing.Find("a/reshape")->constants, 0u);
}

TEST(Scene, ShowsWhatIsNotThereAsAStub) {
  GraphMaker maker;
  maker.Node("a/b", "B", {"gone:1", "gone"}).Node("a/c", "C", {"^gone"});
  Drawing drawing(maker.Take());
  ExpectSound(drawing.Draw({"a"}));
  ASSERT_TRUE(drawing.Find("a/?gone"));
  EXPECT_EQ(drawing.Find("a/?gone")->kind, BoxKind::kStub);
  EXPECT_EQ(drawing.Find("a/?gone")->text.label, "gone");
  EXPECT_EQ(drawing.Ways(), (Bag{"a/?gone -> a/b", "a/?gone -> a/c"}));
}

TEST(Scene, JoinsParallelEdgesByKind) {
  GraphMaker maker;
  maker.Node("a/x", "X").Output("3×4", 12).Node("a/y", "Y").Output("3×4", 12).Node("a/z", "Z").Output("5", 5);
  maker.Node("b/u", "U", {"a/x", "a/y"}).Node("b/v", "V", {"a/x", "^a/z"});
  maker.Node("c/w", "W", {"a/x", "a/z"}).Node("d", "D", {"a/z"}).Reference(0);
  Drawing drawing(maker.Take());
  const Scene& scene = drawing.Draw({});
  std::map<std::string, std::string> labels;
  for (const ScenePiece& piece : scene.pieces) {
    labels[drawing.EndName(piece.to) + ' ' + std::to_string(static_cast<int>(piece.kind))] = piece.label;
  }
  EXPECT_EQ(labels, (std::map<std::string, std::string>{
                        {"b 0", "3×4"}, {"b 1", ""}, {"c 0", "2 tensors"}, {"d 2", "5"}}));
}

TEST(Scene, SharesThePortsBeyondTheEighth) {
  GraphMaker maker;
  std::vector<std::string> all;
  for (int i = 0; i < 12; ++i) {
    all.push_back("s/" + std::string(1, static_cast<char>('a' + i)));
    maker.Node(all.back(), "S");
  }
  maker.Node("t/u", "T", all).Node("t/v", "V", {"s/l"});
  Drawing drawing(maker.Take());
  const Scene& scene = drawing.Draw({"s", "t"});
  ExpectSound(scene);
  // 12 pieces to 8 ports, 8 from these to 8, and from there on to the boxes.
  EXPECT_EQ(scene.pieces.size(), 12u + 8 + 8 + 1);
  EXPECT_EQ(drawing.Ways().size(), 12u - 5 + 5 * 2);
}

TEST(Scene, NamesScalarsOnlyWhereThereIsOne) {
  GraphMaker maker;
  maker.Node("a", "A").Output("scalar", 1).Node("b", "B", {"a"}).Output("3×4", 12);
  maker.Node("in/c", "C", {"b"}).Output("scalar", 1).Node("in/d", "D", {"in/c"}).Output("scalar", 1);
  maker.Node("in/e", "E", {"in/d"});
  Drawing drawing(maker.Take());
  const auto labels = [](const Scene& scene) {
    std::multiset<std::string> all;
    for (const ScenePiece& piece : scene.pieces) all.insert(piece.label);
    return all;
  };
  EXPECT_EQ(labels(drawing.Draw({})), (Bag{"scalar", "3×4"}));
  EXPECT_EQ(labels(drawing.Draw({"in"})), (Bag{"scalar", "3×4", "3×4", "", ""}));
}

TEST(Scene, LabelsAnEdgeOnce) {
  GraphMaker maker;
  maker.Node("a", "A").Output("3×4", 12).Node("g/h/b", "B", {"a"}).Output("3×4", 12);
  maker.Node("g/h/c", "C", {"a"}).Node("d", "D", {"g/h/b"});
  Drawing drawing(maker.Take());
  const Scene& scene = drawing.Draw({"g", "g/h"});
  ExpectSound(scene);
  std::vector<std::string> labelled;
  for (const ScenePiece& piece : scene.pieces) {
    if (!std::isnan(piece.label_at.x)) labelled.push_back(drawing.EndName(piece.from));
  }
  // Not again at the ports, nor for what parts only behind them.
  EXPECT_EQ(labelled.size(), 2u);
  EXPECT_EQ(labelled[0], "a");
}

TEST(Scene, LabelsEdgesByPortsWhoseNumbersBeginAlike) {
  GraphMaker maker;
  for (const std::string name : {"a", "b", "c", "d", "e", "f", "k"}) {
    maker.Node(name + "g", "A" + name).Output("29×28", 812);
    maker.Node(name + "h", "B" + name).Output("9×28", 252);
    maker.Node("g/" + name, "C" + name, {name + "g"});
    maker.Node("h/" + name, "D" + name, {name + "h"});
  }
  Drawing drawing(maker.Take());
  const Scene& scene = drawing.Draw({"g", "h"});
  // Port −1 with 29×28, port −12 with 9×28.
  EXPECT_EQ(std::count_if(scene.pieces.begin(), scene.pieces.end(),
                          [](const ScenePiece& piece) { return !std::isnan(piece.label_at.x); }),
            14);
}

TEST(Scene, LeavesALabelOffThatHasNoRoom) {
  GraphMaker maker;
  std::vector<std::string> all;
  for (int i = 0; i < 40; ++i) {
    maker.Node("a/s" + std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(i), "S");
    maker.Output(std::to_string(i) + "×224×224×64", 12);
    all.push_back("a/s" + std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(i));
  }
  maker.Node("b/t", "T", all).Node("b/u", "U", {"b/t"});
  Drawing drawing(maker.Take());
  const Scene& scene = drawing.Draw({"a"});
  ExpectSound(scene);
  const auto shown = std::count_if(scene.pieces.begin(), scene.pieces.end(),
                                   [](const ScenePiece& piece) { return !std::isnan(piece.label_at.x); });
  EXPECT_GT(shown, 0);
  EXPECT_LT(shown, std::count_if(scene.pieces.begin(), scene.pieces.end(),
                                 [](const ScenePiece& piece) { return !piece.label.empty(); }));
}

TEST(Scene, HasRoomForTheTypesOfLayers) {
  GraphMaker maker;
  maker.Node("a", "BatchNormalization").Node("b", "B", {"a", "gone"});
  auto graph = maker.Take();
  graph->form = Graph::Form::kLayers;
  Drawing drawing(std::move(graph));
  ExpectSound(drawing.Draw({}));
  EXPECT_EQ(drawing.Find("a")->text.note, "BatchNormalization");
  EXPECT_GE(drawing.Find("a")->width, TextWidth("BatchNormalization", 10.5));
  EXPECT_GT(drawing.Find("a")->height, 30);
  EXPECT_LT(drawing.Find("?gone")->height, 30);
}

TEST(Scene, HasRoomForTheSignsOfDifferences) {
  GraphMaker maker;
  maker.Node("a_rather_long", "A").Node("a_rather_lonG", "A").Difference(Difference::kAdded);
  maker.Node("group_of_some/a", "A").Node("group_of_some/b", "B").Difference(Difference::kRemoved);
  maker.Node("group_of_somE/a", "A").Node("group_of_somE/b", "B");
  Drawing drawing(maker.Take());
  const double sign = TextWidth("+ ", 12);
  drawing.Draw({});
  EXPECT_GE(drawing.Find("a_rather_lonG")->width, TextWidth("a_rather_lonG", 12) + 24 + sign - 0.5);
  EXPECT_NEAR(drawing.Find("a_rather_long")->width, TextWidth("a_rather_long", 12) + 24, 0.5);
  ExpectSound(drawing.Draw({"group_of_some"}));
}

TEST(Scene, HasRoomBesideABoxForItsNumber) {
  GraphMaker maker;
  maker.Node("a", "A").Profile(10, 4).Node("b", "B", {"a"}).Node("c", "C", {"b"}).Profile(20, 4);
  Drawing drawing(maker.Take());
  drawing.Draw({}, {}, {}, ColourBy::kTime);
  EXPECT_TRUE(drawing.Find("a")->has_value_room);
  EXPECT_FALSE(drawing.Find("b")->has_value_room) << "it has none";
  drawing.Draw({});
  EXPECT_FALSE(drawing.Find("a")->has_value_room);
}

TEST(Scene, IsCoarserWhereThereIsNoTime) {
  GraphMaker maker;
  for (int i = 0; i < 3000; ++i) {
    const auto name = [](int at) { return "n" + std::to_string(at) + "x"; };
    std::vector<std::string> inputs;
    for (int back : {1, 2}) {
      if (i >= back) inputs.push_back(name(i - back));
    }
    maker.Node(name(i), "Op" + std::to_string(i % 3), inputs);
  }
  maker.Node("small/a", "A", {"n9x"}).Node("small/b", "B", {"small/a"});
  const std::unique_ptr<Graph> graph = maker.Take();
  Forest forest(*graph);
  SceneMaker hasty(forest, std::chrono::hours{-1}), calm(forest, std::chrono::hours{1});
  const std::unique_ptr<Scene> scene = hasty.Make({{"small"}, {}, {}, ColourBy::kStructure}, Never);
  ASSERT_TRUE(scene);
  // A level that asks for no time has enough of it.
  EXPECT_EQ(scene->coarse, (std::vector<std::string>{""}));
  ExpectSound(*scene);
  const std::unique_ptr<Scene> whole = calm.Make({{"small"}, {}, {}, ColourBy::kStructure}, Never);
  EXPECT_TRUE(whole->coarse.empty());
  EXPECT_EQ(whole->boxes.size(), scene->boxes.size());
  EXPECT_EQ(whole->pieces.size(), scene->pieces.size());
}

TEST(Scene, CallsOfOneFunctionAreAlike) {
  GraphMaker maker;
  maker.Node("x", "Placeholder");
  maker.Node("first", "PartitionedCall", {"x"}).Calls(1).Node("second", "OtherCall", {"first"}).Calls(1);
  maker.Node("g/other", "PartitionedCall", {"second"}).Calls(2);
  maker.Function("f").Node("a", "A").Node("b", "B", {"a"});
  maker.Function("once").Node("c", "C");
  Drawing drawing(maker.Take());
  const Scene& scene = drawing.Draw({"first", "g"});
  ExpectSound(scene);
  EXPECT_EQ(drawing.Find("first")->colour.index, 0);
  EXPECT_EQ(drawing.Find("second")->colour.index, 0);
  EXPECT_EQ(drawing.Find("first")->text.note, "f · 2 ops · 1 of 2");
  EXPECT_EQ(drawing.Find("g/other")->colour.index, -1) << "nothing else is like it";
  EXPECT_EQ(scene.legend[0].label, "f");
  EXPECT_EQ(scene.legend[0].count, 2);
}

TEST(Scene, ColoursByWhatMostOfABoxIs) {
  GraphMaker maker;
  maker.Node("g/a", "A").Device("/gpu:0").Profile(10, 4).Node("g/b", "A").Device("/gpu:0");
  maker.Node("g/c", "C").Device("/cpu:0").Profile(30, 8).Node("d", "D", {"g/a"}).Profile(20, 0);
  Drawing drawing(maker.Take());
  const Scene* scene = &drawing.Draw({}, {}, {}, ColourBy::kDevice);
  ASSERT_EQ(scene->legend.size(), 1u) << "up to what is used";
  EXPECT_EQ(scene->legend[0].label, "/gpu:0");
  EXPECT_EQ(scene->legend[0].count, 2);
  EXPECT_EQ(drawing.Find("g")->colour.index, 0);
  EXPECT_NEAR(drawing.Find("g")->colour.share, 2.0 / 3, 1e-9);
  EXPECT_EQ(drawing.Find("d")->colour.index, -1);
  scene = &drawing.Draw({}, {}, {}, ColourBy::kTime);
  EXPECT_EQ(scene->most, 40);
  EXPECT_EQ(drawing.Find("g")->colour.index, 1);
  EXPECT_EQ(drawing.Find("d")->colour.index, 0.5);
  drawing.Draw({"g"}, {}, {}, ColourBy::kMemory);
  EXPECT_TRUE(std::isnan(drawing.Find("g/b")->colour.index));
}

TEST(Scene, CanBeStopped) {
  auto graph = Encoder(3);
  Forest forest(*graph);
  SceneMaker maker(forest);
  int asked = 0;
  EXPECT_EQ(maker.Make({{"encoder"}, {}, {}, ColourBy::kStructure}, [&] { return ++asked > 3; }), nullptr);
  EXPECT_NE(maker.Make({{"encoder"}, {}, {}, ColourBy::kStructure}, Never), nullptr);
}

/// Names in folders, edges mostly forwards, some calls, stubs and constants.
std::unique_ptr<Graph> RandomGraph(std::mt19937* random) {
  const auto pick = [random](int below) {
    return static_cast<int>((*random)() % static_cast<unsigned>(below));
  };
  GraphMaker maker;
  const int functions = pick(3);
  for (int body = 0; body <= functions; ++body) {
    if (body > 0) maker.Function("f" + std::to_string(body));
    std::vector<std::string> names;
    const int count = 1 + pick(40);
    for (int i = 0; i < count; ++i) {
      std::string name;
      for (int depth = pick(4); depth > 0; --depth)
        name += std::string(1, static_cast<char>('a' + pick(3))) + "_" + std::to_string(pick(3)) + "/";
      name += "n" + std::to_string(i);
      std::vector<std::string> inputs;
      for (int k = pick(4); k > 0; --k) {
        if (pick(30) == 0) {
          inputs.push_back("gone" + std::to_string(pick(3)));
        } else if (!names.empty()) {
          inputs.push_back((pick(5) == 0 ? "^" : "") +
                           names[static_cast<size_t>(pick(static_cast<int>(names.size())))]);
        }
      }
      if (pick(10) == 0) inputs.push_back(body > 0 ? "n0" : name);
      const char* const ops[] = {"Add", "Mul", "Const", "ScalarSummary"};
      maker.Node(name, ops[pick(20) < 17 ? pick(2) : 2 + pick(2)], inputs);
      if (pick(3) > 0) maker.Output(pick(2) ? "3×4" : "64×3×224×224", 12);
      if (functions > 0 && pick(8) == 0)
        maker.Calls(1 + static_cast<uint32_t>(pick(functions)), pick(2) ? "" : "body");
      names.push_back(name);
    }
  }
  return maker.Take();
}

/// Boxes with few things in them and names of any length, that much goes into.
std::unique_ptr<Graph> RandomNarrowGraph(std::mt19937* random) {
  const auto pick = [random](int below) {
    return static_cast<int>((*random)() % static_cast<unsigned>(below));
  };
  GraphMaker maker;
  std::vector<std::string> names;
  const auto add = [&](const std::string& name, int inputs) {
    std::vector<std::string> from;
    for (int k = 0; k < inputs && !names.empty(); ++k) {
      from.push_back((pick(6) == 0 ? "^" : "") +
                     names[static_cast<size_t>(pick(static_cast<int>(names.size())))]);
    }
    // Not always from above.
    if (pick(12) == 0) from.push_back(name);
    maker.Node(name, "Op", from).Output(pick(2) ? "3×4" : "64×3×224×224", 12);
    names.push_back(name);
  };
  for (int i = 1 + pick(10); i > 0; --i) add("source" + std::to_string(i), 0);
  for (int i = 1 + pick(4); i > 0; --i) {
    std::string group;
    for (int depth = 1 + pick(4); depth > 0; --depth) {
      group += std::string(static_cast<size_t>(1 + pick(40)), static_cast<char>('a' + pick(26))) +
               std::to_string(i) + "/";
    }
    for (int k = 1 + pick(3); k > 0; --k)
      add(group + std::string(1, static_cast<char>('x' + k)), 1 + pick(9));
  }
  return maker.Take();
}

TEST(Scene, LeavesTheTextsOfNarrowBoxesReadable) {
  std::mt19937 random(11);
  for (int round = 0; round < 300 && !testing::Test::HasFatalFailure(); ++round) {
    SCOPED_TRACE(round);
    Drawing drawing(RandomNarrowGraph(&random));
    std::vector<std::string> open;
    for (int step = 0; step < 12; ++step) {
      const Scene& scene = drawing.Draw(open);
      ExpectSound(scene);
      std::vector<std::string> closed;
      for (const SceneBox& box : scene.boxes) {
        if (box.is_expandable && !box.is_open) closed.push_back(box.path);
      }
      if (closed.empty()) break;
      open.push_back(closed[random() % closed.size()]);
    }
  }
}

TEST(Scene, HoldsWhatItPromisesForRandomGraphs) {
  std::mt19937 random(7);
  for (int round = 0; round < 300 && !testing::Test::HasFatalFailure(); ++round) {
    SCOPED_TRACE(round);
    Drawing drawing(RandomGraph(&random));
    std::vector<std::string> open;
    for (int step = 0; step < 6; ++step) {
      const Scene& scene = drawing.Draw(open);
      ExpectSound(scene);
      // Each edge between ops whose ends are in different boxes of a level is in one edge of that level.
      for (const SceneLevel& level : scene.levels) {
        if (level.contents.kind != Contents::Kind::kGroup) continue;
        const uint32_t body_index = level.contents.body;
        const GraphBody& body = drawing.graph().bodies[body_index];
        const Tree& tree = drawing.forest().tree(body_index);
        const auto child_of = [&](NodeIndex op) {  // which child of the group holds it
          TreeIndex node = tree.of(op);
          while (node != kTreeRoot && tree.parent(node) != level.contents.group) node = tree.parent(node);
          return node;
        };
        std::map<TreeIndex, size_t> item_of;
        for (size_t i = 0; i < level.level->items.size(); ++i) {
          const LevelItem& item = level.level->items[i];
          if (item.kind == BoxKind::kStub) continue;
          if (item.stack) {
            for (const TreeIndex member : item.stack->members) item_of[member] = i;
          } else {
            item_of[item.node] = i;
          }
        }
        std::set<TreeIndex> gone;
        for (const TakenOutItem& taken : level.level->taken_out) gone.insert(taken.node);
        uint64_t expected = 0, drawn = 0;
        for (NodeIndex to = 0; to < body.size(); ++to) {
          const bool to_inside = tree.Holds(level.contents.group, to);
          for (uint32_t i = body.input_begin[to]; i < body.input_begin[to + 1]; ++i) {
            const NodeIndex from = body.inputs[i].from;
            if (from == kNoNode) {
              const bool direct = to_inside && tree.parent(tree.of(to)) == level.contents.group;
              if (!direct || gone.contains(tree.of(to))) continue;
              if (drawing.forest().annotation(body_index, to) != Annotation::kNone) continue;
              const LevelItem& item = level.level->items[item_of.at(tree.of(to))];
              expected += !(item.stack && item.is_open);
              continue;
            }
            const bool from_inside = tree.Holds(level.contents.group, from);
            if (!from_inside && !to_inside) continue;
            if (drawing.forest().annotation(body_index, from) != Annotation::kNone) continue;
            if (drawing.forest().annotation(body_index, to) != Annotation::kNone) continue;
            if (from_inside && gone.contains(child_of(from))) continue;
            if (to_inside && gone.contains(child_of(to))) continue;
            if (from_inside && to_inside && item_of.at(child_of(from)) == item_of.at(child_of(to))) continue;
            ++expected;
          }
        }
        for (const LevelEdge& edge : level.level->edges) drawn += edge.edges;
        ASSERT_EQ(drawn, expected) << level.path;
      }
      std::vector<std::string> closed;
      for (const SceneBox& box : scene.boxes) {
        if (box.is_expandable && !box.is_open) closed.push_back(box.path);
      }
      if (closed.empty()) break;
      open.push_back(closed[random() % closed.size()]);
    }
  }
}

}  // namespace
}  // namespace tensorpane
