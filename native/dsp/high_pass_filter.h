// Removes DC and hum below speech: a second-order Butterworth high-pass.
//
// Thread: tick. Process() does not allocate, lock, log or throw.
#pragma once

#include <numbers>
#include <span>

#include "base/realtime.h"

namespace talkpath {

class HighPassFilter {
 public:
  // Cutoffs that a session may ask for.
  static constexpr float kLowestHz = 20.0f;
  static constexpr float kHighestHz = 400.0f;

  // -3 dB at `cutoff_hz`; below it 12 dB per octave.
  HighPassFilter(int sample_rate_hz, float cutoff_hz);

  // Filters in place; any length.
  void Process(std::span<float> samples) noexcept TALKPATH_NONBLOCKING;

  // Group delay at `hz`: 0.2 ms at 300 Hz for a cutoff of 80 Hz, less above. After: Butterworth's analogue filter.
  static constexpr double DelaySeconds(double cutoff_hz, double hz) {
    const double ratio_squared = (hz / cutoff_hz) * (hz / cutoff_hz);
    const double at_dc = std::numbers::sqrt2 / (2.0 * std::numbers::pi * cutoff_hz);
    return at_dc * (1.0 + ratio_squared) / (1.0 + ratio_squared * ratio_squared);
  }

 private:
  double b0_, b1_, b2_, a1_, a2_;
  double state1_ = 0.0;
  double state2_ = 0.0;
};

}  // namespace talkpath
