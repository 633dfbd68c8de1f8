// Numbers that look random and are the same in every run.
//
// After: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (SplitMix64).
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace talkpath::test {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() noexcept {
    state_ += 0x9E3779B97F4A7C15u;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  // Between `least` and `most`, both included.
  int Between(int least, int most) noexcept {
    return least + static_cast<int>(Next() % static_cast<uint64_t>(most - least + 1));
  }
  // In [0, 1).
  double Uniform() noexcept { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  bool Chance(double probability) noexcept { return Uniform() < probability; }
  // Normal, mean 0 and deviation 1 (Box and Muller).
  double Gaussian() noexcept {
    const double length = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
    return length * std::cos(2.0 * std::numbers::pi * Uniform());
  }

 private:
  uint64_t state_;
};

}  // namespace talkpath::test
