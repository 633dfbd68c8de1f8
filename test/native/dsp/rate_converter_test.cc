#include "dsp/rate_converter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/audio_format.h"
#include "support/signals.h"
#include "support/tone_fit.h"

namespace talkpath {
namespace {

using namespace test;

TEST(RateConverter, GivesTheLengthThatTheRatesCallFor) {
  for (int out_hz : {8000, 11025, 16000, 44100, 48000}) {
    const auto out = ConvertRate(Pcm(24'007, 0), 24000, out_hz);
    ASSERT_TRUE(out);
    EXPECT_EQ(out->size(), static_cast<size_t>(std::llround(24'007.0 * out_hz / 24000))) << out_hz;
  }
}

TEST(RateConverter, KeepsAToneCleanAndInPlace) {
  for (int in_hz : {8000, 16000, 22050, 24000, 48000}) {
    for (int out_hz : {8000, 16000, 24000, 48000}) {
      const auto out = ConvertRate(ToPcm(Tone(1000.0, -3.0, in_hz, static_cast<size_t>(in_hz), 0.5)), in_hz, out_hz);
      ASSERT_TRUE(out);
      const Samples heard = ToSamples(*out);
      const size_t from = SamplesIn(200, out_hz);  // whole periods, away from the edges
      const ToneFit fit = FitTone(std::span(heard).subspan(from, SamplesIn(600, out_hz)), 1000.0, out_hz);
      EXPECT_NEAR(fit.phase, 0.5, 0.002) << in_hz << " to " << out_hz << ": no delay";
      EXPECT_NEAR(fit.PeakDbfs(), -3.0, 0.01) << in_hz << " to " << out_hz;
      EXPECT_LT(fit.ThdPlusNoiseDb(), -88.0) << in_hz << " to " << out_hz;
    }
  }
}

TEST(RateConverter, KeepsAliasesOut) {
  const auto out = ConvertRate(ToPcm(Tone(6000.0, -3.0, 24000, 24000)), 24000, 8000);
  ASSERT_TRUE(out);
  EXPECT_LT(LevelDbfs(std::span<const int16_t>(*out).subspan(800, 6400)), -90.0);
}

TEST(RateConverter, CopiesBetweenEqualRates) { EXPECT_EQ(ConvertRate(Ramp(0, 500), 16000, 16000), Ramp(0, 500)); }

TEST(RateConverter, MakesNothingOfNothing) {
  const auto out = ConvertRate({}, 24000, 8000);
  ASSERT_TRUE(out);
  EXPECT_TRUE(out->empty());
}

TEST(RateConverter, MakesNothingOfLessThanOneSample) {
  EXPECT_EQ(ConvertRate(Ramp(0, 1), 384'000, 1000), Pcm{});
  EXPECT_EQ(ConvertRate(Ramp(0, 10), 59'999, 1009), Pcm{});
}

TEST(RateConverter, NamesTheRateThatItRefuses) {
  for (int rate_hz : {0, -8000, 999, 384'001}) {
    const auto out = ConvertRate(Ramp(0, 100), rate_hz, 8000);
    ASSERT_FALSE(out);
    EXPECT_NE(out.error().message.find(std::to_string(rate_hz)), std::string::npos);
  }
}

}  // namespace
}  // namespace talkpath
