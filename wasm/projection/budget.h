#pragma once

#include <chrono>

namespace tensorpane {

/// How long a step may take. Long work is done in units of a few milliseconds at most, but for single passes
/// over all points; one at least in each step. What comes out is the same whatever the budgets are.
class Budget {
 public:
  explicit Budget(double milliseconds)
      : end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(Milliseconds(milliseconds))) {}

  bool Over() const { return Clock::now() >= end_; }

 private:
  using Clock = std::chrono::steady_clock;
  using Milliseconds = std::chrono::duration<double, std::milli>;

  Clock::time_point end_;
};

}  // namespace tensorpane
