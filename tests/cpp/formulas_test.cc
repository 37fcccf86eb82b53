// Our maths against what TensorBoard's own code answers: tests/data/formulas.

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "histograms/compressor.h"
#include "histograms/rebin.h"
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

// ---- histograms: of real logs, or made up

const json& Expected(const std::string& fixture) {
  static std::map<std::string, json> known;
  const auto [at, is_new] = known.emplace(fixture, json());
  if (is_new)
    at->second =
        json::parse(std::ifstream(std::string(TENSORPANE_TEST_DATA) + "/" + fixture + "/expected.json"));
  return at->second;
}

std::vector<Histogram> HistogramsOf(const json& input) {
  std::vector<json> rows;
  if (input.contains("fixture")) {
    for (const json& run : Expected(input["fixture"]).at("runs")) {
      if (run["run"] != input["run"]) continue;
      for (const json& point : input["points"])
        rows.push_back(
            run.at("tags").at(input["tag"].get<std::string>()).at("values").at(point.get<size_t>()));
    }
  } else {
    for (const json& histogram : input["histograms"]) rows.push_back(histogram["buckets"]);
  }
  // TensorBoard keeps floats of old-style histograms.
  const bool floats = input.value("dtype", "") == "float32";
  std::vector<Histogram> histograms;
  for (const json& list : rows) {
    std::vector<Bucket> buckets;
    for (const json& row : list) {
      const auto at = [&](size_t i) { return floats ? static_cast<float>(Number(row[i])) : Number(row[i]); };
      buckets.push_back({at(0), at(1), at(2)});
    }
    histograms.push_back(MakeHistogram(std::move(buckets)));
  }
  return histograms;
}

/// Known faults, which tests/data/README.md lists: what we answer there, histograms_test.cc asks.
bool IsFaultOf(const std::set<std::string>& faults, const std::string& name) {
  return faults.contains(name.substr(0, name.find(',')));
}

TEST(Formulas, HistogramRebin) {
  const std::set<std::string> faults = {"zero width at -10.476",
                                        "zero width large negative",
                                        "zero width bins at every output edge",
                                        "negative count",
                                        "NaN count",
                                        "infinite left edge",
                                        "infinite right edge",
                                        "edges 1e308 apart",
                                        "overlapping buckets",
                                        "unsorted buckets",
                                        "negative width bucket (rustboard end bucket)",
                                        "ulp wide",
                                        "denormal range"};
  int compared = 0;
  for (const json& c : Cases("histogram_rebin.json")) {
    const std::string name = c["name"];
    if (IsFaultOf(faults, name)) continue;
    const std::vector<Histogram> histograms = HistogramsOf(c["input"]);
    std::vector<const Histogram*> all;
    for (const Histogram& histogram : histograms) all.push_back(&histogram);
    const EqualBins got = Rebin(all, c["input"].value("bins", kCompatibleBins));
    const std::vector<double> x = Numbers(c["output"]["x"]);
    const double largest_x = x.empty() ? 0 : std::max(std::abs(x.front()), std::abs(x.back()));
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_NEAR(got.left + static_cast<double>(i) * got.width, x[i], 1e-12 * largest_x) << name;
    }
    std::vector<double> want;
    for (const json& y : c["output"]["y"]) {
      for (const double count : Numbers(y)) want.push_back(count);
    }
    ASSERT_EQ(got.counts.size(), want.size()) << name;
    double largest = 0;
    for (const double count : want) largest = std::max(largest, count);
    const size_t bins = want.size() / std::max<size_t>(1, histograms.size());
    for (size_t row = 0; row < histograms.size(); ++row) {
      double got_sum = 0, want_sum = 0;  // of the bins up to this one
      for (size_t i = 0; i < bins; ++i) {
        got_sum += got.counts[row * bins + i];
        want_sum += want[row * bins + i];
        // Equal values on an edge may be on either side of it there.
        double on_edge = 0;
        for (const auto& [left, right, count] : histograms[row].buckets) {
          const double edge = got.left + static_cast<double>(i + 1) * got.width;
          if (left == right && std::abs(left - edge) <= 1e-9 * got.width) on_edge += count;
        }
        EXPECT_NEAR(got_sum, want_sum, 1e-11 * largest + on_edge) << name << " " << row << " at " << i;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 5000);
}

TEST(Formulas, Distribution) {
  const std::set<std::string> faults = {"huge counts",  // their sum is rounded
                                        "negative count",     "NaN count",
                                        "infinite left edge", "infinite right edge",
                                        "edges 1e308 apart",  "overlapping buckets",
                                        "unsorted buckets",   "negative width bucket (rustboard end bucket)"};
  int compared = 0;
  for (const json& c : Cases("distribution.json")) {
    const std::string name = c["name"];
    if (IsFaultOf(faults, name)) continue;
    std::vector<double> points(kBasisPoints.begin(), kBasisPoints.end());
    if (c["input"].contains("basis_points")) points = Numbers(c["input"]["basis_points"]);
    const std::vector<Histogram> histograms = HistogramsOf(c["input"]);
    ASSERT_EQ(histograms.size(), c["output"].size()) << name;
    for (size_t i = 0; i < histograms.size(); ++i) {
      std::vector<double> got(points.size());
      Compress(histograms[i], points, got);
      const std::vector<double> want = Numbers(c["output"][i]);
      double largest = 0;
      for (const double value : want) largest = std::max(largest, std::abs(value));
      for (size_t j = 0; j < want.size(); ++j) {
        EXPECT_NEAR(got[j], want[j], 1e-12 * largest) << name << " " << i << " at " << points[j];
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 1000);
}

}  // namespace
}  // namespace tensorpane
