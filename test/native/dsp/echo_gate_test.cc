#include "dsp/echo_gate.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/audio_format.h"
#include "support/signals.h"
#include "support/speech_like.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kRateHz = HopSpectrum::kRateHz;
constexpr size_t kBlock = HopSpectrum::kBlockSamples;
constexpr size_t kEchoDelay = 3200;

struct Judged {
  size_t hops = 0;
  size_t echo_hops = 0;
  double EchoShare() const { return static_cast<double>(echo_hops) / static_cast<double>(hops); }
};

// Counts hops in which `counts_in` is loud: what the gate says of silence does not matter. `residual` is what a filter
// has left of `near_end`.
Judged Judge(std::span<const float> far_end, std::span<const float> near_end, std::span<const float> residual, std::span<const float> counts_in,
             int from_ms) {
  EchoPathFinder finder(500);
  EchoGate gate;
  Judged judged;
  for (size_t at = 0; at + kBlock <= near_end.size(); at += kBlock) {
    (void)finder.Process(far_end.subspan(at, kBlock), near_end.subspan(at, kBlock), gate.filter_fits());
    if (std::ranges::equal(residual.subspan(at, kBlock), near_end.subspan(at, kBlock))) finder.ResidualIsNearEnd();
    else (void)finder.ProcessResidual(residual.subspan(at, kBlock), gate.filter_fits());
    gate.Process(finder, near_end.subspan(at, kBlock), residual.subspan(at, kBlock));
    if (at < SamplesIn(from_ms, kRateHz) || LevelDbfs(counts_in.subspan(at, kBlock)) < -35.0) continue;
    ++judged.hops;
    judged.echo_hops += gate.may_be_echo();
  }
  return judged;
}

Samples Echo(std::span<const float> far_end) {
  Samples echo(far_end.size(), 0.0f);
  for (size_t i = kEchoDelay; i < echo.size(); ++i) echo[i] = 0.5f * far_end[i - kEchoDelay];
  return echo;
}

Samples Mixed(std::span<const float> a, std::span<const float> b, float b_gain) {
  Samples mixed(a.begin(), a.end());
  for (size_t i = 0; i < mixed.size(); ++i) mixed[i] += b_gain * b[i];
  return mixed;
}

class EchoGateOf : public testing::Test {
 protected:
  const Samples agent_ = MakeSpeechLike({.duration_ms = 8000, .level_dbfs = -20.0, .seed = 5}).samples;
  const Samples caller_ = MakeSpeechLike({.duration_ms = 8000, .level_dbfs = -24.0, .seed = 6}).samples;
  const Samples silence_ = Samples(agent_.size(), 0.0f);
};

TEST_F(EchoGateOf, ASilentAgentIsOpen) { EXPECT_EQ(Judge(silence_, caller_, caller_, caller_, 0).echo_hops, 0u); }

TEST_F(EchoGateOf, AnEchoThatNoFilterHasLearntYetIsShut) {
  const Samples echo = Echo(agent_);
  EXPECT_GT(Judge(agent_, echo, echo, echo, 0).EchoShare(), 0.98);
}

TEST_F(EchoGateOf, AnEchoThatIsRemovedIsShut) {
  const Samples echo = Echo(agent_);
  EXPECT_GT(Judge(agent_, echo, Mixed(silence_, echo, 0.1f), echo, 500).EchoShare(), 0.98);
}

TEST_F(EchoGateOf, ACallerWithoutEchoIsOpen) { EXPECT_LT(Judge(agent_, caller_, caller_, caller_, 0).EchoShare(), 0.1); }

TEST_F(EchoGateOf, ACallerOverAnEchoThatIsRemovedIsOpen) {
  const Samples echo = Echo(agent_);
  const Samples residual = Mixed(Mixed(silence_, echo, 0.1f), caller_, 1.0f);
  EXPECT_LT(Judge(agent_, Mixed(echo, caller_, 1.0f), residual, caller_, 1000).EchoShare(), 0.3);
}

// The filter's estimate is of where the echo was: 40 ms too late.
TEST_F(EchoGateOf, AnEchoThatHasJustMovedIsShut) {
  const Samples echo = Echo(agent_);
  constexpr size_t kMoved = 640;
  Samples moved(echo.begin() + kMoved, echo.end());
  moved.resize(echo.size(), 0.0f);
  const Samples first_half = Mixed(silence_, echo, 1.0f);
  Samples near = first_half;
  Samples residual = Mixed(silence_, echo, 0.05f);
  for (size_t i = near.size() / 2; i < near.size() / 2 + SamplesIn(300, kRateHz); ++i) {
    near[i] = moved[i];
    residual[i] = moved[i] - 0.95f * echo[i];
  }
  near.resize(near.size() / 2 + SamplesIn(300, kRateHz));
  EXPECT_GT(Judge(agent_, near, residual, near, 4000).EchoShare(), 0.9);
}

}  // namespace
}  // namespace talkpath
