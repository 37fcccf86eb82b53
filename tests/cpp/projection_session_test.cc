// What the page asks of the projector, with data that is bad too.

#include "projection/projection_session.h"

#include <gtest/gtest.h>

#include <cmath>

#include "projection_points.h"

namespace tensorpane {
namespace {

using nlohmann::json;

constexpr const char* kProjections[] = {
    R"({"method":"pca"})",
    R"({"method":"tsne","steps":60,"metric":"euclidean"})",
    R"({"method":"tsne","steps":20,"dimensions":3,"perplexity":5})",
    R"({"method":"umap","steps":30})",
    R"({"method":"umap","steps":20,"dimensions":3,"neighbours":4,"metric":"dot"})",
    R"({"method":"axes","axes":[{"kind":"dimension","index":0},{"kind":"between","from":[0],"to":[1,2]}]})",
};

/// The last positions and what is said of them.
struct Result {
  std::vector<float> positions;
  json progress;
};

Result Project(ProjectionSession* session, const std::string& options, double budget = 1000) {
  EXPECT_TRUE(session->Start(options)) << options;
  while (!session->Step(budget)) EXPECT_TRUE(json::accept(session->Progress()));
  const auto positions = session->Positions();
  return {{positions.begin(), positions.end()}, json::parse(session->Progress())};
}

Result Project(const std::vector<float>& values, uint32_t dimensions, const std::string& options,
               double budget = 1000) {
  ProjectionSession session(dimensions);
  session.Append(values);
  return Project(&session, options, budget);
}

bool HasNote(const json& progress, const std::string& kind) {
  for (const json& note : progress["notes"]) {
    if (note["kind"] == kind) return true;
  }
  return false;
}

TEST(ProjectionSessionTest, TheSameSeedMakesTheSamePictureWhateverTheBudgets) {
  const std::vector<float> values = Clusters(240, 12, 4);
  for (const char* options : kProjections) {
    const Result one = Project(values, 12, options), other = Project(values, 12, options, 0);
    EXPECT_EQ(one.positions, other.positions) << options;
    EXPECT_EQ(one.positions.size(), 240 * one.progress["columns"].get<size_t>());
    EXPECT_EQ(one.progress, other.progress);
    EXPECT_EQ(one.progress["stage"], "done");
  }
  EXPECT_NE(Project(values, 12, R"({"method":"umap","steps":30,"seed":1})").positions,
            Project(values, 12, R"({"method":"umap","steps":30,"seed":2})").positions);
}

TEST(ProjectionSessionTest, FewOrEqualPointsMakeNoNan) {
  std::vector<float> repeated = Clusters(3, 4, 3);
  for (int i = 0; i < 6; ++i) repeated.insert(repeated.end(), repeated.begin(), repeated.begin() + 12);
  const std::vector<float> cases[] = {
      {1, 2, 3, 4},                   // one point
      {1, 2, 3, 4, 5, 6, 7, 8},       // two
      Clusters(5, 4, 5),              //
      std::vector<float>(160, 2.5f),  // all the same
      std::vector<float>(80, 0.0f),
      repeated,
      {1e15f, -1e15f, 1e15f, 3, -1e15f, 1e-30f, 2, 1, 0, 0, 0, 1e-38f},
  };
  for (const auto& values : cases) {
    for (const char* options : kProjections) {
      const Result result = Project(values, 4, options);
      EXPECT_EQ(result.positions.size(), values.size() / 4 * result.progress["columns"].get<size_t>());
      for (const float value : result.positions) {
        ASSERT_TRUE(std::isfinite(value)) << options << ", " << values.size() / 4 << " points";
      }
    }
  }
  EXPECT_TRUE(HasNote(Project(cases[3], 4, kProjections[0]).progress, "constant"));
  EXPECT_EQ(Project(cases[3], 4, kProjections[0]).progress["explained"][0], 0);
}

TEST(ProjectionSessionTest, LeadingDimensionsAreThoseThatVary) {
  const auto leading = [](uint32_t dimensions, std::vector<float> values) {
    ProjectionSession session(dimensions);
    session.Append(values);
    return json::parse(session.Facts())["leading"];
  };
  EXPECT_EQ(leading(5, {7, 1, 0, 2, 3, 7, 1, 0, 5, 3, 7, 4, 0, 5, 4}), json({1, 3, 4}));
  EXPECT_EQ(leading(4, {0, 0, 0, 1, 0, 0, 0, 2}), json({3, 0, 1}));
  EXPECT_EQ(leading(2, {1, 1, 1, 1}), json({0, 1}));
}

TEST(ProjectionSessionTest, AnySettingsMakeNoNan) {
  const std::vector<float> values = Clusters(60, 4, 3);
  for (const char* options :
       {R"({"method":"tsne","learningRate":1e9})", R"({"method":"tsne","perplexity":0.1,"dimensions":3})",
        R"({"method":"umap","minDistance":9,"spread":0.001})",
        R"({"method":"umap","spread":1e9,"neighbours":2})"}) {
    for (const float value : Project(values, 4, options).positions)
      ASSERT_TRUE(std::isfinite(value)) << options;
  }
}

TEST(ProjectionSessionTest, EqualPointsAreParted) {
  for (const char* options : {kProjections[1], kProjections[3]}) {
    const Result result = Project(std::vector<float>(160, 2.5f), 4, options);
    EXPECT_NE(result.positions[0], result.positions[2]) << options;
  }
}

TEST(ProjectionSessionTest, WhatWasLoweredIsSaid) {
  const std::vector<float> values = Clusters(31, 4, 2);
  Result result = Project(values, 4, R"({"method":"tsne","steps":5,"perplexity":30})");
  ASSERT_TRUE(HasNote(result.progress, "perplexity_lowered"));
  EXPECT_EQ(result.progress["notes"][0]["value"], 10);
  EXPECT_FALSE(HasNote(Project(values, 4, R"({"method":"tsne","steps":5,"perplexity":10})").progress,
                       "perplexity_lowered"));
  result = Project(values, 4, R"({"method":"umap","steps":5,"neighbours":40})");
  ASSERT_TRUE(HasNote(result.progress, "neighbours_lowered"));
  EXPECT_EQ(result.progress["notes"][0]["value"], 31);
  // Two heaps that nothing joins.
  std::vector<float> apart = Clusters(40, 4, 1);
  for (size_t i = 0; i < 80; ++i) apart[i] += 1000;
  result = Project(apart, 4, R"({"method":"umap","steps":5,"neighbours":5,"metric":"euclidean"})");
  EXPECT_TRUE(HasNote(result.progress, "disconnected"));
  result = Project(values, 4, R"({"method":"axes","axes":[{"kind":"between","from":[1],"to":[1]}]})");
  EXPECT_TRUE(HasNote(result.progress, "axis_without_direction"));
}

TEST(ProjectionSessionTest, RowsThatAreNotFiniteAreLeftOut) {
  std::vector<float> values = Clusters(50, 3, 2);
  const std::vector<float> whole = values;
  values[7 * 3 + 1] = NAN;
  values[20 * 3] = INFINITY;
  values[21 * 3 + 2] = -2e15f;
  ProjectionSession session(3);
  // In pieces.
  session.Reserve(50);
  session.Append(std::span(values).first(30));
  session.Append(std::span(values).subspan(30));
  const json facts = json::parse(session.Facts());
  EXPECT_EQ(facts["points"], 50);
  EXPECT_EQ(facts["dimensions"], 3);
  EXPECT_EQ(facts["excludedCount"], 3);
  EXPECT_EQ(facts["excluded"], json({7, 20, 21}));
  EXPECT_EQ(facts["constant"], false);
  EXPECT_EQ(facts["leading"], json({0, 1, 2}));
  for (const char* options : kProjections) {
    const Result result = Project(&session, options);
    const size_t columns = result.progress["columns"];
    ASSERT_EQ(result.positions.size(), 50 * columns);
    for (size_t i = 0; i < 50; ++i) {
      for (size_t c = 0; c < columns; ++c) {
        EXPECT_EQ(std::isnan(result.positions[i * columns + c]), i == 7 || i == 20 || i == 21) << options;
      }
    }
  }
  // Rows have the numbers under which they came.
  std::vector<uint32_t> rows;
  std::vector<float> distances;
  session.Neighbours(30, 46, Metric::kEuclidean, &rows, &distances);
  EXPECT_EQ(rows.size(), 46u);
  const Points points{whole.data(), 50, 3};
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_NEAR(distances[i], SlowDistance(points, points.Row(30), rows[i], Metric::kEuclidean), 1e-4);
    EXPECT_TRUE(rows[i] != 30 && rows[i] != 7 && rows[i] != 20 && rows[i] != 21);
  }
  session.Neighbours(7, 5, Metric::kEuclidean, &rows, &distances);
  EXPECT_TRUE(rows.empty());
  const uint32_t one[] = {30}, none[] = {7};
  const std::vector<float> all = session.Distances(one, Metric::kEuclidean);
  EXPECT_EQ(all.size(), 50u);
  EXPECT_EQ(all[30], 0);
  EXPECT_TRUE(std::isnan(all[7]));
  EXPECT_TRUE(std::isnan(session.Distances(none, Metric::kEuclidean)[0]));
  EXPECT_EQ(json::parse(session.Kept(5, Metric::kEuclidean, none, {}))["rows"], 0);
}

TEST(ProjectionSessionTest, PicturesAreJudgedByTheirColumns) {
  const std::vector<float> values = Clusters(120, 3, 3);
  ProjectionSession session(3);
  session.Append(values);
  EXPECT_EQ(json::parse(session.Kept(5, Metric::kEuclidean, {}, {}))["rows"], 0);
  Project(&session, kProjections[0]);
  const json kept = json::parse(session.Kept(5, Metric::kEuclidean, {}, {}));
  EXPECT_EQ(kept["share"], 1);  // all three components
  EXPECT_EQ(kept["rows"], 120);
  EXPECT_EQ(kept["k"], 5);
  const uint32_t first[] = {0};
  EXPECT_LT(json::parse(session.Kept(5, Metric::kEuclidean, {}, first))["share"].get<double>(), 0.7);
}

TEST(ProjectionSessionTest, MoreStepsGoOnAndPreparationEndsAProjection) {
  ProjectionSession session(6);
  session.Append(Clusters(100, 6, 3));
  for (const char* options : {R"({"method":"tsne","steps":30})", R"({"method":"umap","steps":30})"}) {
    const Result before = Project(&session, options);
    EXPECT_EQ(before.progress["step"], 30);
    session.More(10);
    EXPECT_EQ(json::parse(session.Progress())["stage"], "layout");
    while (!session.Step(0)) {
    }
    const json progress = json::parse(session.Progress());
    EXPECT_EQ(progress["step"], 40);
    EXPECT_EQ(progress["of"], 40);
    const auto after = session.Positions();
    EXPECT_NE(before.positions, std::vector<float>(after.begin(), after.end()));
  }
  session.Prepare(Preparation::kSphereized);
  EXPECT_TRUE(session.Step(0));
  EXPECT_TRUE(session.Positions().empty());
  std::vector<uint32_t> rows;
  std::vector<float> distances;
  session.Neighbours(0, 99, Metric::kEuclidean, &rows, &distances);
  EXPECT_LE(distances.back(), 2);  // on the unit sphere
}

TEST(ProjectionSessionTest, OptionsThatAreNoneStartNothing) {
  ProjectionSession session(2);
  EXPECT_FALSE(session.Start(kProjections[0]));  // no points
  session.Append(std::vector<float>{1, 2, 3, 4});
  for (const char* options :
       {"", "[]", "{}", "{\"method\":\"pca\"", R"({"method":"mds"})", R"({"method":"axes"})",
        R"({"method":"axes","axes":[1]})", R"({"method":"axes","axes":[{"from":["a"]}]})",
        R"({"method":"tsne","metric":"l1"})"}) {
    EXPECT_FALSE(session.Start(options)) << options;
    EXPECT_TRUE(session.Step(0));
    EXPECT_TRUE(session.Positions().empty());
  }
  // Unknown members and numbers out of range are no reason.
  EXPECT_TRUE(session.Start(
      R"({"method":"tsne","of":{"a":[1]},"dimensions":77,"perplexity":NaN,"learningRate":-1,"steps":2,"seed":-3})"));
  while (!session.Step(1)) {
  }
  for (const float value : session.Positions()) EXPECT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace tensorpane
