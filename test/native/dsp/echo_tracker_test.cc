#include "dsp/echo_tracker.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <vector>

#include "support/signals.h"
#include "support/speech_like.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kRateHz = EchoTracker::kRateHz;
constexpr size_t kBlock = EchoTracker::kBlock;
constexpr int kMaxDelayMs = 600;

Samples AgentSpeech(int duration_ms) { return MakeSpeechLike({.rate_hz = kRateHz, .duration_ms = duration_ms, .level_dbfs = -20.0, .seed = 5}).samples; }

// Comes back late, softer and a little dull; from `moves_at` on at another time.
struct Path {
  size_t delay = 0;
  size_t later_delay = 0;
  size_t moves_at = 0;
  float inverted = 1.0f;  // from moves_at on

  Samples EchoOf(std::span<const float> far_end) const {
    Samples echo(far_end.size(), 0.0f);
    for (size_t i = 0; i < echo.size(); ++i) {
      const size_t late = i < moves_at ? delay : later_delay;
      const float sign = i < moves_at ? 1.0f : inverted;
      if (i > late) echo[i] = sign * (0.4f * far_end[i - late] + 0.2f * far_end[i - late - 1]);
    }
    return echo;
  }
};

struct Tracked {
  Samples residual;
  std::vector<size_t> moved_at;  // not by what makes a move exact
  int forgotten = 0;
};
constexpr int kExactSamples = 4;

Tracked Track(EchoTracker& tracker, std::span<const float> far_end, std::span<const float> near_end) {
  Tracked tracked;
  for (size_t at = 0; at + kBlock <= near_end.size(); at += kBlock) {
    const int before = tracker.delay_samples();
    tracked.forgotten += tracker.Process(std::span<const float, kBlock>(far_end.data() + at, kBlock), std::span<const float, kBlock>(near_end.data() + at, kBlock));
    if (std::abs(tracker.delay_samples() - before) > kExactSamples) tracked.moved_at.push_back(at);
    tracked.residual.insert(tracked.residual.end(), tracker.residual().begin(), tracker.residual().end());
  }
  return tracked;
}

double LevelFrom(std::span<const float> samples, int from_ms, int duration_ms) {
  return LevelDbfs(samples.subspan(SamplesIn(from_ms, kRateHz), SamplesIn(duration_ms, kRateHz)));
}

TEST(EchoTracker, LeavesTheNearEndAsItIsWhileNoPathIsKnown) {
  const Samples far_end = AgentSpeech(2000);
  EchoTracker tracker(kMaxDelayMs);
  const Samples near = Path{.delay = 800}.EchoOf(far_end);
  const Tracked tracked = Track(tracker, far_end, near);
  EXPECT_TRUE(std::equal(tracked.residual.begin(), tracked.residual.end(), near.begin()));
  EXPECT_FALSE(tracker.following());
}

TEST(EchoTracker, FollowsAnEchoThatMoves) {
  const Samples far_end = AgentSpeech(8000);
  constexpr int kMovesAtMs = 4000;
  for (int step_samples : {-320, -90, 80, 320, 640}) {
    const auto later = static_cast<size_t>(1200 + step_samples);
    const Path path{.delay = 1200, .later_delay = later, .moves_at = SamplesIn(kMovesAtMs, kRateHz)};
    const Samples near = path.EchoOf(far_end);
    EchoTracker tracker(kMaxDelayMs);
    tracker.PathFound(1200);
    const Tracked tracked = Track(tracker, far_end, near);
    ASSERT_EQ(tracked.moved_at.size(), 1u) << step_samples;
    EXPECT_LT(tracked.moved_at[0], path.moves_at + SamplesIn(300, kRateHz)) << step_samples;
    EXPECT_EQ(tracker.delay_samples(), static_cast<int>(later)) << step_samples;
    EXPECT_LT(LevelFrom(tracked.residual, kMovesAtMs + 400, 3000), LevelFrom(near, kMovesAtMs + 400, 3000) - 20.0) << step_samples;
  }
}

// What is left within the first blocks after a step is what the quick belief says: the filter moves later.
TEST(EchoTracker, SaysWhatTheEchoLeavesBeforeItsFilterHasMoved) {
  const Samples far_end = AgentSpeech(6000);
  constexpr int kMovesAtMs = 3100;
  const Path path{.delay = 1200, .later_delay = 1500, .moves_at = SamplesIn(kMovesAtMs, kRateHz)};
  const Samples near = path.EchoOf(far_end);
  EchoTracker tracker(kMaxDelayMs);
  tracker.PathFound(1200);
  const size_t moves = path.moves_at / kBlock * kBlock;
  (void)Track(tracker, std::span(far_end).first(moves), std::span(near).first(moves));
  ASSERT_EQ(tracker.delay_samples(), 1200);
  ASSERT_TRUE(tracker.explains());
  double left = 0.0;
  double heard = 0.0;
  int blocks_before_move = 0;
  for (size_t at = moves; tracker.delay_samples() == 1200 && at + kBlock <= near.size(); at += kBlock) {
    tracker.Process(std::span<const float, kBlock>(far_end.data() + at, kBlock), std::span<const float, kBlock>(near.data() + at, kBlock));
    if (tracker.delay_samples() != 1200 || std::abs(tracker.believed_delay_samples() - 1500) > 2) continue;
    ++blocks_before_move;
    for (size_t i = 0; i < kBlock; ++i) {
      left += tracker.residual()[i] * tracker.residual()[i];
      heard += near[at + i] * near[at + i];
    }
  }
  EXPECT_GE(blocks_before_move, 1);
  EXPECT_LT(10.0 * std::log10(left / heard), -10.0);
}

TEST(EchoTracker, FollowsAnEchoThatMovesInNoiseAsLoudAsItself) {
  const Samples far_end = AgentSpeech(12'000);
  constexpr int kMovesAtMs = 6000;
  for (int step_samples : {-320, -24, 20, 32, 240}) {
    const auto later = static_cast<size_t>(1200 + step_samples);
    const Path path{.delay = 1200, .later_delay = later, .moves_at = SamplesIn(kMovesAtMs, kRateHz)};
    Samples near = path.EchoOf(far_end);
    Random random(11);
    const Samples noise = Noise(LevelDbfs(near), near.size(), random);
    for (size_t i = 0; i < near.size(); ++i) near[i] += noise[i];
    EchoTracker tracker(kMaxDelayMs);
    tracker.PathFound(1200);
    const Tracked tracked = Track(tracker, far_end, near);
    EXPECT_EQ(tracked.forgotten, 0) << step_samples;
    EXPECT_NEAR(tracker.delay_samples(), static_cast<int>(later), 2) << step_samples;
    ASSERT_FALSE(tracked.moved_at.empty()) << step_samples;
    EXPECT_GE(tracked.moved_at.front(), path.moves_at) << step_samples;
    EXPECT_LT(tracked.moved_at.back(), path.moves_at + SamplesIn(1500, kRateHz)) << step_samples;
  }
}

// Farther than it looks around by itself.
TEST(EchoTracker, TakesItsFilterAlongToWhereThePathIsFound) {
  const Samples far_end = AgentSpeech(8000);
  constexpr int kMovesAtMs = 4000;
  constexpr int kFoundAtMs = 5000;
  const Path path{.delay = 1200, .later_delay = 3200, .moves_at = SamplesIn(kMovesAtMs, kRateHz)};
  const Samples near = path.EchoOf(far_end);
  EchoTracker tracker(kMaxDelayMs);
  tracker.PathFound(1200);
  const size_t found_at = SamplesIn(kFoundAtMs, kRateHz);
  (void)Track(tracker, std::span(far_end).first(found_at), std::span(near).first(found_at));
  EXPECT_FALSE(tracker.explains());
  tracker.PathFound(3200);
  const Tracked tracked = Track(tracker, std::span(far_end).subspan(found_at), std::span(near).subspan(found_at));
  EXPECT_EQ(tracker.delay_samples(), 3200);
  EXPECT_TRUE(tracker.explains());
  EXPECT_LT(LevelFrom(tracked.residual, 50, 1000), LevelFrom(near, kFoundAtMs + 50, 1000) - 15.0) << "at once";
}

TEST(EchoTracker, StaysWhereItIsWhileTheCallerSpeaks) {
  const Samples far_end = AgentSpeech(10'000);
  Samples near = Path{.delay = 1200, .later_delay = 1200}.EchoOf(far_end);
  const Samples caller = MakeSpeechLike({.rate_hz = kRateHz, .duration_ms = 10'000, .level_dbfs = -22.0, .seed = 6}).samples;
  for (size_t i = SamplesIn(3000, kRateHz); i < near.size(); ++i) near[i] += caller[i];
  EchoTracker tracker(kMaxDelayMs);
  tracker.PathFound(1200);
  EXPECT_TRUE(Track(tracker, far_end, near).moved_at.empty());
  EXPECT_TRUE(tracker.proven());
}

// Of what is heard hardly anything is the echo then.
TEST(EchoTracker, ForgetsNothingWhileTheCallerDrownsTheEcho) {
  const Samples far_end = AgentSpeech(12'000);
  const Samples caller = MakeSpeechLike({.rate_hz = kRateHz, .duration_ms = 12'000, .level_dbfs = -14.0, .seed = 9}).samples;
  Samples near = Path{.delay = 1200, .later_delay = 1200}.EchoOf(far_end);
  for (size_t i = 0; i < near.size(); ++i) near[i] *= 0.3f;
  for (size_t i = SamplesIn(4000, kRateHz); i < near.size(); ++i) near[i] += caller[i];
  EchoTracker tracker(kMaxDelayMs);
  tracker.PathFound(1200);
  EXPECT_EQ(Track(tracker, far_end, near).forgotten, 0);
  EXPECT_TRUE(tracker.proven());
}

// What the filter made of the far end half a second ago, when it had learnt nothing, proves nothing.
TEST(EchoTracker, IsProvenAsSoonByAnEchoThatComesLate) {
  const Samples far_end = AgentSpeech(4000);
  const auto blocks_until_proven = [&](size_t delay) {
    const Samples near = Path{.delay = delay, .later_delay = delay}.EchoOf(far_end);
    EchoTracker tracker(kMaxDelayMs);
    tracker.PathFound(static_cast<int>(delay));
    size_t at = 0;
    for (; at + kBlock <= near.size() && !tracker.proven(); at += kBlock) {
      tracker.Process(std::span<const float, kBlock>(far_end.data() + at, kBlock), std::span<const float, kBlock>(near.data() + at, kBlock));
    }
    return static_cast<int>((at - delay) / kBlock);
  };
  const int soon = blocks_until_proven(kBlock * 5);
  EXPECT_LT(soon, 100);
  EXPECT_LE(blocks_until_proven(kBlock * 55), soon + 15);
}

TEST(EchoTracker, IsNotProvenWhereThereIsNoEcho) {
  const Samples far_end = AgentSpeech(8000);
  const Samples caller = MakeSpeechLike({.rate_hz = kRateHz, .duration_ms = 8000, .level_dbfs = -22.0, .seed = 6}).samples;
  EchoTracker tracker(kMaxDelayMs);
  tracker.PathFound(1200);
  (void)Track(tracker, far_end, caller);
  EXPECT_TRUE(tracker.following());
  EXPECT_FALSE(tracker.proven());
}

// A vowel is as much like itself a period later.
TEST(EchoTracker, IsNotMovedByAVowelOrATone) {
  Samples far_end = AgentSpeech(3000);
  Samples vowel(SamplesIn(3000, kRateHz), 0.0f);
  for (int harmonic = 1; harmonic <= 12; ++harmonic) {
    for (size_t i = 0; i < vowel.size(); ++i) {
      vowel[i] += static_cast<float>(4000.0 / harmonic * std::sin(2.0 * std::numbers::pi * 140.0 * harmonic * static_cast<double>(i) / kRateHz));
    }
  }
  far_end.insert(far_end.end(), vowel.begin(), vowel.end());
  const Samples tone = Tone(440.0, -12.0, kRateHz, SamplesIn(3000, kRateHz));
  far_end.insert(far_end.end(), tone.begin(), tone.end());
  const Samples near = Path{.delay = 1200, .later_delay = 1200}.EchoOf(far_end);
  EchoTracker tracker(kMaxDelayMs);
  tracker.PathFound(1200);
  EXPECT_TRUE(Track(tracker, far_end, near).moved_at.empty());
}

TEST(EchoTracker, ForgetsAPathThatHasBecomeAnother) {
  const Samples far_end = AgentSpeech(10'000);
  const Path path{.delay = 1200, .later_delay = 1200, .moves_at = SamplesIn(4000, kRateHz), .inverted = -1.0f};
  const Samples near = path.EchoOf(far_end);
  EchoTracker tracker(kMaxDelayMs);
  tracker.PathFound(1200);
  const Tracked tracked = Track(tracker, far_end, near);
  EXPECT_EQ(tracked.forgotten, 1);
  EXPECT_LT(LevelFrom(tracked.residual, 7000, 3000), LevelFrom(near, 7000, 3000) - 15.0);
}

TEST(EchoTracker, BelievesWhatItFollowsOverWhatIsFoundElsewhere) {
  const Samples far_end = AgentSpeech(4000);
  const Samples near = Path{.delay = 1200, .later_delay = 1200}.EchoOf(far_end);
  EchoTracker tracker(kMaxDelayMs);
  tracker.PathFound(1200);
  (void)Track(tracker, far_end, near);
  tracker.PathFound(3000);
  EXPECT_EQ(tracker.delay_samples(), 1200);
  tracker.PathLost();
  EXPECT_FALSE(tracker.following());
  tracker.PathFound(3000);
  EXPECT_EQ(tracker.delay_samples(), 3000);
}

}  // namespace
}  // namespace talkpath
