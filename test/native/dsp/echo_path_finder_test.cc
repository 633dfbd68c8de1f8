#include "dsp/echo_path_finder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "base/audio_format.h"
#include "base/pcm.h"
#include "dsp/g711.h"
#include "support/signals.h"
#include "support/speech_like.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kRateHz = HopSpectrum::kRateHz;
constexpr size_t kBlock = HopSpectrum::kBlockSamples;

// Feeds both ends; returns after how many milliseconds a path was found (or moved to), below 0 if never.
int Feed(EchoPathFinder& finder, std::span<const float> far_end, std::span<const float> near_end) {
  int found_ms = -1;
  for (size_t at = 0; at + kBlock <= far_end.size(); at += kBlock) {
    const std::span<const float> near = near_end.subspan(at, kBlock);
    const bool found = finder.Process(far_end.subspan(at, kBlock), near);
    if (found && found_ms < 0) found_ms = static_cast<int>(1000 * at / kRateHz);
  }
  return found_ms;
}

Samples Late(std::span<const float> samples, size_t by, float gain) {
  Samples late(samples.size(), 0.0f);
  for (size_t i = by; i < late.size(); ++i) late[i] = gain * samples[i - by];
  return late;
}

TEST(EchoPathFinder, TellsAnEchosDelayToTheSample) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 4000, .seed = 3});
  for (size_t delay : {0u, 1u, 37u, 640u, 4801u, 19'199u}) {
    EchoPathFinder finder(1200);
    Samples near = Late(far_end.samples, delay, -0.4f);
    EXPECT_GE(Feed(finder, far_end.samples, near), 0) << delay;
    EXPECT_TRUE(finder.echo_possible());
    EXPECT_NEAR(finder.delay_samples(), static_cast<double>(delay), 2.0);
  }
}

TEST(EchoPathFinder, FindsNothingInNoiseAndInSilence) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 20'000, .seed = 3});
  Random random(9);
  const Samples noise = Noise(-30.0, far_end.samples.size(), random);
  for (const Samples& near : {noise, Samples(noise.size(), 0.0f)}) {
    EchoPathFinder finder(1200);
    EXPECT_EQ(Feed(finder, far_end.samples, near), -1);
    EXPECT_FALSE(finder.found());
    EXPECT_FALSE(finder.echo_possible());
  }
}

// As when the agent sends back what the caller sends: no echo, though each end is the other one later.
TEST(EchoPathFinder, FindsNothingInTonesThatBothEndsSound) {
  for (const std::vector<double>& tones : {std::vector{440.0}, {1000.0}, {697.0, 1209.0}, {350.0, 440.0}, {425.0}}) {
    Samples near(10 * kRateHz, 0.0f);
    for (size_t i = kRateHz; i < near.size(); ++i) {
      double sum = 0.0;
      for (double hz : tones) sum += 3000.0 * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / kRateHz);
      near[i] = g711::DecodeMulaw(g711::EncodeMulaw(ToInt16(static_cast<float>(sum))));
    }
    for (size_t late : {20u, 60u, 130u, 400u}) {
      EchoPathFinder finder(1200);
      EXPECT_EQ(Feed(finder, Late(near, late * kRateHz / 1000, 1.0f), near), -1) << tones[0] << " Hz, " << late << " ms";
    }
  }
}

TEST(EchoPathFinder, FindsNothingWhileTheAgentIsSilent) {
  const SpeechLike caller = MakeSpeechLike({.duration_ms = 5000, .seed = 4});
  EchoPathFinder finder(500);
  EXPECT_EQ(Feed(finder, Samples(caller.samples.size(), 0.0f), caller.samples), -1);
  EXPECT_FALSE(finder.echo_possible());
}

TEST(EchoPathFinder, RulesAnEchoOutWhenTheAgentHasSpokenForAWhile) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 20'000, .seed = 3});
  EchoPathFinder finder(500);
  const Samples silence(far_end.samples.size(), 0.0f);
  (void)Feed(finder, std::span(silence).first(10 * kRateHz), std::span(silence).first(10 * kRateHz));
  EXPECT_FALSE(finder.echo_possible()) << "the agent has not spoken";
  (void)Feed(finder, std::span(far_end.samples).first(2 * kRateHz), silence);
  EXPECT_TRUE(finder.echo_possible());
  (void)Feed(finder, far_end.samples, silence);
  EXPECT_FALSE(finder.echo_possible());
}

// Within a second: what the line did not return then, it does not return.
TEST(EchoPathFinder, TakesALoudCallerOnAQuietLineForNoEcho) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 3000, .level_dbfs = -22.0, .seed = 3});
  const SpeechLike caller = MakeSpeechLike({.duration_ms = 2000, .level_dbfs = -22.0, .seed = 4});
  Random random(9);
  for (double noise_dbfs : {-90.0, -50.0, -40.0}) {
    EchoPathFinder finder(500);
    Samples near = Noise(noise_dbfs, far_end.samples.size(), random);
    for (size_t i = 0; i < caller.samples.size(); ++i) near[kRateHz + i] += caller.samples[i];
    (void)Feed(finder, std::span(far_end.samples).first(kRateHz), near);
    EXPECT_TRUE(finder.echo_possible());
    size_t caller_blocks = 0;
    size_t taken_for_echo = 0;
    for (size_t at = kRateHz; at + kBlock <= near.size(); at += kBlock) {
      const std::span<const float> block = std::span<const float>(near).subspan(at, kBlock);
      (void)finder.Process(std::span(far_end.samples).subspan(at, kBlock), block);
      if (LevelDbfs(block) < -30.0) continue;
      ++caller_blocks;
      taken_for_echo += finder.echo_possible();
    }
    ASSERT_GT(caller_blocks, 100u);
    EXPECT_LT(taken_for_echo, caller_blocks / 5) << noise_dbfs;
  }
}

TEST(EchoPathFinder, LooksForNothingWhileAllIsExplained) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 4000, .seed = 3});
  const Samples near = Late(far_end.samples, 1600, 0.5f);
  EchoPathFinder finder(500);
  for (size_t at = 0; at + kBlock <= near.size(); at += kBlock) {
    EXPECT_FALSE(finder.Process(std::span(far_end.samples).subspan(at, kBlock), std::span(near).subspan(at, kBlock), EchoPathFinder::Known::kExplained));
  }
  EXPECT_GE(Feed(finder, far_end.samples, near), 0) << "and finds it when it looks again";
  const SpeechLike more = MakeSpeechLike({.duration_ms = 20'000, .seed = 3});
  for (size_t at = 0; at + kBlock <= more.samples.size(); at += kBlock) {
    (void)finder.Process(std::span(more.samples).subspan(at, kBlock), Samples(kBlock, 0.0f), EchoPathFinder::Known::kExplained);
  }
  EXPECT_FALSE(finder.found()) << "nothing comes back any more";
}

TEST(EchoPathFinder, ForgetsAnEchoThatIsGoneForLong) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 30'000, .seed = 3});
  EchoPathFinder finder(500);
  Samples near = Late(far_end.samples, 1600, 0.5f);
  std::fill(near.begin() + 5 * kRateHz, near.end(), 0.0f);
  EXPECT_GE(Feed(finder, far_end.samples, near), 0);
  EXPECT_FALSE(finder.found());
}

}  // namespace
}  // namespace talkpath
