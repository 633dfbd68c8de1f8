#include "dsp/echo_canceller.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/audio_format.h"
#include "base/pcm.h"
#include "dsp/g711.h"
#include "support/clicks.h"
#include "support/signals.h"
#include "support/speech_like.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kRateHz = 16000;
constexpr size_t kBlock = SamplesPerBlock(kRateHz);

float ThroughMulaw(float sample) { return g711::DecodeMulaw(g711::EncodeMulaw(ToInt16(sample))); }

// What comes back of the far end: late, softer, smeared over 8 ms, and coded as a telephone line does, both ways.
Samples EchoOf(std::span<const float> far_end, int delay_ms, double return_loss_db) {
  Random random(11);
  std::array<double, 128> response{};
  double energy = 0.0;
  for (size_t i = 0; i < response.size(); ++i) {
    response[i] = random.Gaussian() * std::exp(-static_cast<double>(i) / 20.0);
    energy += response[i] * response[i];
  }
  const double gain = std::pow(10.0, -return_loss_db / 20.0) / std::sqrt(energy);
  const size_t delay = SamplesIn(delay_ms, kRateHz);
  Samples echo(far_end.size(), 0.0f);
  for (size_t n = delay; n < echo.size(); ++n) {
    double sum = 0.0;
    for (size_t i = 0; i < response.size() && i + delay <= n; ++i) sum += response[i] * ThroughMulaw(far_end[n - delay - i]);
    echo[n] = ThroughMulaw(static_cast<float>(gain * sum));
  }
  return echo;
}

Samples Cancel(EchoCanceller& canceller, std::span<const float> far_end, std::span<const float> line) {
  Samples out(line.begin(), line.end());
  for (size_t at = 0; at + kBlock <= out.size(); at += kBlock) {
    canceller.AnalyzeFarEnd(far_end.subspan(at, kBlock));
    canceller.Process(std::span(out).subspan(at, kBlock));
  }
  return out;
}

std::unique_ptr<EchoCanceller> Canceller(int max_delay_ms) { return std::move(*EchoCanceller::Create(kRateHz, max_delay_ms)); }

double ReturnLossEnhancementDb(int delay_ms, int max_delay_ms) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 10'000, .seed = 5});
  const Samples echo = EchoOf(far_end.samples, delay_ms, 10.0);
  const Samples out = Cancel(*Canceller(max_delay_ms), far_end.samples, echo);
  const size_t converged = SamplesIn(5000, kRateHz);
  return LevelDbfs(std::span(echo).last(converged)) - LevelDbfs(std::span(out).last(converged));
}

TEST(EchoCanceller, CancelsAnEchoOfAnyDelayUpToItsLongest) {
  for (int delay_ms : {60, 100, 200, 300, 400, 480}) EXPECT_GT(ReturnLossEnhancementDb(delay_ms, 500), 15.0) << delay_ms << " ms";
}

TEST(EchoCanceller, CancelsAnEchoThatIsVeryLateIfItIsToldTo) {
  for (int delay_ms : {600, 900, 1150}) EXPECT_GT(ReturnLossEnhancementDb(delay_ms, 1200), 15.0) << delay_ms << " ms";
}

TEST(EchoCanceller, LeavesTheCallerAloneWhenTheAgentIsSilent) {
  const SpeechLike caller = MakeSpeechLike({.duration_ms = 6000, .seed = 6});
  const Samples out = Cancel(*Canceller(500), Samples(caller.samples.size(), 0.0f), caller.samples);
  EXPECT_NEAR(LevelDbfs(std::span(out)), LevelDbfs(std::span(caller.samples)), 0.5);
}

TEST(EchoCanceller, DelaysTheSignalByWhatItStates) {
  for (int rate_hz : {16000, 32000, 48000}) {
    const SpeechLike caller = MakeSpeechLike({.rate_hz = rate_hz, .duration_ms = 2000, .seed = 6});
    const size_t block = SamplesPerBlock(rate_hz);
    const auto canceller = std::move(*EchoCanceller::Create(rate_hz, 500));
    Samples out = caller.samples;
    for (size_t at = 0; at + block <= out.size(); at += block) {
      canceller->AnalyzeFarEnd(Samples(block, 0.0f));
      canceller->Process(std::span(out).subspan(at, block));
    }
    EXPECT_NEAR(1.0 * FindLag(caller.samples, out, 2 * block) / rate_hz, EchoCanceller::DelaySeconds(rate_hz), 1e-6) << rate_hz;
  }
}

TEST(EchoCanceller, LetsTheCallerBeHeardOverTheAgent) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 12'000, .seed = 7});
  const SpeechLike caller = MakeSpeechLike({.duration_ms = 12'000, .seed = 8});
  Samples line = EchoOf(far_end.samples, 120, 15.0);
  const size_t talks_from = SamplesIn(6000, kRateHz);
  for (size_t i = talks_from; i < line.size(); ++i) line[i] += caller.samples[i];
  const Samples out = Cancel(*Canceller(500), far_end.samples, line);
  const auto both = std::span(out).subspan(talks_from);
  EXPECT_GT(LevelDbfs(both), LevelDbfs(std::span(caller.samples).subspan(talks_from)) - 6.0);
}

TEST(EchoCanceller, FindsTheEchoAgainWhenItsDelaySteps) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 16'000, .seed = 9});
  Samples line = EchoOf(far_end.samples, 120, 10.0);
  const Samples later = EchoOf(far_end.samples, 180, 10.0);
  const size_t step_at = SamplesIn(8000, kRateHz);
  std::copy(later.begin() + static_cast<long>(step_at), later.end(), line.begin() + static_cast<long>(step_at));
  const Samples out = Cancel(*Canceller(500), far_end.samples, line);
  const size_t converged = SamplesIn(4000, kRateHz);
  EXPECT_GT(LevelDbfs(std::span(line).last(converged)) - LevelDbfs(std::span(out).last(converged)), 15.0);
}

TEST(EchoCanceller, TakesTheLineOverWithoutAClickWhenItFindsAnEcho) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 4000, .seed = 5});
  const Samples hum = Tone(200.0, -20.0, kRateHz, far_end.samples.size());
  Samples line = EchoOf(far_end.samples, 100, 20.0);
  for (size_t i = 0; i < line.size(); ++i) line[i] += hum[i];
  const auto canceller = std::move(*EchoCanceller::Create(kRateHz, 500, EchoCancellation::kAuto));
  const Samples out = Cancel(*canceller, far_end.samples, line);
  ASSERT_TRUE(canceller->echo_found());
  const auto changes = std::ranges::mismatch(out, line).in1 - out.begin();
  ASSERT_GT(changes, static_cast<long>(kBlock)) << "untouched until then";
  const auto around = static_cast<size_t>(changes) - kBlock;
  EXPECT_LT(FindSharpestBend(std::span(out).subspan(around, 4 * kBlock)).second_difference,
            1.5 * FindSharpestBend(std::span(line).subspan(around, 4 * kBlock)).second_difference);
}

TEST(EchoCanceller, NamesTheSettingThatItRefuses) {
  const auto rate = EchoCanceller::Create(8000, 500);
  ASSERT_FALSE(rate);
  EXPECT_NE(rate.error().message.find("8000"), std::string::npos);
  for (int delay_ms : {99, 1201}) {
    const auto delay = EchoCanceller::Create(16000, delay_ms);
    ASSERT_FALSE(delay);
    EXPECT_NE(delay.error().message.find(std::to_string(delay_ms)), std::string::npos);
  }
  for (int when : {-1, 0, 3}) {
    const auto made = EchoCanceller::Create(16000, 500, static_cast<EchoCancellation>(when));
    ASSERT_FALSE(made) << when;
    EXPECT_TRUE(made.error().message.ends_with("when of the echo canceller but received " + std::to_string(when)));
  }
}

}  // namespace
}  // namespace talkpath
