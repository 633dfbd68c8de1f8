// An hour of a call in seconds, the same for the same seed, with what must hold whatever happens.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "session/simulated_call.h"
#include "support/build.h"
#include "support/clicks.h"
#include "support/test_names.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kHourMs = 3'600'000;

// One hour a seed, looked at by all tests.
const SimulatedOutcome& Hour(uint64_t seed) {
  static std::map<uint64_t, SimulatedOutcome> hours;
  const auto [hour, is_new] = hours.try_emplace(seed);
  if (is_new) hour->second = SimulatedCall(seed).Run(Shortened(kHourMs, kHourMs / 60));
  return hour->second;
}

double GapMs(const SimulatedOutcome& outcome, GapCause cause) { return outcome.snapshot.gaps[static_cast<size_t>(cause)].ms; }

class SimulatedHourOfACall : public testing::TestWithParam<uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, SimulatedHourOfACall, testing::Values(1, 2), kByNumber);

TEST_P(SimulatedHourOfACall, BreaksNoRule) {
  for (const std::string& rule : Hour(GetParam()).broken) ADD_FAILURE() << rule;
}

TEST_P(SimulatedHourOfACall, AccountsForEveryFrame) {
  const SimulatedOutcome& hour = Hour(GetParam());
  const uint64_t made = hour.frames_of_speech + hour.frames_concealed + hour.frames_of_silence;
  EXPECT_DOUBLE_EQ(static_cast<double>(made * kFrameMs),
                   static_cast<double>(hour.snapshot.frames_out * kFrameMs) + GapMs(hour, GapCause::kLineBackPressure));
  EXPECT_NEAR(static_cast<double>(made * kFrameMs) + GapMs(hour, GapCause::kEngineLate), hour.elapsed_ms, 120.0)
      << "five frames may still be caught up with";
}

TEST_P(SimulatedHourOfACall, BlamesSomebodyForEveryMillisecondThatWasConcealed) {
  const SimulatedOutcome& hour = Hour(GetParam());
  EXPECT_NEAR(GapMs(hour, GapCause::kProviderLate) + GapMs(hour, GapCause::kControlStalled), hour.snapshot.concealed_ms, kFrameMs);
}

TEST_P(SimulatedHourOfACall, GivesTheAgentTheCallersTime) {
  const SimulatedOutcome& hour = Hour(GetParam());
  const double dropped_ms = static_cast<double>(hour.snapshot.agent_samples_dropped) / 16.0;
  EXPECT_GT(hour.agent_ms + dropped_ms, hour.elapsed_ms - GapMs(hour, GapCause::kEngineLate) - 1500.0);
  EXPECT_LT(hour.agent_ms + dropped_ms, hour.elapsed_ms + 6000.0);
}

TEST_P(SimulatedHourOfACall, SawEverythingHappen) {
  const SimulatedOutcome& hour = Hour(GetParam());
  const double minutes = hour.elapsed_ms / 60'000.0;
  EXPECT_GT(static_cast<double>(hour.replies_ended), minutes);
  EXPECT_GT(static_cast<double>(hour.speech_starts), minutes);
  if (kSanitized) return;
  EXPECT_GT(static_cast<double>(hour.replies_flushed), minutes / 4.0);
  for (GapCause cause : {GapCause::kProviderLate, GapCause::kControlStalled, GapCause::kEngineLate, GapCause::kLineBackPressure}) {
    EXPECT_GT(GapMs(hour, cause), 0.0) << static_cast<int>(cause);
  }
  EXPECT_GT(hour.snapshot.trimmed_ms, 0.0);
  EXPECT_GT(hour.snapshot.line_ms_missing, 0u);
}

// The agent's voice has little treble, so a click would stand out; at a wrong rate it bends more sharply by itself.
TEST_P(SimulatedHourOfACall, DoesNotClick) {
  const Samples voice = ToSamples(SimulatedAgent(GetParam()).voice());
  const double natural = FindSharpestBend(voice).second_difference * SimulatedAgent::kWrongRateFactor * SimulatedAgent::kWrongRateFactor;
  const double abrupt = *std::ranges::max_element(voice);  // where its loudest sample is followed by silence
  ASSERT_GT(abrupt, 4.0 * natural);
  EXPECT_LT(Hour(GetParam()).sharpest_bend, 1.7 * natural);
}

TEST(SimulatedCall, IsTheSameForTheSameSeedAndAnotherForAnother) {
  constexpr int kMinutesMs = 300'000;
  const int duration_ms = Shortened(kMinutesMs, kMinutesMs / 10);
  const SimulatedOutcome first = SimulatedCall(7).Run(duration_ms);
  const SimulatedOutcome again = SimulatedCall(7).Run(duration_ms);
  const SimulatedOutcome other = SimulatedCall(8).Run(duration_ms);
  EXPECT_EQ(first.line_hash, again.line_hash);
  EXPECT_EQ(first.agent_hash, again.agent_hash);
  EXPECT_EQ(first.event_hash, again.event_hash);
  for (size_t cause = 0; cause < kGapCauses; ++cause) {
    EXPECT_EQ(first.snapshot.gaps[cause].episodes, again.snapshot.gaps[cause].episodes);
    EXPECT_EQ(first.snapshot.gaps[cause].ms, again.snapshot.gaps[cause].ms);
  }
  EXPECT_NE(first.line_hash, other.line_hash);
  EXPECT_NE(first.agent_hash, other.agent_hash);
  EXPECT_NE(first.event_hash, other.event_hash);
}

}  // namespace
}  // namespace talkpath
