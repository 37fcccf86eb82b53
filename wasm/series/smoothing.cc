#include "series/smoothing.h"

#include <algorithm>
#include <cmath>

namespace tensorpane {

void Smooth(const Values& values, std::span<const PointRange> ranges, double weight,
            std::vector<double>* smoothed) {
  const auto for_each = [&](auto f) {
    for (const PointRange& range : ranges) values.ForEach(range.begin, range.end, f);
  };
  weight = !std::isfinite(weight) ? 0 : weight >= 1 ? 0.999 : std::max(weight, 0.0);
  double average = 0;
  double missing = 1;  // weight^n: what the average lacks of a whole one
  double constant = NAN;
  bool is_constant = true;
  for_each([&](uint32_t i, double value) {
    if (!std::isfinite(value)) {
      (*smoothed)[i] = value;
      return;
    }
    if (std::isnan(constant)) constant = value;
    is_constant &= value == constant;
    average = average * weight + (1 - weight) * value;
    missing *= weight;
    (*smoothed)[i] = average / (1 - missing);
  });
  if (is_constant) for_each([&](uint32_t i, double value) { (*smoothed)[i] = value; });
}

}  // namespace tensorpane
