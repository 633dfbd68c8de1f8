#include "dsp/resampler_low_pass.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "support/tone_fit.h"

namespace talkpath {
namespace {

const ResamplerLowPass& kLowPass = ResamplerLowPass::Get();

// At `frequency` of the Nyquist frequency, sampled so finely and so unevenly that nothing of the design's own grid is left.
double GainDb(double frequency) {
  constexpr double kPerPeriod = 61.0;
  std::complex<double> sum;
  for (int n = 0; n < kLowPass.length() * kPerPeriod; ++n) {
    sum += std::polar(kLowPass.At(n / kPerPeriod), -std::numbers::pi * frequency * n / kPerPeriod);
  }
  return test::Db(std::abs(sum) / kPerPeriod, 1.0 / ResamplerLowPass::kPointsPerPeriod);
}

TEST(ResamplerLowPass, IsSilentBeforeItsBeginningAndAfterItsEnd) {
  EXPECT_EQ(kLowPass.At(-1.0), 0.0);
  EXPECT_EQ(kLowPass.At(kLowPass.length() + 1.0), 0.0);
  EXPECT_NE(kLowPass.At(3.0), 0.0);
}

TEST(ResamplerLowPass, PassesItsPassband) {
  for (double frequency = 0.0; frequency <= ResamplerLowPass::kPassbandOfNyquist; frequency += 0.01) EXPECT_NEAR(GainDb(frequency), 0.0, 0.005) << frequency;
}

TEST(ResamplerLowPass, StopsItsStopbandHoweverFar) {
  double loudest = -400.0;
  for (double frequency = ResamplerLowPass::kStopbandOfNyquist; frequency < 60.0; frequency += 0.013) loudest = std::max(loudest, GainDb(frequency));
  EXPECT_LT(loudest, -122.0);
}

TEST(ResamplerLowPass, DelaysLowFrequenciesLeastAndItsEdgeMost) {
  double delay = kLowPass.GroupDelay(0.0);
  EXPECT_LT(delay, 3.5);
  for (double frequency = 0.05; frequency <= ResamplerLowPass::kPassbandOfNyquist; frequency += 0.05) {
    EXPECT_GT(kLowPass.GroupDelay(frequency), delay - 0.02) << frequency;
    delay = kLowPass.GroupDelay(frequency);
  }
  EXPECT_LT(delay, 12.5);
}

}  // namespace
}  // namespace talkpath
