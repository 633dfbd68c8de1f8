#include "support/clicks.h"

#include <cmath>
#include <numbers>

namespace talkpath::test {

SharpestBend FindSharpestBend(std::span<const float> samples) {
  SharpestBend sharpest;
  for (size_t i = 1; i + 1 < samples.size(); ++i) {
    const double bend = std::abs(static_cast<double>(samples[i - 1]) - 2.0 * samples[i] + samples[i + 1]);
    if (bend > sharpest.second_difference) sharpest = {bend, i};
  }
  return sharpest;
}

double ClickFactor(std::span<const float> samples, double hz, double peak, int rate_hz) {
  const double sine_bend = 2.0 * peak * (1.0 - std::cos(2.0 * std::numbers::pi * hz / rate_hz));
  return FindSharpestBend(samples).second_difference / sine_bend;
}

}  // namespace talkpath::test
