#include "dsp/noise_suppressor.h"

#include <gtest/gtest.h>

#include "base/audio_format.h"
#include "support/signals.h"
#include "support/speech_like.h"

namespace talkpath {
namespace {

using namespace test;

Samples Suppress(std::span<const float> in, int rate_hz, NoiseSuppression level) {
  const auto suppressor = std::move(*NoiseSuppressor::Create(rate_hz, level));
  Samples out(in.begin(), in.end());
  const size_t block = SamplesPerBlock(rate_hz);
  for (size_t at = 0; at + block <= out.size(); at += block) suppressor->Process(std::span(out).subspan(at, block));
  return out;
}

double LoweringDb(NoiseSuppression level, int rate_hz) {
  Random random(1);
  const Samples noise = Noise(-40.0, SamplesIn(6000, rate_hz), random);
  const Samples out = Suppress(noise, rate_hz, level);
  const size_t settled = SamplesIn(3000, rate_hz);
  return LevelDbfs(std::span(noise).last(settled)) - LevelDbfs(std::span(out).last(settled));
}

TEST(NoiseSuppressor, LowersSteadyNoise) {
  for (int rate_hz : {16000, 32000, 48000}) EXPECT_GT(LoweringDb(NoiseSuppression::kModerate, rate_hz), 6.0) << rate_hz;
}

TEST(NoiseSuppressor, LowersItTheMoreTheHigherTheLevel) {
  const double low = LoweringDb(NoiseSuppression::kLow, 16000);
  const double moderate = LoweringDb(NoiseSuppression::kModerate, 16000);
  const double high = LoweringDb(NoiseSuppression::kHigh, 16000);
  EXPECT_GT(low, 3.0);
  EXPECT_GT(moderate, low + 2.0);
  EXPECT_GT(high, moderate + 2.0);
}

TEST(NoiseSuppressor, LeavesSpeechItsLevel) {
  for (int rate_hz : {16000, 48000}) {
    const SpeechLike speech = MakeSpeechLike({.rate_hz = rate_hz, .duration_ms = 8000});
    const Samples out = Suppress(speech.samples, rate_hz, NoiseSuppression::kModerate);
    const size_t settled = SamplesIn(5000, rate_hz);
    EXPECT_NEAR(LevelDbfs(std::span(out).last(settled)), LevelDbfs(std::span(speech.samples).last(settled)), 2.0) << rate_hz;
  }
}

TEST(NoiseSuppressor, RaisesSpeechAboveTheNoise) {
  Random random(2);
  SpeechLike speech = MakeSpeechLike({.rate_hz = 16000, .duration_ms = 10'000});
  const Samples noise = Noise(-40.0, speech.samples.size(), random);
  for (size_t i = 0; i < noise.size(); ++i) speech.samples[i] += noise[i];
  const Samples out = Suppress(speech.samples, 16000, NoiseSuppression::kModerate);
  double pause_power_in = 0, pause_power_out = 0;
  for (size_t block = 500; block + 2 < speech.active_blocks.size(); ++block) {
    if (speech.active_blocks[block - 1] || speech.active_blocks[block] || speech.active_blocks[block + 1]) continue;
    for (size_t i = block * 160; i < (block + 1) * 160; ++i) {
      pause_power_in += speech.samples[i] * speech.samples[i];
      pause_power_out += out[i] * out[i];
    }
  }
  EXPECT_GT(10.0 * std::log10(pause_power_in / pause_power_out), 6.0);
}

TEST(NoiseSuppressor, DelaysTheSignalByWhatItStates) {
  for (int rate_hz : {16000, 32000, 48000}) {
    const SpeechLike speech = MakeSpeechLike({.rate_hz = rate_hz, .duration_ms = 2000});
    const Samples out = Suppress(speech.samples, rate_hz, NoiseSuppression::kLow);
    EXPECT_NEAR(1.0 * FindLag(speech.samples, out, SamplesIn(20, rate_hz)) / rate_hz, NoiseSuppressor::DelaySeconds(rate_hz), 1e-6) << rate_hz;
  }
}

TEST(NoiseSuppressor, KeepsSilenceSilent) {
  const Samples out = Suppress(Samples(32000, 0.0f), 16000, NoiseSuppression::kHigh);
  EXPECT_LT(LevelDbfs(std::span(out)), -120.0);
}

TEST(NoiseSuppressor, NamesTheSettingThatItRefuses) {
  const auto rate = NoiseSuppressor::Create(8000, NoiseSuppression::kLow);
  ASSERT_FALSE(rate);
  EXPECT_NE(rate.error().message.find("8000"), std::string::npos);
  for (int level : {-1, 0, 4}) {
    const auto made = NoiseSuppressor::Create(16000, static_cast<NoiseSuppression>(level));
    ASSERT_FALSE(made) << level;
    EXPECT_TRUE(made.error().message.ends_with("level of the noise suppressor but received " + std::to_string(level)));
  }
}

}  // namespace
}  // namespace talkpath
