#pragma once

#include <cmath>
#include <cstdint>

namespace tensorpane {

/// Random numbers that are the same everywhere: SplitMix64 (Steele, Lea, Flood 2014).
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  /// Below `end`, which is not 0 (Lemire 2019, without the rejection: nobody sees a bias of end / 2^32).
  uint32_t Below(uint32_t end) { return static_cast<uint32_t>(((Next() >> 32) * end) >> 32); }
  /// In (0, 1].
  double Unit() { return (static_cast<double>(Next() >> 11) + 1) * 0x1p-53; }
  /// Of the standard normal distribution (Box and Muller 1958).
  double Normal() {
    const double radius = std::sqrt(-2 * std::log(Unit()));
    return radius * std::cos(2 * 3.14159265358979323846 * Unit());
  }

 private:
  uint64_t state_;
};

}  // namespace tensorpane
