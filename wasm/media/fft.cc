#include "media/fft.h"

#include <cmath>

namespace tensorpane {

RealFft::RealFft(size_t length) : half_(length / 2), roots_(half_), order_(half_), work_(half_) {
  const double turn = -2 * 3.14159265358979323846 / static_cast<double>(length);
  for (size_t k = 0; k < half_; ++k) {
    const double angle = turn * static_cast<double>(k);
    roots_[k] = {std::cos(angle), std::sin(angle)};
  }
  for (size_t i = 1; i < half_; ++i) order_[i] = order_[i / 2] / 2 + (i % 2 == 1 ? half_ / 2 : 0);
}

/// Cooley and Tukey 1965, of half the length: even and odd samples are real and imaginary parts, and are told
/// apart at the end by symmetry (Numerical Recipes, 12.3, "FFT of Single Real Function").
void RealFft::Power(const double* in, double* power) {
  for (size_t i = 0; i < half_; ++i) work_[order_[i]] = {in[2 * i], in[2 * i + 1]};
  for (size_t size = 2; size <= half_; size *= 2) {
    const size_t stride = 2 * half_ / size;
    for (size_t begin = 0; begin < half_; begin += size) {
      for (size_t k = 0; k < size / 2; ++k) {
        // Written out: the product of std::complex looks for infinities.
        const std::complex<double> root = roots_[k * stride];
        const std::complex<double> even = work_[begin + k], odd = work_[begin + k + size / 2];
        const std::complex<double> turned = {odd.real() * root.real() - odd.imag() * root.imag(),
                                             odd.real() * root.imag() + odd.imag() * root.real()};
        work_[begin + k] = even + turned;
        work_[begin + k + size / 2] = even - turned;
      }
    }
  }
  const double sum = work_[0].real(), difference = work_[0].imag();
  power[0] = (sum + difference) * (sum + difference);
  power[half_] = (sum - difference) * (sum - difference);
  for (size_t k = 1; k < half_; ++k) {
    const std::complex<double> a = work_[k], b = std::conj(work_[half_ - k]);
    const std::complex<double> even = (a + b) * 0.5, odd = (a - b) * 0.5, root = roots_[k];
    // odd is i times what is wanted.
    const double real = even.real() + odd.imag() * root.real() + odd.real() * root.imag();
    const double imaginary = even.imag() + odd.imag() * root.imag() - odd.real() * root.real();
    power[k] = real * real + imaginary * imaginary;
  }
}

}  // namespace tensorpane
