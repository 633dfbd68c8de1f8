// The low-pass of every pair of rates, as a function of time: a Kaiser-windowed sinc made minimum-phase.
//
// Time is in periods of the lower of the two rates, so that one response serves all pairs: passband to 85 %, stopband
// from 102.5 % of the lower Nyquist frequency, 124 dB down. What little folds lands above the passband.
// Thread: any but tick.
// After: Kaiser's window design formula.
#pragma once

#include <cstddef>
#include <vector>

namespace talkpath {

class ResamplerLowPass {
 public:
  static constexpr double kPassbandOfNyquist = 0.85;
  static constexpr double kStopbandOfNyquist = 1.025;
  static constexpr double kPointsPerPeriod = 16.0;  // of the design; all taps together have gain 1

  // Designed on first use, in a millisecond.
  static const ResamplerLowPass& Get();

  // The response is 0 before time 0 and from here on.
  double length() const { return static_cast<double>(points_.size()) / kPointsPerPeriod; }
  double At(double time) const;

  // In periods, at `frequency` of the lower Nyquist frequency.
  double GroupDelay(double frequency) const;

 private:
  ResamplerLowPass();

  std::vector<double> points_;
};

}  // namespace talkpath
