// The yardsticks themselves: when an echo counts as locked, and what counts as kept of a caller.
#include "dsp/echo_case.h"

#include <gtest/gtest.h>

#include "base/audio_format.h"
#include "support/speech_like.h"

namespace talkpath::test {
namespace {

constexpr size_t kBlock = SamplesPerBlock(kEchoRateHz);
constexpr size_t kDelay = 128;  // of the canceller

Samples Caller(uint64_t seed = 1) { return MakeSpeechLike({.rate_hz = kEchoRateHz, .duration_ms = 6000, .seed = seed}).samples; }

// `gain` of what was said, as late as a canceller gives it, and `beside` on top.
Samples Heard(const Samples& said, float gain, const Samples& beside) {
  Samples heard(said.size(), 0.0f);
  for (size_t i = kDelay; i < said.size(); ++i) heard[i] = gain * said[i - kDelay] + beside[i];
  return heard;
}

Samples Silence() { return Samples(SamplesIn(6000, kEchoRateHz), 0.0f); }

TEST(LossDb, IsByHowMuchTheCallerIsQuieter) {
  EXPECT_NEAR(*LossDb(Caller(), Heard(Caller(), 1.0f, Silence())), 0.0, 0.01);
  EXPECT_NEAR(*LossDb(Caller(), Heard(Caller(), 0.5f, Silence())), 6.02, 0.01);
}

TEST(LossDb, DoesNotTakeAnEchoBesideTheCallerForTheCaller) {
  Samples echo = Caller(7);
  for (float& sample : echo) sample *= 0.5f;
  EXPECT_NEAR(*LossDb(Caller(), Heard(Caller(), 0.5f, echo)), 6.02, 0.5) << "as loud as what is left of the caller";
  EXPECT_GT(*LossDb(Caller(), Heard(Caller(), 0.0f, echo)), 12.0) << "nothing of the caller is left";
}

TEST(LossDb, IsOfEachFrameByItself) {
  Samples said = Caller();
  Samples heard = Heard(said, 1.0f, Silence());
  double lost = 0.0;
  double power = 0.0;
  for (size_t i = 0; i + kDelay < said.size(); ++i) {
    const bool mute = i / (10 * kBlock) % 2 == 0;
    power += said[i] * said[i];
    if (!mute) continue;
    lost += said[i] * said[i];
    heard[i + kDelay] = 0.0f;
  }
  EXPECT_NEAR(*LossDb(said, heard), 10.0 * std::log10(power / (power - lost)), 0.1);
}

TEST(LossDb, IsNothingWhereNothingWasSaid) { EXPECT_FALSE(LossDb(Silence(), Caller())); }

// A call of 4 s in which the agent speaks all the time over a path of 100 ms, and what the canceller makes of it is quiet
// where `quiet` says so.
template <typename Quiet>
EchoTrace Trace(Quiet quiet) {
  Random random(3);
  EchoTrace trace;
  for (int block = 0; block < 400; ++block) {
    const Samples noise = Noise(quiet(block) ? -60.0 : -30.0, kBlock, random);
    trace.out.insert(trace.out.end(), noise.begin(), noise.end());
    trace.delay_ms.push_back(100.0);
  }
  return trace;
}

std::optional<double> LockOf(const EchoTrace& trace) { return LockMs(trace, std::vector<bool>(400, true), 100.0, 0.0); }

TEST(LockMs, IsNotTheFirstQuietMomentButThatWhichHolds) {
  EXPECT_EQ(LockOf(Trace([](int block) { return block >= 80; })), 810.0);
  EXPECT_EQ(LockOf(Trace([](int block) { return (block >= 20 && block < 49) || block >= 80; })), 810.0) << "quiet for 290 ms before";
  EXPECT_EQ(LockOf(Trace([](int block) { return (block >= 20 && block < 50) || block >= 80; })), 210.0) << "300 ms";
  EXPECT_EQ(LockOf(Trace([](int) { return false; })), std::nullopt);
  EXPECT_EQ(LockOf(Trace([](int block) { return block >= 380; })), std::nullopt) << "the call ends too soon to tell";
}

TEST(LockMs, NeedsTheDelayToStay) {
  EchoTrace trace = Trace([](int) { return true; });
  EXPECT_EQ(LockOf(trace), 10.0);
  trace.delay_ms[15] = 95.0;
  EXPECT_EQ(LockOf(trace), 170.0);
  trace.delay_ms[15] = -1.0;
  EXPECT_EQ(LockOf(trace), 170.0);
}

TEST(LockMs, CountsTheAgentsSpeechAlone) {
  const EchoTrace trace = Trace([](int block) { return block >= 80; });
  std::vector<bool> returns(400, true);
  std::fill_n(returns.begin(), 50, false);
  EXPECT_EQ(LockMs(trace, returns, 100.0, 0.0), 310.0);
  std::fill_n(returns.begin(), 400, false);
  EXPECT_EQ(LockMs(trace, returns, 100.0, 0.0), std::nullopt) << "a silent agent proves nothing";
}

TEST(SettledFrom, IsTheBlockAfterASecondOfTheAgentsSpeech) {
  std::vector<bool> returns(400, true);
  EXPECT_EQ(SettledFrom(returns), 100u);
  EXPECT_EQ(SettledFrom(returns, 200), 300u);
  std::fill_n(returns.begin(), 50, false);
  EXPECT_EQ(SettledFrom(returns), 150u);
  EXPECT_EQ(SettledFrom(returns, 350), 400u) << "not any more";
}

}  // namespace
}  // namespace talkpath::test
