#include "dsp/high_pass_filter.h"

#include <cmath>
#include <numbers>

namespace talkpath {

// After: R. Bristow-Johnson's audio EQ cookbook, high-pass with Q = 1/sqrt(2).
HighPassFilter::HighPassFilter(int sample_rate_hz, float cutoff_hz) {
  const double omega = 2.0 * std::numbers::pi * cutoff_hz / sample_rate_hz;
  const double alpha = std::sin(omega) / std::numbers::sqrt2;
  const double a0 = 1.0 + alpha;
  b0_ = (1.0 + std::cos(omega)) / 2.0 / a0;
  b1_ = -2.0 * b0_;
  b2_ = b0_;
  a1_ = -2.0 * std::cos(omega) / a0;
  a2_ = (1.0 - alpha) / a0;
}

void HighPassFilter::Process(std::span<float> samples) noexcept TALKPATH_NONBLOCKING {
  for (float& sample : samples) {
    const double in = sample;
    const double out = b0_ * in + state1_;
    state1_ = b1_ * in - a1_ * out + state2_;
    state2_ = b2_ * in - a2_ * out;
    sample = static_cast<float>(out);
  }
  // Denormal numbers in the tail of a long silence would slow every later block down.
  if (std::abs(state1_) < 1e-15) state1_ = 0.0;
  if (std::abs(state2_) < 1e-15) state2_ = 0.0;
}

}  // namespace talkpath
