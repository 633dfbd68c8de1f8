#include "dsp/voice_features.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/signals.h"

namespace talkpath {
namespace {

using namespace test;

constexpr size_t kOverNoise = VoiceFeatures::kBands;
constexpr size_t kRest = 2 * VoiceFeatures::kBands;
constexpr size_t kLevel = kRest, kChange = kRest + 3, kPeriodic = kRest + 4, kOctaves = kRest + 5, kJump = kRest + 6;

using Row = std::array<float, VoiceFeatures::kCount>;

// Of the last block.
Row Measure(std::span<const float> samples) {
  VoiceFeatures features;
  Row row{};
  for (size_t at = 0; at + VoiceFeatures::kBlock <= samples.size(); at += VoiceFeatures::kBlock) {
    features.Process(samples.subspan(at).first<VoiceFeatures::kBlock>(), row);
  }
  return row;
}

// A pulse train: what a voice is made of.
Samples Pulses(double hz, size_t count) {
  Samples samples(count, 0.0f);
  for (double at = 0.0; at < static_cast<double>(count); at += 8000.0 / hz) samples[static_cast<size_t>(at)] = 8000.0f;
  return samples;
}

TEST(VoiceFeatures, FindThePitchOfAVoice) {
  for (double hz : {80.0, 120.0, 210.0, 330.0}) {
    const Row row = Measure(Pulses(hz, 4000));
    EXPECT_GT(row[kPeriodic], 0.6f) << hz;
    const double lag = 10.0 * std::exp2(row[kOctaves] + 1.0);
    const double periods = lag / (4000.0 / hz);
    EXPECT_NEAR(periods, std::max(1.0, std::round(periods)), 0.06) << hz;
    EXPECT_LT(row[kJump], 0.2f) << hz;
  }
}

TEST(VoiceFeatures, FindNoPitchInNoise) {
  Random random(1);
  EXPECT_LT(Measure(Noise(-30.0, 4000, random))[kPeriodic], 0.5f);
}

TEST(VoiceFeatures, ShowATonesBandAndNoChange) {
  const Row row = Measure(Tone(1000.0, -20.0, 8000, 4000));
  const auto loudest = std::max_element(row.begin(), row.begin() + VoiceFeatures::kBands) - row.begin();
  EXPECT_GT(loudest, 5);
  EXPECT_LT(loudest, 12);
  EXPECT_LT(row[kChange], 0.1f);
}

TEST(VoiceFeatures, GrowWithTheLevelByTheSameStepInEveryBand) {
  Random random(2);
  const Samples quiet = Noise(-40.0, 4000, random);
  Samples loud = quiet;
  for (float& sample : loud) sample *= 10.0f;
  const Row a = Measure(quiet);
  const Row b = Measure(loud);
  EXPECT_NEAR(b[kLevel] - a[kLevel], 1.0f, 0.01f) << "20 dB";
  for (size_t band = 0; band < VoiceFeatures::kBands; ++band) EXPECT_NEAR(b[band] - a[band], 1.0f, 0.05f) << band;
  for (size_t band = 0; band < VoiceFeatures::kBands; ++band) EXPECT_NEAR(b[kOverNoise + band], a[kOverNoise + band], 0.05f) << band;
}

TEST(VoiceFeatures, ShowWhatStandsAboveTheNoise) {
  Random random(3);
  Samples line = Noise(-50.0, 80'000, random);
  const Row noise = Measure(line);
  const Samples voice = Pulses(150.0, 8000);
  line.insert(line.end(), voice.begin(), voice.end());
  const Row spoken = Measure(line);
  double over_noise = 0.0;
  for (size_t band = 0; band < VoiceFeatures::kBands; ++band) over_noise += spoken[kOverNoise + band] - noise[kOverNoise + band];
  EXPECT_GT(20.0 * over_noise / VoiceFeatures::kBands, 10.0) << "dB";
}

}  // namespace
}  // namespace talkpath
