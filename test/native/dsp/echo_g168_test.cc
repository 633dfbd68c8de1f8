// In the manner of ITU-T G.168, with recordings of people for its composite source signal.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/audio_format.h"
#include "dsp/echo_case.h"
#include "support/build.h"
#include "support/figures.h"
#include "support/hybrids.h"
#include "support/recordings.h"
#include "support/test_names.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kRateHz = kEchoRateHz;

std::unique_ptr<EchoCanceller> Canceller(EchoCancellation when = EchoCancellation::kAuto) {
  return std::move(*EchoCanceller::Create(kRateHz, 1200, when));
}

EchoLineSpec Line(int hybrid, const Samples& far_end, int delay_ms = 200) {
  return {.response = ScaledToLose(HybridResponse(hybrid), far_end), .return_loss_db = 10.0, .delay_ms = delay_ms, .codec = Codec::kMulaw, .noise_dbfs = -70.0};
}

double LevelFrom(std::span<const float> samples, int from_ms, int duration_ms) {
  return LevelDbfs(samples.subspan(SamplesIn(from_ms, kRateHz), SamplesIn(duration_ms, kRateHz)));
}

class EchoOfHybrid : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(D, EchoOfHybrid, testing::Range(2, 2 + kHybrids), kByNumber);

TEST_P(EchoOfHybrid, IsFoundAndRemovedAtEveryReturnLossCodecAndDelay) {
  TALKPATH_NEEDS_RECORDINGS();
  constexpr int kOfHybrid = kEchoCases / kHybrids;
  const int first = (GetParam() - 2) * kOfHybrid;
  for (int i = first; i < first + kOfHybrid; i += Shortened(1, 27)) {
    const EchoCase c = EchoCaseAt(i);
    const bool double_talk = i % 5 == 3;
    const EchoCaseResult result = RunEchoCase(c, double_talk);
    ASSERT_TRUE(result.lock_ms) << NameOf(c) << ": was not found";
    EXPECT_LE(*result.lock_ms, 1000.0) << NameOf(c);
    EXPECT_LE(result.residual_dbfs, -50.0) << NameOf(c);
    if (!double_talk) continue;
    ASSERT_TRUE(result.caller_loss_db) << NameOf(c) << ": the caller was not heard";
    EXPECT_LE(*result.caller_loss_db, 3.0) << NameOf(c) << ": the caller in double talk";
  }
}

// 2A: the path changes to another hybrid in mid-speech.
TEST_P(EchoOfHybrid, IsMostlyRemovedOneSecondAfterAnotherHybridTookItsPlaceAndRemovedAfterTwoAndAHalf) {
  TALKPATH_NEEDS_RECORDINGS();
  const Samples far_end = AgentSpeech(static_cast<size_t>(GetParam() * 11), 12'000);
  EchoLine line(Line(GetParam() - 2, far_end));
  const size_t half = far_end.size() / 2;
  Samples near = line.Process(std::span(far_end).first(half));
  line.set_response(ScaledToLose(HybridResponse((GetParam() - 1) % kHybrids), far_end));
  const Samples after = line.Process(std::span(far_end).subspan(half));
  near.insert(near.end(), after.begin(), after.end());
  const Samples far = ToEchoRate(far_end);
  const EchoTrace trace = RunCanceller(*Canceller(), far, ToEchoRate(near));
  const std::vector<bool> returns = AgentReturns(far, 200.0);
  const auto settled_ms = [&](int from_ms) { return kBlockMs * static_cast<int>(SettledFrom(returns, static_cast<size_t>(from_ms / kBlockMs))); };
  EXPECT_LT(LevelFrom(trace.out, settled_ms(0), 6000 - settled_ms(0)), -50.0) << "before";
  EXPECT_LT(LevelFrom(trace.out, settled_ms(6000), 12'000 - settled_ms(6000)), -40.0) << "after a second of the agent's speech";
  EXPECT_LT(LevelFrom(trace.out, 8500, 3500), -50.0) << "after 2.5 s";
}

class EchoAfterStep : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(, EchoAfterStep, testing::Values(-100, -60, -40, -20, 20, 40, 60, 100),
                         [](const auto& step) { return (step.param < 0 ? "Minus" : "Plus") + std::to_string(std::abs(step.param)); });

TEST_P(EchoAfterStep, IsFoundAgainWithinASecondOfSpeech) {
  TALKPATH_NEEDS_RECORDINGS();
  for (int hybrid = 0; hybrid < kHybrids; hybrid += Shortened(1, 4)) {
    const Samples far_end = AgentSpeech(static_cast<size_t>(hybrid * 13), 10'000);
    EchoLine line(Line(hybrid, far_end, 300));
    const size_t half = far_end.size() / 2;
    Samples near = line.Process(std::span(far_end).first(half));
    line.set_delay_ms(300 + GetParam());
    const Samples after = line.Process(std::span(far_end).subspan(half));
    near.insert(near.end(), after.begin(), after.end());
    const Samples far = ToEchoRate(far_end);
    const EchoTrace trace = RunCanceller(*Canceller(), far, ToEchoRate(near));
    const double delay_ms = 300.0 + GetParam();
    const std::optional<double> lock_ms = LockMs(trace, AgentReturns(far, delay_ms), delay_ms, kLatestPeakMs, trace.delay_ms.size() / 2);
    ASSERT_TRUE(lock_ms) << hybrid;
    EXPECT_LE(*lock_ms, 1000.0) << hybrid;
    EXPECT_LT(LevelFrom(trace.out, 7500, 2500), -45.0) << hybrid;
  }
}

// A jump is farther than a jitter buffer moves it, and the delay it comes back to has been found before.
TEST(EchoAfterJumps, IsFoundAgainWhereverItGoes) {
  TALKPATH_NEEDS_RECORDINGS();
  constexpr int kLegMs = 5000;
  for (int hybrid = 0; hybrid < kHybrids; hybrid += Shortened(1, 4)) {
    constexpr int kDelaysMs[] = {300, 450, 150, 350, 300};
    const Samples far_end = AgentSpeech(static_cast<size_t>(hybrid * 13), kLegMs * static_cast<int>(std::size(kDelaysMs)));
    EchoLine line(Line(hybrid, far_end, kDelaysMs[0]));
    Samples near;
    for (size_t leg = 0; leg < std::size(kDelaysMs); ++leg) {
      line.set_delay_ms(kDelaysMs[leg]);
      const size_t samples = SamplesIn(kLegMs, 8000);
      const Samples more = line.Process(std::span(far_end).subspan(leg * samples, samples));
      near.insert(near.end(), more.begin(), more.end());
    }
    const EchoTrace trace = RunCanceller(*Canceller(), ToEchoRate(far_end), ToEchoRate(near));
    for (size_t leg = 0; leg < std::size(kDelaysMs); ++leg) {
      const int end_ms = kLegMs * static_cast<int>(leg + 1);
      EXPECT_LT(LevelFrom(trace.out, end_ms - 1500, 1500), -45.0) << hybrid << ", leg " << leg;
      EXPECT_NEAR(trace.delay_ms[static_cast<size_t>(end_ms / kBlockMs - 1)], kDelaysMs[leg] + kLatestPeakMs / 2.0, 6.5) << hybrid << ", leg " << leg;
    }
  }
}

// 4: a long silence does not undo what was learnt.
TEST(Echo, StaysLearntThroughTwoMinutesOfSilence) {
  TALKPATH_NEEDS_RECORDINGS();
  const int silence_ms = Shortened(120'000, 20'000);
  Samples far_end = AgentSpeech(3, 6000);
  const Samples more = AgentSpeech(40, 3000);
  far_end.resize(far_end.size() + SamplesIn(silence_ms, 8000));
  far_end.insert(far_end.end(), more.begin(), more.end());
  const EchoTrace trace = RunCanceller(*Canceller(), ToEchoRate(far_end), ToEchoRate(EchoLine(Line(2, more)).Process(far_end)));
  EXPECT_LT(LevelFrom(trace.out, 6000 + silence_ms, 3000), -50.0) << "from the first word on";
}

// 5: an open path.
TEST(Echo, ThatIsNotThereLeavesTheCallerBitByBitAsHeIs) {
  TALKPATH_NEEDS_RECORDINGS();
  for (size_t caller = 0; caller < 24; caller += static_cast<size_t>(Shortened(3, 12))) {
    const Samples far = ToEchoRate(AgentSpeech(caller * 5, 8000));
    const Samples said = ToEchoRate(CallerSpeech(caller, 8000, -22.0));
    const EchoTrace trace = RunCanceller(*Canceller(), far, said);
    EXPECT_EQ(trace.out, said) << caller;
  }
}

// How much quieter an echo of `far_end` becomes by the five seconds after the first three.
double RemovedDb(int hybrid, const Samples& far_end) {
  const Samples line = ToEchoRate(EchoLine(Line(hybrid, far_end)).Process(far_end));
  const EchoTrace trace = RunCanceller(*Canceller(), ToEchoRate(far_end), line);
  return LevelFrom(line, 3000, 5000) - LevelFrom(trace.out, 3000, 5000);
}

TEST_P(EchoOfHybrid, OfKeysIsRemoved) {
  Samples keys(SamplesIn(8000, 8000), 0.0f);
  constexpr double kRowsHz[] = {697.0, 770.0, 852.0, 941.0};
  constexpr double kColumnsHz[] = {1209.0, 1336.0, 1477.0};
  for (int key = 0; key < 40; ++key) {
    const size_t at = SamplesIn(200 * key, 8000);
    const Samples row = Tone(kRowsHz[key % 4], -17.0, 8000, SamplesIn(100, 8000));
    const Samples column = Tone(kColumnsHz[key % 3], -17.0, 8000, SamplesIn(100, 8000));
    for (size_t i = 0; i < row.size(); ++i) keys[at + i] = row[i] + column[i];
  }
  const double removed_db = RemovedDb(GetParam() - 2, keys);
  PrintFigure("keys, dB removed", removed_db);
  EXPECT_GT(removed_db, 22.0);
}

// Five pieces at three places each. A piece that begins with a held chord or a beat gives no delay away for seconds.
TEST_P(EchoOfHybrid, OfMusicIsRemovedWhereItCanBeTold) {
  TALKPATH_NEEDS_RECORDINGS();
  std::vector<double> removed_db;
  for (const Recording& piece : Recordings::Music()) {
    for (int from_ms = 0; from_ms < 60'000; from_ms += Shortened(20'000, 60'000)) {
      const auto from = piece.samples.begin() + static_cast<long>(SamplesIn(from_ms, 8000));
      Samples music(from, from + static_cast<long>(SamplesIn(8000, 8000)));
      SetLevel(music, -20.0);
      removed_db.push_back(RemovedDb(GetParam() - 2, music));
    }
  }
  std::ranges::sort(removed_db);
  for (const double each : removed_db) PrintFigure("music, dB removed", each);
  EXPECT_GT(removed_db[removed_db.size() / 2], (kSanitized ? 5.0 : 23.0)) << "the middle one";
  EXPECT_GT(removed_db[removed_db.size() / 5], (kSanitized ? 0.5 : 13.0)) << "all but a fifth";
}

// The caller's own keys and hold music are not an echo of the agent.
TEST(Echo, IsNotSeenInTheCallersKeysOrMusic) {
  TALKPATH_NEEDS_RECORDINGS();
  Samples music = Recordings::Music().back().samples;
  music.resize(SamplesIn(15'000, 8000));
  SetLevel(music, -20.0);
  const Samples line = ToEchoRate(music);
  EXPECT_EQ(RunCanceller(*Canceller(), ToEchoRate(AgentSpeech(9, 15'000)), line).out, line);
}

// A loudspeaker that clips, in a room.
TEST(Echo, OfASpeakerPhoneIsMostlyRemoved) {
  TALKPATH_NEEDS_RECORDINGS();
  Random random(5);
  std::vector<float> room(1200);
  double energy = 0.0;
  for (size_t i = 0; i < room.size(); ++i) {
    room[i] = static_cast<float>(random.Gaussian() * std::exp(-static_cast<double>(i) / 240.0));
    energy += room[i] * room[i];
  }
  for (float& tap : room) tap *= static_cast<float>(0.7 / std::sqrt(energy));
  room[0] += 0.7f;  // straight from the loudspeaker
  const Samples far_end = AgentSpeech(21, 10'000);
  for (double clips_at_dbfs : {0.0, -14.0}) {
    const EchoLineSpec spec{.response = ScaledToLose(room, far_end), .return_loss_db = 6.0, .delay_ms = 180, .codec = Codec::kMulaw, .noise_dbfs = -65.0, .clips_at_dbfs = clips_at_dbfs};
    const Samples line = ToEchoRate(EchoLine(spec).Process(far_end));
    const EchoTrace trace = RunCanceller(*Canceller(), ToEchoRate(far_end), line);
    EXPECT_GT(LevelFrom(line, 3000, 7000) - LevelFrom(trace.out, 3000, 7000), 20.0) << clips_at_dbfs;
  }
}

}  // namespace
}  // namespace talkpath
