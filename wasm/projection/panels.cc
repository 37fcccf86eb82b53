#include "projection/panels.h"

namespace tensorpane {

void Panels::Reserve(size_t rows) {
  values_.reserve(rows * dimensions_);
  rows_.reserve(rows);
}

void Panels::Add(const Points& points, std::span<const uint32_t> rows) {
  for (size_t begin = 0; begin < rows.size(); begin += kWidth) {
    const size_t at = values_.size();
    values_.resize(at + size_t{dimensions_} * kWidth);
    for (size_t lane = 0; lane < kWidth; ++lane) {
      const bool is_row = begin + lane < rows.size();
      rows_.push_back(is_row ? rows[begin + lane] : kPadding);
      if (!is_row) continue;
      const float* row = points.Row(rows[begin + lane]);
      for (size_t d = 0; d < dimensions_; ++d) values_[at + d * kWidth + lane] = row[d];
    }
  }
}

}  // namespace tensorpane
