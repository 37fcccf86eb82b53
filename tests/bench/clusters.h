#pragma once

#include <cstdint>
#include <vector>

#include "projection/random.h"

namespace tensorpane::bench {

/// Points of ten clusters, row by row; fewer points are the first of more.
inline std::vector<float> Clusters(uint32_t count, uint32_t dimensions) {
  Random random(1);
  std::vector<double> centres(size_t{10} * dimensions);
  for (double& value : centres) value = 1.5 * random.Normal();
  std::vector<float> values;
  for (size_t i = 0; i < count; ++i) {
    for (size_t d = 0; d < dimensions; ++d) {
      values.push_back(static_cast<float>(centres[i % 10 * dimensions + d] + random.Normal()));
    }
  }
  return values;
}

}  // namespace tensorpane::bench
