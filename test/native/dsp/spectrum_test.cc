// The measuring itself, on signals of known flaws.
#include "dsp/spectrum.h"

#include <gtest/gtest.h>

#include "support/random.h"
#include "support/signals.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kRateHz = 16000;

Samples Sum(Samples a, const Samples& b) {
  for (size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

TEST(Spectrum, FindsNothingBesideALoneTone) {
  for (double hz : {311.1, 1000.0, 1004.7, 7300.3}) {
    const Spectrum spectrum(Tone(hz, -1.0, kRateHz, Spectrum::kPoints), kRateHz);
    EXPECT_LT(spectrum.ThdPlusNoiseDb(hz), -140.0) << hz;
    EXPECT_LT(spectrum.LoudestDbfsBut(hz), -150.0) << hz;
    EXPECT_NEAR(spectrum.LoudestDbfs(hz - 5.0, hz + 5.0), -1.0, 0.3) << hz;
  }
}

TEST(Spectrum, FindsALineFarBelowATone) {
  const Samples tone = Tone(1004.7, 0.0, kRateHz, Spectrum::kPoints);
  for (double dbfs : {-60.0, -100.0, -125.0}) {
    const Spectrum spectrum(Sum(tone, Tone(3210.9, dbfs, kRateHz, Spectrum::kPoints)), kRateHz);
    EXPECT_NEAR(spectrum.LoudestDbfsBut(1004.7), dbfs, 0.5);
    EXPECT_NEAR(spectrum.LoudestDbfs(3000.0, 3500.0), dbfs, 0.5);
    EXPECT_LT(spectrum.LoudestDbfs(3500.0, 8000.0), -140.0);
    EXPECT_NEAR(spectrum.ThdPlusNoiseDb(1004.7), dbfs, 0.1);
  }
}

TEST(Spectrum, MeasuresNoiseAgainstTheToneAndAgainstFullScale) {
  Random random(1);
  // The noise has the level of its power, a full-scale tone 3 dB less than full scale in these terms.
  const Samples noise = Noise(-83.01, Spectrum::kPoints, random);
  const Spectrum spectrum(Sum(Tone(1004.7, -20.0, kRateHz, Spectrum::kPoints), noise), kRateHz);
  EXPECT_NEAR(spectrum.ThdPlusNoiseDbfs(1004.7), -80.0, 0.5);
  EXPECT_NEAR(spectrum.ThdPlusNoiseDb(1004.7), -60.0, 0.5);
}

TEST(Spectrum, LooksAtTheEndOfWhatItIsGiven) {
  Samples samples = Tone(1004.7, 0.0, kRateHz, 1000);
  samples.resize(1000 + Spectrum::kPoints, 0.0f);
  EXPECT_EQ(Spectrum(samples, kRateHz).LoudestDbfs(0.0, 8000.0), -400.0);
}

}  // namespace
}  // namespace talkpath
