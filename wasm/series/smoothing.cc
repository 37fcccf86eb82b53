#include "series/smoothing.h"

#include <algorithm>
#include <cmath>

namespace tensorpane {

std::vector<double> Smooth(const Values& values, double weight) {
  weight = !std::isfinite(weight) ? 0 : weight >= 1 ? 0.999 : std::max(weight, 0.0);
  std::vector<double> smoothed(values.size());
  double average = 0;
  double missing = 1;  // weight^n: what the average lacks of a whole one
  double constant = NAN;
  bool is_constant = true;
  values.ForEach(0, values.size(), [&](uint32_t i, double value) {
    if (!std::isfinite(value)) {
      smoothed[i] = value;
      return;
    }
    if (std::isnan(constant)) constant = value;
    is_constant &= value == constant;
    average = average * weight + (1 - weight) * value;
    missing *= weight;
    smoothed[i] = average / (1 - missing);
  });
  if (is_constant) values.ForEach(0, values.size(), [&](uint32_t i, double value) { smoothed[i] = value; });
  return smoothed;
}

}  // namespace tensorpane
