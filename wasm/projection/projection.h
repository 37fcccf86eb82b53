#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "projection/budget.h"
#include "projection/custom_axes.h"
#include "projection/points.h"

namespace tensorpane {

/// Names cross to the page: "pca", "tsne", "umap", "axes".
enum class ProjectionMethod : uint8_t { kPca, kTsne, kUmap, kAxes };

/// What is asked for, with the values of what is left out: ProjectionOptions in
/// web/src/engine/projections/projections.ts.
struct ProjectionOptions {
  ProjectionMethod method = ProjectionMethod::kPca;
  uint32_t dimensions = 2;
  double perplexity = 30;
  double learning_rate = 0;  ///< 0 = by the number of points
  uint32_t neighbours = 15;
  double min_distance = 0.1;
  double spread = 1;
  uint32_t steps = 0;  ///< 0 = what the method has
  Metric metric = Metric::kCosine;
  uint64_t seed = 42;
  std::vector<CustomAxis> axes;
};

/// Names cross to the page, which has the words: ProjectionNote in web/src/engine/projections/projections.ts.
enum class ProjectionNote : uint8_t {
  kPerplexityLowered,
  kNeighboursLowered,
  kDisconnected,
  kTooManyForSpectral,
  kConstant,
  kAxisWithoutDirection,
  kRandomised,
};

enum class ProjectionStage : uint8_t { kNeighbours, kStart, kLayout, kDone };

/// ProjectionProgress in web/src/engine/projections/projections.ts.
struct ProjectionProgress {
  ProjectionStage stage = ProjectionStage::kStart;
  uint32_t step = 0, of = 0;
  uint32_t columns = 2;
  double divergence = NAN;  ///< NaN = none
  std::vector<double> explained;
  double recall = NAN;  ///< NaN = not known
  struct Note {
    ProjectionNote note;
    double value;
  };
  std::vector<Note> notes;
};

/// A projection on its way, from its points to a picture.
class Projection {
 public:
  /// @param points must outlive it
  /// @param options numbers out of range are taken for the nearest that is in it
  static std::unique_ptr<Projection> Make(const Points& points, const ProjectionOptions& options);

  virtual ~Projection() = default;
  /// Works until the budget is over. True = done.
  virtual bool Step(const Budget& budget) = 0;
  virtual void More(uint32_t steps);
  virtual void Perturb();
  virtual ProjectionProgress Progress() const = 0;
  /// Points × columns; empty before there are any.
  virtual std::vector<float> Positions() const = 0;
};

}  // namespace tensorpane
