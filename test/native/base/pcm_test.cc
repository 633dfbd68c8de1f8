#include "base/pcm.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "base/audio_format.h"

namespace talkpath {
namespace {

TEST(Pcm, RoundsToNearest) {
  EXPECT_EQ(ToInt16(0.4f), 0);
  EXPECT_EQ(ToInt16(0.6f), 1);
  EXPECT_EQ(ToInt16(-0.6f), -1);
  EXPECT_EQ(ToInt16(1000.49f), 1000);
}

TEST(Pcm, SaturatesInsteadOfWrapping) {
  EXPECT_EQ(ToInt16(32767.4f), 32767);
  EXPECT_EQ(ToInt16(1e9f), 32767);
  EXPECT_EQ(ToInt16(-32768.9f), -32768);
  EXPECT_EQ(ToInt16(-1e9f), -32768);
}

TEST(Pcm, CountsWhatSaturates) {
  const std::array in = {32767.4f, 32767.6f, -32768.4f, -32769.0f, 0.0f, 1e9f};
  std::array<int16_t, in.size()> out;
  EXPECT_EQ(ToInt16(in, out), 3u);
  EXPECT_EQ(out, (std::array<int16_t, in.size()>{32767, 32767, -32768, -32768, 0, 32767}));
}

TEST(Pcm, RoundsManySamplesAsItRoundsOne) {
  std::vector<float> in;
  for (float sample = -40000.25f; sample < 40000.0f; sample += 0.25f) in.push_back(sample);
  std::vector<int16_t> out(in.size());
  (void)ToInt16(in, out);
  for (size_t i = 0; i < in.size(); ++i) ASSERT_EQ(out[i], ToInt16(in[i])) << in[i];
}

TEST(Pcm, EveryInt16SurvivesTheWayToFloatAndBack) {
  for (int value = -32768; value <= 32767; ++value) {
    const std::array<int16_t, 1> in = {static_cast<int16_t>(value)};
    std::array<float, 1> between;
    std::array<int16_t, 1> out;
    ToFloat(in, between);
    ToInt16(between, out);
    ASSERT_EQ(out[0], in[0]);
  }
}

TEST(Pcm, MeanSquareOfNothingIsZero) { EXPECT_EQ(MeanSquare({}), 0.0f); }

TEST(Pcm, MeanSquareIsTheMeanPower) {
  const std::array<float, 4> samples = {1.0f, -3.0f, 1.0f, -3.0f};
  EXPECT_FLOAT_EQ(MeanSquare(samples), 5.0f);
}

TEST(Pcm, ARampEndsExactlyAtItsGoal) {
  std::vector<float> samples(40, 1000.0f);
  Ramp(samples, 1.0f, 0.0f);
  EXPECT_NEAR(samples.front(), 975.0f, 0.01f);
  EXPECT_NEAR(samples.back(), 0.0f, 0.01f);
  for (size_t i = 1; i < samples.size(); ++i) EXPECT_LT(samples[i], samples[i - 1]);
}

TEST(Pcm, ARampOverNothingDoesNothing) { Ramp({}, 0.0f, 1.0f); }

TEST(AudioFormat, KnowsTheRatesOfStreamsAndLines) {
  EXPECT_TRUE(IsStreamRate(22050));
  EXPECT_TRUE(IsStreamRate(192000));
  EXPECT_FALSE(IsStreamRate(11025));
  EXPECT_FALSE(IsStreamRate(0));
  EXPECT_TRUE(IsLineRate(24000));
  EXPECT_FALSE(IsLineRate(48000));
}

TEST(AudioFormat, EveryStreamRateHasWholeFrames) {
  for (int rate_hz : kStreamRatesHz) EXPECT_EQ(SamplesPerFrame(rate_hz) * 1000, static_cast<size_t>(rate_hz) * kFrameMs) << rate_hz;
}

}  // namespace
}  // namespace talkpath
