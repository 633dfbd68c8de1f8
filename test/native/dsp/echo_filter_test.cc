#include "dsp/echo_filter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "base/pcm.h"
#include "support/signals.h"
#include "support/speech_like.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kRateHz = EchoFilter::kRateHz;
constexpr size_t kBlock = EchoFilter::kBlock;

Samples AgentSpeech(int duration_ms) { return MakeSpeechLike({.rate_hz = kRateHz, .duration_ms = duration_ms, .level_dbfs = -20.0, .seed = 5}).samples; }

// A path of 12 ms that loses 6 dB.
Samples EchoOf(std::span<const float> far_end) {
  Random random(3);
  std::vector<double> response(96);
  double energy = 0.0;
  for (size_t i = 0; i < response.size(); ++i) {
    response[i] = random.Gaussian() * std::exp(-static_cast<double>(i) / 15.0);
    energy += response[i] * response[i];
  }
  Samples echo(far_end.size(), 0.0f);
  for (size_t n = 0; n < echo.size(); ++n) {
    for (size_t i = 0; i < response.size() && i <= n; ++i) echo[n] += static_cast<float>(0.5 * response[i] / std::sqrt(energy) * far_end[n - i]);
  }
  return echo;
}

// What the filter leaves of `near_end`.
Samples Filter(EchoFilter& filter, std::span<const float> far_end, std::span<const float> near_end) {
  Samples padded(EchoFilter::kWindowSamples - kBlock, 0.0f);
  padded.insert(padded.end(), far_end.begin(), far_end.end());
  Samples left(near_end.size());
  for (size_t at = 0; at + kBlock <= near_end.size(); at += kBlock) {
    const std::span<float, kBlock> residual(left.data() + at, kBlock);
    filter.Process(std::span<const float, EchoFilter::kWindowSamples>(padded.data() + at, EchoFilter::kWindowSamples),
                   std::span<const float, kBlock>(near_end.data() + at, kBlock), residual);
    filter.Learn(residual);
  }
  return left;
}

TEST(EchoFilter, LearnsAnEchoPathWithinASecondOfSpeech) {
  const Samples far_end = AgentSpeech(4000);
  const Samples echo = EchoOf(far_end);
  EchoFilter filter;
  const Samples left = Filter(filter, far_end, echo);
  const size_t learnt = SamplesIn(1500, kRateHz);
  EXPECT_LT(LevelDbfs(std::span(left).subspan(learnt)), LevelDbfs(std::span(echo).subspan(learnt)) - 25.0);
}

TEST(EchoFilter, LeavesTheCallerAndTakesTheEchoWhileBothSpeak) {
  const Samples far_end = AgentSpeech(8000);
  const Samples echo = EchoOf(far_end);
  const Samples caller = MakeSpeechLike({.rate_hz = kRateHz, .duration_ms = 8000, .level_dbfs = -26.0, .seed = 6}).samples;
  Samples near = echo;
  for (size_t i = 0; i < near.size(); ++i) near[i] += caller[i];
  EchoFilter filter;
  Samples wrong = Filter(filter, far_end, near);
  for (size_t i = 0; i < wrong.size(); ++i) wrong[i] -= caller[i];
  const size_t learnt = SamplesIn(3000, kRateHz);
  EXPECT_LT(LevelDbfs(std::span(wrong).subspan(learnt)), LevelDbfs(std::span(echo).subspan(learnt)) - 15.0);
}

TEST(EchoFilter, TellsWhatMayStillBeEcho) {
  const Samples far_end = AgentSpeech(3000);
  const Samples echo = EchoOf(far_end);
  const auto unlearnt_dbfs = [&](int ms) {
    EchoFilter filter;
    (void)Filter(filter, std::span(far_end).first(SamplesIn(ms, kRateHz)), std::span(echo).first(SamplesIn(ms, kRateHz)));
    const double power = std::accumulate(filter.unlearnt().begin(), filter.unlearnt().end(), 1e-3);
    return 10.0 * std::log10(power / (kFullScale * kFullScale));
  };
  const auto echo_dbfs = [&](int ms) { return LevelDbfs(std::span(echo).subspan(SamplesIn(ms - 100, kRateHz), SamplesIn(100, kRateHz))); };
  EXPECT_GT(unlearnt_dbfs(100), echo_dbfs(100)) << "all of it, when little is learnt";
  EXPECT_NEAR(unlearnt_dbfs(300), echo_dbfs(300), 15.0);
  EXPECT_LT(unlearnt_dbfs(1200), echo_dbfs(1200) - 15.0);
  EXPECT_LT(unlearnt_dbfs(1600), -85.0) << "the agent is silent";
}

TEST(EchoFilter, TakesNothingFromALineWithoutAnEcho) {
  const Samples far_end = AgentSpeech(6000);
  const Samples caller = MakeSpeechLike({.rate_hz = kRateHz, .duration_ms = 6000, .level_dbfs = -26.0, .seed = 6}).samples;
  EchoFilter filter;
  Samples changed = Filter(filter, far_end, caller);
  for (size_t i = 0; i < changed.size(); ++i) changed[i] -= caller[i];
  EXPECT_LT(LevelDbfs(std::span(changed).subspan(SamplesIn(1000, kRateHz))), LevelDbfs(caller) - 10.0);
}

TEST(EchoFilter, IsSureOfNothingUntilItHasLearntIt) {
  const auto energy = [](const std::array<float, EchoFilter::kTaps>& taps) {
    double sum = 0.0;
    for (float tap : taps) sum += tap * tap;
    return sum;
  };
  EchoFilter filter;
  EXPECT_EQ(energy(filter.SureTaps()), 0.0);
  const Samples far_end = AgentSpeech(4000);
  (void)Filter(filter, far_end, EchoOf(far_end));
  EXPECT_NEAR(energy(filter.SureTaps()), 0.25, 0.1);  // what a path that loses 6 dB has
  filter.Forget();
  EXPECT_EQ(energy(filter.SureTaps()), 0.0);
}

}  // namespace
}  // namespace talkpath
