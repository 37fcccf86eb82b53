#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "projection/points.h"

namespace tensorpane {

/// The points of one embedding, one projection of them at a time, and answers about them: each method is one
/// of `Projections` in web/src/engine/projections/projections.ts, which describes what goes in and comes out.
/// Options come as JSON text, facts are JSON text. Rows are named by their number, in the order in which they
/// came, from 0.
///
/// Rows with a number that is not finite, or beyond 1e15, are left out of everything: their positions and
/// distances are NaN, nobody's neighbours are among them, and Facts() lists them. Nothing else is ever NaN.
class ProjectionSession {
 public:
  /// @param dimensions numbers in a row; 0 counts as 1
  explicit ProjectionSession(uint32_t dimensions);
  ~ProjectionSession();
  ProjectionSession(const ProjectionSession&) = delete;
  ProjectionSession& operator=(const ProjectionSession&) = delete;

  // ---- The points
  // ------------------------------------------------------------------------------------------

  /// Room for so many rows, so that none are copied again as they come. Optional.
  void Reserve(uint32_t rows);
  /// Whole rows, row-major, copied; what is left of a row behind them is ignored. Not after the first
  /// Facts().
  void Append(std::span<const float> rows);
  /// No more rows come. PointFacts, but for `set`.
  std::string Facts();
  /// How points are seen by all that follows; ends a projection that runs.
  void Prepare(Preparation preparation);

  // ---- A projection
  // ----------------------------------------------------------------------------------------

  /// Begins a projection in place of the last one.
  /// @param options ProjectionOptions as JSON
  /// @return false = `options` is none, or there are no points; the last projection is gone all the same
  bool Start(std::string_view options);
  /// Works on for so long, and one unit at least. True = it is done, or there is none.
  bool Step(double milliseconds);
  /// Of t-SNE and UMAP: so many steps more than until now.
  void More(uint32_t steps);
  /// Of t-SNE: moves every point a little, so that it leaves a poor arrangement.
  void Perturb();
  /// ProjectionProgress; where there is none, it is done.
  std::string Progress() const;
  /// Rows × columns, row-major, as they are now; empty before there are any. Valid until the next call.
  std::span<const float> Positions();
  /// How many numbers each position has: of PCA the components, else 2 or 3.
  uint32_t columns() const;

  // ---- Questions
  // -------------------------------------------------------------------------------------------

  /// The k nearest other rows in all dimensions, exactly, nearest first, equal ones by their row.
  /// @param rows,distances as many of each as there are, k at most
  void Neighbours(uint32_t row, uint32_t k, Metric metric, std::vector<uint32_t>* rows,
                  std::vector<float>* distances) const;

  /// Of every row to the centroid of `rows`, in all dimensions.
  std::vector<float> Distances(std::span<const uint32_t> rows, Metric metric) const;

  /// KeptNeighbours of the last positions.
  /// @param rows whose neighbours are looked at; empty = a sample of all
  /// @param columns of the positions that make the picture; empty = all
  std::string Kept(uint32_t k, Metric metric, std::span<const uint32_t> rows,
                   std::span<const uint32_t> columns) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tensorpane
