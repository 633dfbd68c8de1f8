// The ledger of gaps after each thing that agents, networks and threads do to a reply: who is blamed, and for how much.
#include <gtest/gtest.h>

#include "session/scheduled_agent.h"
#include "support/figures.h"
#include "support/speech_like.h"
#include "support/test_names.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kDefaultStartMs = 80;

Pcm Speech(int duration_ms, int rate_hz = 8000) { return ToPcm(MakeSpeechLike({.rate_hz = rate_hz, .duration_ms = duration_ms, .seed = 5}).samples); }

// All that was concealed is `cause`'s, gap by gap, and nobody else is blamed for anything.
void ExpectAllBlamedOn(GapCause cause, DownlinkDriver& driver) {
  const SessionSnapshot snapshot = driver.Snapshot();
  for (size_t i = 0; i < kGapCauses; ++i) {
    const bool blamed = static_cast<GapCause>(i) == cause;
    EXPECT_DOUBLE_EQ(snapshot.gaps[i].ms, blamed ? snapshot.concealed_ms : 0.0) << "cause " << i;
    EXPECT_EQ(snapshot.gaps[i].episodes, blamed ? snapshot.concealment_events : 0u) << "cause " << i;
  }
}

// How a reply of 10 s comes, and what of it is late.
struct Stress {
  const char* name;
  int announced_hz;
  int spoken_hz;
  Schedule (*schedule)();
  double least_late_ms = 0.0;
  double most_late_ms = 0.0;
};

Schedule Jittered(double most_ms) {
  Random random(1);
  return MakePaced({.late_ms = [&](int) { return most_ms * random.Uniform(); }});
}

const Stress kStresses[] = {
    {"TenSecondsWithinAHundredMilliseconds", 8000, 8000, [] { return MakeBurst(8000, 10'000, 100, 100); }},
    {"TheSameAtTwentyFourKilohertz", 24000, 24000, [] { return MakeBurst(24000, 10'000, 100, 100); }},
    {"DripsOfASample", 8000, 8000, [] { return MakePaced({.piece_ms = 0.125}); }},
    {"DripsOfAMillisecond", 8000, 8000, [] { return MakePaced({.piece_ms = 1.0}); }},
    {"PiecesOfAHundredMilliseconds", 8000, 8000, [] { return MakePaced({.piece_ms = 100.0}); }},
    {"JitterOfSixtyMilliseconds", 8000, 8000, [] { return Jittered(60.0); }},
    {"JitterThatNobodyKnew", 8000, 8000, [] { return Jittered(200.0); }, 20.0, 1000.0},
    {"SixteenKilohertzAnnouncedAsTwentyFour", 24000, 16000, [] { return MakePaced({.rate_hz = 16000}); }, 3000.0, 3600.0},
    {"SixteenKilohertzAnnouncedAsEight", 8000, 16000, [] { return MakePaced({.rate_hz = 16000}); }},
};

class DownlinkLedger : public testing::TestWithParam<Stress> {};
INSTANTIATE_TEST_SUITE_P(After, DownlinkLedger, testing::ValuesIn(kStresses), [](const auto& test) { return std::string(test.param.name); });

TEST_P(DownlinkLedger, BlamesTheProviderForWhatWasLateAndForNothingElse) {
  const Stress& stress = GetParam();
  ScheduledAgent agent(kDefaultStartMs, stress.announced_hz);
  agent.Say(Speech(10'000, stress.spoken_hz), stress.schedule());
  ExpectAllBlamedOn(GapCause::kProviderLate, agent.driver());
  EXPECT_GE(agent.driver().Snapshot().concealed_ms, stress.least_late_ms);
  EXPECT_LE(agent.driver().Snapshot().concealed_ms, stress.most_late_ms);
}

class DownlinkLedgerOfStalls : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Ms, DownlinkLedgerOfStalls, testing::Values(20, 60, 100, 200, 300, 500), kByNumber);

enum class Who { kProvider, kControlThread };

// Stalls for `stall_ms` after the agent has shown to be steady, so that little is queued.
void StallSteadyReply(ScheduledAgent& agent, Who who, int stall_ms) {
  constexpr int kStallsAtMs = 1010;
  for (int reply = 0; reply < 5; ++reply) agent.Say(Speech(2000), MakePaced({.reply_ms = 2000}));
  if (who == Who::kControlThread) agent.StallControl(kStallsAtMs, stall_ms);
  agent.Say(Speech(3000), MakeStalled(3000, kStallsAtMs, stall_ms));
}

TEST_P(DownlinkLedgerOfStalls, BlamesTheProviderWhoseAudioStalls) {
  ScheduledAgent agent(kDefaultStartMs);
  StallSteadyReply(agent, Who::kProvider, GetParam());
  ExpectAllBlamedOn(GapCause::kProviderLate, agent.driver());
  EXPECT_NEAR(agent.driver().Snapshot().concealed_ms, GetParam(), 2 * kFrameMs);
  PrintFigure("ms concealed of a steady agent", agent.driver().Snapshot().concealed_ms);
}

TEST_P(DownlinkLedgerOfStalls, BlamesTheControlThreadFromTheFirstMomentOfItsStall) {
  constexpr int kPlainMs = 60;  // a shorter one is not told from a provider that is late
  ScheduledAgent agent(kDefaultStartMs);
  StallSteadyReply(agent, Who::kControlThread, GetParam());
  ExpectAllBlamedOn(GetParam() < kPlainMs ? GapCause::kProviderLate : GapCause::kControlStalled, agent.driver());
  EXPECT_NEAR(agent.driver().Snapshot().concealed_ms, GetParam(), 2 * kFrameMs);
}

TEST(DownlinkLedger, BlamesEachForItsOwnWhereBothAreLate) {
  DownlinkDriver driver;
  driver.Say(1, Pcm(SamplesIn(100, 8000), 1000));
  driver.Frames(5 + 10);  // the provider is 200 ms late
  driver.set_agent_stalls(true);
  driver.Frames(20);
  driver.set_agent_stalls(false);
  driver.Frames(5);
  EXPECT_NEAR(driver.Gap(GapCause::kProviderLate).ms, 300.0, kFrameMs);
  EXPECT_NEAR(driver.Gap(GapCause::kControlStalled).ms, 400.0, kFrameMs);
  EXPECT_EQ(driver.Gap(GapCause::kControlStalled).episodes, 1u);
  EXPECT_DOUBLE_EQ(driver.Gap(GapCause::kProviderLate).ms + driver.Gap(GapCause::kControlStalled).ms, driver.Snapshot().concealed_ms);
}

// A control thread that is only slow to come does not cut one gap into many.
TEST(DownlinkLedger, CountsOneGapAsOneHoweverSlowlyTheControlThreadComes) {
  DownlinkDriver driver;
  driver.Say(1, Pcm(SamplesIn(100, 8000), 1000));
  driver.Frames(5);
  for (int i = 0; i < 20; ++i) {
    driver.set_agent_stalls(i % 2 == 0);
    driver.Frames(2);
  }
  driver.set_agent_stalls(false);
  driver.Frames(1);
  ExpectAllBlamedOn(GapCause::kProviderLate, driver);
  EXPECT_EQ(driver.Gap(GapCause::kProviderLate).episodes, 1u);
}

TEST(DownlinkLedger, KnowsNoGapInTheAudioOfTurnsThatAreOver) {
  DownlinkDriver driver;
  driver.SayAll(1, Speech(1000));
  driver.Frames(20);
  driver.Flush(1);
  driver.Frames(2);
  driver.SayAll(2, Speech(500));
  for (int piece = 0; piece < 40; ++piece) {
    driver.Say(1, Speech(20), piece % 2 ? 8000 : 24000);
    driver.Frames(1);
  }
  ExpectAllBlamedOn(GapCause::kProviderLate, driver);
  EXPECT_EQ(driver.Snapshot().concealed_ms, 0.0);
}

TEST(DownlinkLedger, KnowsNoGapWhereAReplyChangesItsRate) {
  DownlinkDriver driver;
  int rate_hz = 8000;
  for (int piece = 0; piece < 12; ++piece, rate_hz = rate_hz == 24000 ? 8000 : rate_hz + 8000) driver.Say(1, Speech(70, rate_hz), rate_hz);
  driver.Say(1, {}, 8000, true);
  driver.Frames(60);
  ExpectAllBlamedOn(GapCause::kProviderLate, driver);
  EXPECT_EQ(driver.Snapshot().concealed_ms, 0.0);
}

}  // namespace
}  // namespace talkpath
