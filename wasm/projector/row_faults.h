#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "projector/problem.h"

namespace tensorpane {

class JsonWriter;

/// Rows that were left out of a matrix, or mended in a table: how many for each fault, and the first of them.
class RowFaults {
 public:
  static constexpr size_t kMaxPlaces = 20;
  struct Place {
    uint64_t row;  ///< from 0, among all of the file
    ProjectorProblem problem;
  };
  struct Kind {
    ProjectorFault fault;
    uint64_t count;
    std::vector<Place> places;
  };

  /// @param line,column from 1; 0 in files without lines
  /// @param cell what stands there, of which the beginning is told
  void Add(ProjectorFault fault, uint64_t row, uint64_t line, uint64_t column, std::string_view cell = {});

  /// In the order in which they were met.
  const std::vector<Kind>& kinds() const { return kinds_; }
  bool empty() const { return kinds_.empty(); }
  /// The first row, or none.
  ProjectorProblem First() const;
  /// RowFault[] of web/src/engine/embeddings/embeddings.ts.
  void Write(JsonWriter* json) const;

 private:
  std::vector<Kind> kinds_;
};

}  // namespace tensorpane
