// Agents that stall, flood, drip or lie about their rate: what is heard, what is trimmed, and who is blamed.
#include <gtest/gtest.h>

#include "session/scheduled_agent.h"
#include "support/clicks.h"
#include "support/figures.h"
#include "support/speech_like.h"
#include "support/test_names.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kDefaultStartMs = 80;
constexpr int kReplyMs = 6000;

// A reply whose pauses are digital silence and whose words never are.
Pcm Speech(int duration_ms, uint64_t seed) {
  return ToPcm(MakeSpeechLike({.rate_hz = 8000, .duration_ms = duration_ms, .seed = seed, .pause_ms = 400}).samples);
}

size_t LoudSamples(std::span<const int16_t> samples) {
  return static_cast<size_t>(std::ranges::count_if(samples, [](int16_t sample) { return sample > 100 || sample < -100; }));
}

class DownlinkStalls : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Ms, DownlinkStalls, testing::Values(20, 40, 60, 100, 200, 300, 500), kByNumber);

TEST_P(DownlinkStalls, AreConcealedOnceBlamedOnTheProviderAndCostNoWord) {
  const int stall_ms = GetParam();
  ScheduledAgent agent(kDefaultStartMs);
  const Pcm reply = Speech(kReplyMs, 3);
  const Heard heard = agent.Say(reply, MakeStalled(kReplyMs, 2020, stall_ms));
  const GapCount gap = agent.driver().Gap(GapCause::kProviderLate);
  if (stall_ms <= 60) {
    EXPECT_EQ(heard.concealed_ms, 0.0);
    EXPECT_EQ(gap.episodes, 0u);
  } else {
    EXPECT_EQ(gap.episodes, 1u);
    EXPECT_EQ(agent.driver().Snapshot().concealment_events, 1u);
    EXPECT_NEAR(gap.ms, stall_ms - 60.0, kFrameMs);
    EXPECT_DOUBLE_EQ(gap.ms, heard.concealed_ms);
  }
  PrintFigure("ms concealed", heard.concealed_ms);
  EXPECT_EQ(agent.driver().Gap(GapCause::kControlStalled).ms, 0.0);
  const double said = static_cast<double>(LoudSamples(reply));
  EXPECT_GE(static_cast<double>(LoudSamples(heard.line)), 0.995 * said) << "every word is heard";
}

// How long audio waits, 1 s after the stall and in the two seconds from there on.
TEST_P(DownlinkStalls, AreMadeUpForWithinASecondWhereTheAgentIsSilent) {
  const int stall_ms = GetParam();
  constexpr double kMadeUpForMs = kDefaultStartMs + kFrameMs;  // what an agent that nobody knows may have queued
  double longest_ms = 0.0;
  for (uint64_t seed : {1u, 2u, 3u, 4u, 5u, 6u}) {
    ScheduledAgent agent(kDefaultStartMs);
    // A word, a pause of half a second, a word: within each second there is silence enough.
    Pcm reply = ToPcm(MakeSpeechLike({.rate_hz = 8000, .duration_ms = kReplyMs, .seed = seed, .pause_ms = 0}).samples);
    for (int second = 0; second < kReplyMs / 1000; ++second) {
      std::fill_n(reply.begin() + static_cast<long>(SamplesIn(1000 * second + 450, 8000)), SamplesIn(550, 8000), int16_t{0});
    }
    std::vector<double> depths;
    const Heard heard = agent.Say(reply, MakeStalled(kReplyMs, 2020, stall_ms), 0.0, &depths);
    EXPECT_LE(ScheduledAgent::Deepest(depths, 2020 + stall_ms + 1000, 4500), kMadeUpForMs) << seed;
    EXPECT_LE(heard.trimmed_ms, stall_ms + 80.0) << seed;
    for (int late_ms = 0; late_ms < 2000; late_ms += kFrameMs) {
      if (depths[static_cast<size_t>((2020 + stall_ms + late_ms) / kFrameMs)] > kMadeUpForMs) longest_ms = std::max<double>(longest_ms, late_ms + kFrameMs);
    }
  }
  PrintFigure("ms until it was made up for, at the most", longest_ms);
}

TEST(DownlinkFloods, LoseNothingAndAreNotTrimmed) {
  for (int rate_hz : {8000, 24000}) {
    ScheduledAgent agent(kDefaultStartMs, rate_hz);
    const Pcm reply = ToPcm(MakeSpeechLike({.rate_hz = rate_hz, .duration_ms = 10'000}).samples);
    const Heard heard = agent.Say(reply, MakeBurst(rate_hz, 10'000, 100, 100));
    EXPECT_EQ(heard.concealed_ms + heard.trimmed_ms + heard.stretched_ms, 0.0);
    if (rate_hz == 8000) {
      EXPECT_NE(std::ranges::search(heard.line, reply).begin(), heard.line.end()) << "sample by sample";
    }
  }
}

// Twice as fast as speech, and then it stalls: what is queued is no delay, so nothing is trimmed.
TEST(DownlinkFloods, AreNotTrimmedAfterAStallEither) {
  ScheduledAgent agent(kDefaultStartMs);
  Schedule schedule = MakePaced({.reply_ms = kReplyMs, .fast_ppm = 1e6});
  for (Arrival& arrival : schedule) {
    if (arrival.at_ms > 500.0) arrival.at_ms += 800.0;
  }
  const Heard heard = agent.Say(Speech(kReplyMs, 2), schedule);
  EXPECT_GT(heard.concealed_ms, 0.0);
  EXPECT_EQ(heard.trimmed_ms, 0.0);
}

// A voice that speaks sentence by sentence, now and then slower than it is heard.
TEST(DownlinkFloods, KeepThePausesBetweenSentencesThatComeOneByOne) {
  ScheduledAgent agent(kDefaultStartMs);
  Schedule schedule;
  for (int sentence = 0; sentence < 6; ++sentence) schedule.push_back({sentence * (sentence > 3 ? 1400.0 : 600.0), SamplesIn(1000, 8000)});
  const Heard heard = agent.Say(Speech(6000, 2), schedule);
  EXPECT_EQ(heard.trimmed_ms + heard.stretched_ms, 0.0);
}

TEST(DownlinkDrips, OfAMillisecondOrASampleAreHeardWhole) {
  for (double piece_ms : {0.125, 1.0, 5.0}) {
    ScheduledAgent agent(kDefaultStartMs);
    const Pcm reply = Speech(2000, 4);
    const Heard heard = agent.Say(reply, MakePaced({.reply_ms = 2000, .piece_ms = piece_ms}));
    EXPECT_EQ(heard.concealed_ms, 0.0) << piece_ms;
    EXPECT_EQ(LoudSamples(heard.line), LoudSamples(reply)) << piece_ms;
  }
}

TEST(DownlinkDrips, OfAHundredMillisecondsAreNotTakenForJitter) {
  ScheduledAgent agent(kDefaultStartMs);
  for (int i = 0; i < 6; ++i) {
    const Heard heard = agent.Say(Speech(5000, 4), MakePaced({.reply_ms = 5000, .piece_ms = 100.0}));
    EXPECT_EQ(heard.concealed_ms, 0.0);
  }
  EXPECT_LE(agent.driver().Snapshot().playout_start_ms, 30.0);
}

// The pause stays one, whatever there is to catch up with.
TEST(DownlinkTrimming, LeavesAPauseThatIsOne) {
  ScheduledAgent agent(kDefaultStartMs);
  Pcm reply(SamplesIn(kReplyMs, 8000), 3000);
  for (size_t pause_ms : {2700u, 3500u, 4500u}) std::fill_n(reply.begin() + static_cast<long>(8 * pause_ms), SamplesIn(300, 8000), int16_t{0});
  const Heard heard = agent.Say(reply, MakeStalled(kReplyMs, 2020, 500));
  EXPECT_GT(heard.trimmed_ms, 300.0);
  int pauses = 0;
  for (auto at = heard.line.begin(); (at = std::search_n(at, heard.line.end(), SamplesIn(100, 8000), int16_t{0})) != heard.line.end(); ++pauses) {
    at = std::find_if(at, heard.line.end(), [](int16_t sample) { return sample != 0; });
  }
  EXPECT_GE(pauses, 1 + 3) << "the silence before the reply, and those in it";
}

// A tone without a pause has none that could be shortened, unless all of it is one.
TEST(DownlinkTrimming, TakesForAPauseWhatIsBelowMinusFiftyDecibelsAndNothingElse) {
  for (double dbfs : {-49.0, -51.0}) {
    ScheduledAgent agent(kDefaultStartMs);
    const Heard heard = agent.Say(ToPcm(Tone(300.0, dbfs, 8000, SamplesIn(kReplyMs, 8000))), MakeStalled(kReplyMs, 2020, 500));
    if (dbfs > -50.0) EXPECT_EQ(heard.trimmed_ms, 0.0);
    else EXPECT_GT(heard.trimmed_ms, 300.0);
  }
}

// Announced as 24 kHz, but it was 16: a third of the time there is nothing to play, and all of it is the provider's.
TEST(DownlinkWrongRates, LeaveGapsThatAddUpToWhatWasMissing) {
  ScheduledAgent agent(kDefaultStartMs, 24000);
  const Schedule schedule = MakePaced({.rate_hz = 16000, .reply_ms = 9000});
  const Heard heard = agent.Say(Pcm(16000 * 9, 5000), schedule);
  EXPECT_NEAR(heard.concealed_ms, 3000.0, 250.0);
  EXPECT_DOUBLE_EQ(agent.driver().Gap(GapCause::kProviderLate).ms, heard.concealed_ms);
  EXPECT_LT(agent.driver().Gap(GapCause::kProviderLate).episodes, 60u) << "few long gaps rather than many short ones";
  EXPECT_EQ(heard.trimmed_ms, 0.0);
}

// Announced as 8 kHz, but it was 16: it comes twice as fast as it is played.
TEST(DownlinkWrongRates, QueueWhatComesTooFast) {
  ScheduledAgent agent(kDefaultStartMs, 8000);
  const Heard heard = agent.Say(Pcm(16000 * 3, 5000), MakePaced({.rate_hz = 16000, .reply_ms = 3000}));
  EXPECT_EQ(heard.concealed_ms + heard.trimmed_ms, 0.0);
  EXPECT_GE(LoudSamples(heard.line), 16000u * 3 - 8u);
}

}  // namespace
}  // namespace talkpath
