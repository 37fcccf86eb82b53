#include "projection/projection.h"

#include <algorithm>

#include "projection/fuzzy_graph.h"
#include "projection/knn.h"
#include "projection/pca.h"
#include "projection/spectral.h"
#include "projection/tsne.h"
#include "projection/umap.h"

namespace tensorpane {
namespace {

/// Dimensions up to which the start of a layout, which need not be exact, is.
constexpr uint32_t kExactStart = 256;
constexpr uint32_t kSpectralPoints = 200'000;

/// A number that may be NaN, in a range.
double Within(double value, double low, double high) { return value >= low ? std::min(value, high) : low; }

/// The components of a PCA as a start: those that lack are 0.
std::vector<float> StartFrom(Pca* pca, uint32_t count, uint32_t dimensions) {
  const std::vector<float> positions = pca->TakePositions();
  std::vector<float> start(size_t{count} * dimensions);
  for (size_t i = 0; i < count; ++i) {
    for (size_t d = 0; d < std::min(dimensions, pca->components()); ++d) {
      start[i * dimensions + d] = positions[i * pca->components() + d];
    }
  }
  return start;
}

class PcaProjection : public Projection {
 public:
  PcaProjection(const Points& points, const ProjectionOptions& options)
      : pca_(points, Pca::kComponents, options.seed) {
    progress_.columns = pca_.components();
    progress_.stage = ProjectionStage::kLayout;
    if (pca_.randomised()) progress_.notes.push_back({ProjectionNote::kRandomised, 0});
    if (IsConstant(points)) progress_.notes.push_back({ProjectionNote::kConstant, 0});
  }
  bool Step(const Budget& budget) override {
    if (progress_.stage == ProjectionStage::kDone) return true;
    if (!pca_.Step(budget)) return false;
    progress_.stage = ProjectionStage::kDone;
    progress_.explained = pca_.explained();
    positions_ = pca_.TakePositions();
    return true;
  }
  ProjectionProgress Progress() const override {
    ProjectionProgress progress = progress_;
    progress.step = pca_.step();
    progress.of = pca_.of();
    return progress;
  }
  std::vector<float> Positions() const override { return positions_; }

 private:
  Pca pca_;
  ProjectionProgress progress_;
  std::vector<float> positions_;
};

class AxesProjection : public Projection {
 public:
  AxesProjection(const Points& points, const ProjectionOptions& options) {
    std::vector<std::vector<double>> directions;
    for (size_t i = 0; i < options.axes.size(); ++i) {
      directions.push_back(Direction(points, options.axes[i]));
      if (std::all_of(directions[i].begin(), directions[i].end(), [](double d) { return d == 0; })) {
        progress_.notes.push_back({ProjectionNote::kAxisWithoutDirection, static_cast<double>(i)});
      }
    }
    positions_ = Along(points, directions);
    progress_.columns = static_cast<uint32_t>(directions.size());
    progress_.stage = ProjectionStage::kDone;
  }
  bool Step(const Budget&) override { return true; }
  ProjectionProgress Progress() const override { return progress_; }
  std::vector<float> Positions() const override { return positions_; }

 private:
  ProjectionProgress progress_;
  std::vector<float> positions_;
};

class TsneProjection : public Projection {
 public:
  TsneProjection(const Points& points, const ProjectionOptions& options)
      : points_(points), metric_(options.metric) {
    tsne_options_.dimensions = progress_.columns = options.dimensions;
    tsne_options_.learning_rate = Within(options.learning_rate, 0, 1e6);
    tsne_options_.steps = options.steps > 0 ? options.steps : 1000;
    tsne_options_.seed = options.seed;
    perplexity_ = Within(options.perplexity, 1, 333);
    const double most = std::max(1.0, (points.count - 1.0) / 3);
    if (perplexity_ > most) {
      perplexity_ = most;
      progress_.notes.push_back({ProjectionNote::kPerplexityLowered, perplexity_});
    }
    if (IsConstant(points)) progress_.notes.push_back({ProjectionNote::kConstant, 0});
    const auto k = static_cast<uint32_t>(std::ceil(3 * perplexity_));
    search_ = std::make_unique<KnnSearch>(points, k, metric_, options.seed);
    progress_.stage = ProjectionStage::kNeighbours;
    steps_ = tsne_options_.steps;
  }

  bool Step(const Budget& budget) override {
    if (search_) {
      if (!search_->Step(budget)) return false;
      NeighbourTable table = search_->Take();
      search_.reset();
      progress_.recall = table.recall;
      progress_.stage = ProjectionStage::kStart;
      affinities_ = std::make_unique<Affinities>(std::move(table), metric_, perplexity_);
      pca_ = std::make_unique<Pca>(points_, tsne_options_.dimensions, tsne_options_.seed, kExactStart);
    }
    if (affinities_) {
      if (!affinities_->Step(budget) || !pca_->Step(budget)) return false;
      tsne_options_.steps = steps_;
      tsne_ = std::make_unique<Tsne>(
          affinities_->Take(), StartFrom(pca_.get(), points_.count, tsne_options_.dimensions), tsne_options_);
      affinities_.reset();
      pca_.reset();
      progress_.stage = ProjectionStage::kLayout;
      // It went over all weights once more.
      if (budget.Over()) return false;
    }
    const bool done = tsne_->Step(budget);
    if (done) progress_.stage = ProjectionStage::kDone;
    return done;
  }
  void More(uint32_t steps) override {
    if (!tsne_) {
      steps_ = steps;
      return;
    }
    tsne_->More(steps);
    progress_.stage = ProjectionStage::kLayout;
  }
  void Perturb() override {
    if (tsne_) tsne_->Perturb();
  }
  ProjectionProgress Progress() const override {
    ProjectionProgress progress = progress_;
    if (search_) {
      progress.step = search_->step();
      progress.of = search_->of();
    } else if (affinities_) {
      progress.step = affinities_->step() + pca_->step();
      progress.of = points_.count + pca_->of();
    } else if (tsne_) {
      progress.step = tsne_->step();
      progress.of = tsne_->of();
      progress.divergence = tsne_->divergence();
    }
    return progress;
  }
  std::vector<float> Positions() const override { return tsne_ ? tsne_->Positions() : std::vector<float>(); }

 private:
  Points points_;
  Metric metric_;
  double perplexity_;
  uint32_t steps_;
  TsneOptions tsne_options_;
  ProjectionProgress progress_;
  std::unique_ptr<KnnSearch> search_;
  std::unique_ptr<Affinities> affinities_;
  std::unique_ptr<Pca> pca_;
  std::unique_ptr<Tsne> tsne_;
};

class UmapProjection : public Projection {
 public:
  UmapProjection(const Points& points, const ProjectionOptions& options) : points_(points) {
    umap_options_.dimensions = progress_.columns = options.dimensions;
    umap_options_.spread = Within(options.spread, 0.01, 100);
    umap_options_.min_distance = Within(options.min_distance, 0, umap_options_.spread);
    umap_options_.steps = options.steps;
    umap_options_.seed = options.seed;
    uint32_t neighbours = std::clamp(options.neighbours, 2u, 1000u);
    if (neighbours > points.count) {
      neighbours = std::max(points.count, 1u);
      progress_.notes.push_back({ProjectionNote::kNeighboursLowered, double{1} * neighbours});
    }
    if (IsConstant(points)) progress_.notes.push_back({ProjectionNote::kConstant, 0});
    search_ = std::make_unique<KnnSearch>(points, neighbours - 1, options.metric, options.seed);
    progress_.stage = ProjectionStage::kNeighbours;
  }

  bool Step(const Budget& budget) override {
    if (search_) {
      if (!search_->Step(budget)) return false;
      NeighbourTable table = search_->Take();
      search_.reset();
      progress_.recall = table.recall;
      progress_.stage = ProjectionStage::kStart;
      fuzzy_ = std::make_unique<FuzzyGraph>(std::move(table));
    }
    if (fuzzy_) {
      if (!fuzzy_->Step(budget)) return false;
      graph_ = fuzzy_->Take();
      fuzzy_.reset();
      const uint32_t components = Components(graph_);
      if (components > 1) {
        progress_.notes.push_back({ProjectionNote::kDisconnected, double{1} * components});
      } else if (points_.count > kSpectralPoints) {
        progress_.notes.push_back({ProjectionNote::kTooManyForSpectral, double{1} * points_.count});
      }
      if (components == 1 && points_.count > umap_options_.dimensions + 1 &&
          points_.count <= kSpectralPoints) {
        spectral_ = std::make_unique<Spectral>(graph_, umap_options_.dimensions, umap_options_.seed);
      } else {
        pca_ = std::make_unique<Pca>(points_, umap_options_.dimensions, umap_options_.seed, kExactStart);
      }
    }
    if (spectral_) {
      if (!spectral_->Step(budget)) return false;
      Begin(spectral_->Take());
    } else if (pca_) {
      if (!pca_->Step(budget)) return false;
      Begin(StartFrom(pca_.get(), points_.count, umap_options_.dimensions));
    }
    const bool done = umap_->Step(budget);
    if (done) progress_.stage = ProjectionStage::kDone;
    return done;
  }
  void More(uint32_t steps) override {
    if (!umap_) {
      umap_options_.steps = steps;
      return;
    }
    umap_->More(steps);
    progress_.stage = ProjectionStage::kLayout;
  }
  ProjectionProgress Progress() const override {
    ProjectionProgress progress = progress_;
    if (search_) {
      progress.step = search_->step();
      progress.of = search_->of();
    } else if (fuzzy_) {
      progress.step = fuzzy_->step();
      progress.of = points_.count;
    } else if (spectral_) {
      progress.step = spectral_->step();
      progress.of = spectral_->of();
    } else if (pca_) {
      progress.step = pca_->step();
      progress.of = pca_->of();
    } else if (umap_) {
      progress.step = umap_->step();
      progress.of = umap_->of();
    }
    return progress;
  }
  std::vector<float> Positions() const override { return umap_ ? umap_->Positions() : std::vector<float>(); }

 private:
  void Begin(const std::vector<float>& start) {
    umap_ = std::make_unique<Umap>(graph_, start, umap_options_);
    spectral_.reset();
    pca_.reset();
    graph_ = {};
    progress_.stage = ProjectionStage::kLayout;
  }

  Points points_;
  UmapOptions umap_options_;
  ProjectionProgress progress_;
  WeightedGraph graph_;
  std::unique_ptr<KnnSearch> search_;
  std::unique_ptr<FuzzyGraph> fuzzy_;
  std::unique_ptr<Spectral> spectral_;
  std::unique_ptr<Pca> pca_;
  std::unique_ptr<Umap> umap_;
};

}  // namespace

void Projection::More(uint32_t) {}
void Projection::Perturb() {}

std::unique_ptr<Projection> Projection::Make(const Points& points, const ProjectionOptions& options) {
  ProjectionOptions within = options;
  within.dimensions = std::clamp(options.dimensions, 2u, 3u);
  switch (options.method) {
    case ProjectionMethod::kPca:
      return std::make_unique<PcaProjection>(points, within);
    case ProjectionMethod::kTsne:
      return std::make_unique<TsneProjection>(points, within);
    case ProjectionMethod::kUmap:
      return std::make_unique<UmapProjection>(points, within);
    case ProjectionMethod::kAxes:
      return std::make_unique<AxesProjection>(points, within);
  }
  return nullptr;
}

}  // namespace tensorpane
