#include "series/extent.h"

#include <algorithm>
#include <cmath>

namespace tensorpane {

std::optional<Extent> ExtentOf(std::vector<double> values, bool clip_outliers) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return std::nullopt;
  if (!clip_outliers || values.size() <= 2) {
    const auto [min, max] = std::minmax_element(values.begin(), values.end());
    return Extent{*min, *max};
  }
  const double last = static_cast<double>(values.size() - 1);
  const auto low = values.begin() + static_cast<ptrdiff_t>(std::ceil(last * 0.05));
  const auto high = values.begin() + static_cast<ptrdiff_t>(std::floor(last * 0.95));
  std::nth_element(values.begin(), low, values.end());
  const double min = *low;
  std::nth_element(values.begin(), high, values.end());
  return Extent{min, *high};
}

}  // namespace tensorpane
