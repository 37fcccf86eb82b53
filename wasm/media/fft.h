#pragma once

#include <complex>
#include <cstddef>
#include <vector>

namespace tensorpane {

/// Discrete Fourier transform of real numbers of one length, a power of two from 4 on.
class RealFft {
 public:
  explicit RealFft(size_t length);

  size_t length() const { return 2 * half_; }
  /// |X[k]|² for k = 0 … length / 2 of the `length` numbers at `in`, as numpy.fft.rfft has X.
  void Power(const double* in, double* power);

 private:
  size_t half_;
  std::vector<std::complex<double>> roots_;  ///< exp(−2πi k / length), k < length / 2
  std::vector<size_t> order_;                ///< bits reversed
  std::vector<std::complex<double>> work_;
};

}  // namespace tensorpane
