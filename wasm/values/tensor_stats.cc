#include "values/tensor_stats.h"

#include <cmath>

namespace tensorpane {
namespace {

/// Sum of any numbers with the error of each addition kept (Neumaier's variant of Kahan's).
class ExactSum {
 public:
  void Add(double number) {
    const double next = sum_ + number;
    lost_ += std::fabs(sum_) >= std::fabs(number) ? (sum_ - next) + number : (number - next) + sum_;
    sum_ = next;
  }
  double Get() const { return sum_ + lost_; }

 private:
  double sum_ = 0, lost_ = 0;
};

/// `at(i)` is number i in a type that orders it without loss.
template <class At>
TensorStats Scan(uint64_t count, At at) {
  TensorStats stats;
  ExactSum sum;
  uint64_t finite = 0;
  decltype(at(0)) min{}, max{};
  for (uint64_t i = 0; i < count; ++i) {
    const auto number = at(i);
    const auto as_double = static_cast<double>(number);
    if (!std::isfinite(as_double)) {
      ++(std::isnan(as_double) ? stats.nan
         : as_double > 0       ? stats.positive_infinite
                               : stats.negative_infinite);
      continue;
    }
    if (finite++ == 0 || number < min) {
      min = number;
      stats.min_at = i;
    }
    if (finite == 1 || number > max) {
      max = number;
      stats.max_at = i;
    }
    sum.Add(as_double);
  }
  if (finite == 0) return stats;
  stats.mean = sum.Get() / static_cast<double>(finite);
  if (std::isfinite(stats.mean)) return stats;
  // The sum is beyond a double, though the mean is not.
  ExactSum parts;
  for (uint64_t i = 0; i < count; ++i) {
    const auto number = static_cast<double>(at(i));
    if (std::isfinite(number)) parts.Add(number / static_cast<double>(finite));
  }
  stats.mean = parts.Get();
  return stats;
}

template <class T>
TensorStats ScanAs(const Tensor& tensor) {
  const uint8_t* const data = AsBytes(tensor.data).data();
  return Scan(tensor.elements(), [data](uint64_t i) { return LoadLittleEndian<T>(data + i * sizeof(T)); });
}

TensorStats ScanComplex(const Tensor& tensor) {
  TensorStats stats;
  for (uint64_t i = 0; i < tensor.elements(); ++i) {
    stats.nan += std::isnan(ComplexPart(tensor, i, 0)) || std::isnan(ComplexPart(tensor, i, 1));
  }
  return stats;
}

}  // namespace

TensorStats StatsOf(const Tensor& tensor) {
  const DTypeInfo info = InfoOf(tensor.dtype);
  switch (info.kind) {
    case NumberKind::kNotANumber:
      return {};
    case NumberKind::kComplex:
      return ScanComplex(tensor);
    case NumberKind::kFloat:
      if (info.bytes == 8) return ScanAs<double>(tensor);
      if (info.bytes == 4) return ScanAs<float>(tensor);
      break;
    case NumberKind::kSigned:
      if (info.bytes == 8) return ScanAs<int64_t>(tensor);
      break;
    case NumberKind::kUnsigned:
      if (info.bytes == 8) return ScanAs<uint64_t>(tensor);
      break;
    case NumberKind::kBool:
      break;
  }
  return Scan(tensor.elements(), [&tensor](uint64_t i) { return ElementAsDouble(tensor, i); });
}

}  // namespace tensorpane
