// Measures a tone of known frequency: the sine that fits best, and all that is not it.
#pragma once

#include <span>

namespace talkpath::test {

struct ToneFit {
  double amplitude = 0.0;
  double phase = 0.0;  // of sin(phase + 2π hz n / rate)
  double dc = 0.0;
  double residual_rms = 0.0;

  // Noise, distortion, images and aliases, relative to the tone.
  double ThdPlusNoiseDb() const;
  double PeakDbfs() const;
};

// Least squares over all samples; needs some whole periods.
ToneFit FitTone(std::span<const float> samples, double hz, int rate_hz);

// a relative to b, in dB; -400 when a is 0.
double Db(double a, double b);

}  // namespace talkpath::test
