// Removes DC and hum below speech: a second-order Butterworth high-pass.
//
// Thread: tick. Process() does not allocate, lock, log or throw.
#pragma once

#include <span>

#include "base/realtime.h"

namespace talkpath {

class HighPassFilter {
 public:
  // -3 dB at `cutoff_hz`; below it 12 dB per octave.
  HighPassFilter(int sample_rate_hz, float cutoff_hz);

  // Filters in place; any length.
  void Process(std::span<float> samples) noexcept TALKPATH_NONBLOCKING;

 private:
  double b0_, b1_, b2_, a1_, a2_;
  double state1_ = 0.0;
  double state2_ = 0.0;
};

}  // namespace talkpath
