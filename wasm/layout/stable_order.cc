#include "layout/stable_order.h"

#include <algorithm>

namespace tensorpane {

void StableOrder(std::vector<uint32_t>* indices, const std::function<bool(uint32_t, uint32_t)>& less) {
  // Not as a copy of the function for each step.
  std::stable_sort(indices->begin(), indices->end(), [&less](uint32_t a, uint32_t b) { return less(a, b); });
}

}  // namespace tensorpane
