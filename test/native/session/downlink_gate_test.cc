// Pause, resume and flush: what the line hears of them, and what is lost.
#include <gtest/gtest.h>

#include "session/downlink_driver.h"
#include "support/clicks.h"

namespace talkpath {
namespace {

using namespace test;

constexpr size_t kFadeSamples = SamplesIn(5, 8000);

TEST(DownlinkGate, FadesOutWithinFiveMillisecondsOfAPause) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(8000, 10'000));
  driver.Frames(10);
  driver.downlink().Pause();
  const Pcm heard = driver.Frames(5);
  EXPECT_GT(heard[0], 9000) << "it begins where it was";
  for (size_t i = 1; i < kFadeSamples; ++i) EXPECT_LT(heard[i], heard[i - 1]);
  EXPECT_TRUE(Silent(std::span(heard).subspan(kFadeSamples)));
}

TEST(DownlinkGate, SaysWhatWasPlayedWhenItPaused) {
  DownlinkDriver driver;
  driver.SayAll(2, Pcm(8000, 10'000));
  driver.Frames(10);
  driver.downlink().Pause();
  driver.Frames(5);
  const auto events = driver.Milestones();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1].type, SessionEventType::kPlayoutPaused);
  EXPECT_EQ(events[1].turn, 2u);
  EXPECT_DOUBLE_EQ(events[1].played_ms, 205.0);
}

TEST(DownlinkGate, GoesOnWhereItPausedWithoutLosingASample) {
  DownlinkDriver driver;
  driver.SayAll(1, Ramp(1, 8000));
  Pcm heard = driver.Frames(10);
  driver.downlink().Pause();
  const Pcm paused = driver.Frames(50);
  driver.downlink().Resume();
  const Pcm after = driver.Frames(60);
  EXPECT_EQ(heard, Ramp(1, 1600));
  const auto end = after.begin() + static_cast<long>(8000 - 1600 - kFadeSamples);
  // After the fade-in each sample is the next of the ramp.
  EXPECT_EQ(Pcm(after.begin() + kFadeSamples, end), Ramp(1601 + 2 * static_cast<int>(kFadeSamples), 8000 - 1600 - 2 * kFadeSamples));
  EXPECT_TRUE(Silent({end, after.end()}));
}

TEST(DownlinkGate, NeitherClicksAtAPauseNorAtAResume) {
  for (int rate_hz : {8000, 24000}) {
    DownlinkDriver driver;
    driver.SayAll(1, ToPcm(Tone(300.0, -6.0, rate_hz, static_cast<size_t>(2 * rate_hz))), rate_hz);
    Pcm heard;
    const auto listen = [&](int frames) {
      const Pcm more = driver.Frames(frames);
      heard.insert(heard.end(), more.begin(), more.end());
    };
    listen(20);
    driver.downlink().Pause();
    listen(10);
    driver.downlink().Resume();
    listen(20);
    const Samples samples = ToSamples(std::span<const int16_t>(heard).subspan(160));
    EXPECT_LT(ClickFactor(samples, 300.0, 16'422.0, 8000), 2.0) << rate_hz;
  }
}

TEST(DownlinkGate, HoldsWhatTheAgentSaysDuringAPause) {
  DownlinkDriver driver;
  driver.Say(1, Ramp(1, 1600));
  driver.Frames(5);
  driver.downlink().Pause();
  driver.Frames(5);
  driver.SayAll(1, Ramp(1601, 1600));
  EXPECT_TRUE(Silent(driver.Frames(20)));
  driver.downlink().Resume();
  const Pcm after = driver.Frames(20);
  const auto last = std::ranges::find(after, 3200);
  ASSERT_NE(last, after.end());
  EXPECT_EQ(Pcm(after.begin() + kFadeSamples, last + 1), Ramp(801 + 2 * static_cast<int>(kFadeSamples), 2400 - 2 * kFadeSamples));
}

TEST(DownlinkGate, PlaysOnAsIfNothingWereWhenAPauseIsTakenBackAtOnce) {
  DownlinkDriver driver;
  driver.SayAll(1, Ramp(1, 3200));
  Pcm heard = driver.Frames(5);
  driver.downlink().Pause();
  driver.downlink().Resume();
  const Pcm after = driver.Frames(15);
  heard.insert(heard.end(), after.begin(), after.end());
  EXPECT_EQ(heard, Ramp(1, 3200));
}

TEST(DownlinkGate, TakesASecondPauseAndASecondResumeCalmly) {
  DownlinkDriver driver;
  driver.SayAll(1, Ramp(1, 3200));
  driver.Frames(5);
  driver.downlink().Pause();
  driver.downlink().Pause();
  driver.Frames(5);
  driver.downlink().Pause();
  driver.Frames(5);
  driver.downlink().Resume();
  driver.downlink().Resume();
  driver.Frames(30);
  const auto events = driver.Milestones();
  ASSERT_EQ(events.size(), 3u) << "started, paused, ended";
  EXPECT_EQ(events[2].type, SessionEventType::kPlayoutEnded);
  EXPECT_DOUBLE_EQ(events[2].played_ms, 400.0);
}

TEST(DownlinkGate, SaysNothingOfAPauseInWhichTheLastWordsFadedOut) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(1600 + 20, 10'000));
  driver.Frames(10);
  driver.downlink().Pause();
  driver.Frames(5);
  const auto events = driver.Milestones();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1].type, SessionEventType::kPlayoutEnded);
}

TEST(DownlinkGate, HoldsAReplyThatComesDuringAPauseOfSilence) {
  DownlinkDriver driver;
  driver.Frames(2);
  driver.downlink().Pause();
  driver.SayAll(1, Ramp(1, 1600));
  EXPECT_TRUE(Silent(driver.Frames(20)));
  EXPECT_TRUE(driver.Milestones().empty());
  driver.downlink().Resume();
  EXPECT_FALSE(Silent(driver.Frames(2)));
}

TEST(DownlinkGate, FadesOutWithinFiveMillisecondsOfAFlush) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(8000, 10'000));
  driver.Frames(10);
  driver.Flush(1);
  const Pcm heard = driver.Frames(50);
  for (size_t i = 1; i < kFadeSamples; ++i) EXPECT_LT(heard[i], heard[i - 1]);
  EXPECT_TRUE(Silent(std::span(heard).subspan(kFadeSamples)));
  const auto events = driver.Milestones();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1].type, SessionEventType::kPlayoutFlushed);
  EXPECT_DOUBLE_EQ(events[1].played_ms, 205.0) << "what was heard, the fade included";
}

TEST(DownlinkGate, PlaysTheNextTurnRightAfterAFlush) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(8000, 10'000));
  driver.Frames(10);
  driver.SayAll(2, Ramp(1, 1600));
  driver.Flush(1);
  driver.Frames(1);
  EXPECT_EQ(driver.Frames(10), Ramp(1, 1600));
}

TEST(DownlinkGate, PlaysNothingMoreOfAFlushedTurn) {
  DownlinkDriver driver;
  driver.Say(1, Pcm(4000, 10'000));
  driver.Frames(10);
  driver.Flush(1);
  driver.Frames(1);
  driver.SayAll(1, Pcm(4000, 10'000));
  EXPECT_TRUE(Silent(driver.Frames(50)));
  EXPECT_EQ(driver.Milestones().size(), 2u) << "started, flushed";
}

TEST(DownlinkGate, CutsAPausedReplyWithoutASound) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(8000, 10'000));
  driver.Frames(10);
  driver.downlink().Pause();
  driver.Frames(5);
  driver.Flush(1);
  EXPECT_TRUE(Silent(driver.Frames(20)));
  const auto events = driver.Milestones();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[2].type, SessionEventType::kPlayoutFlushed);
  EXPECT_DOUBLE_EQ(events[2].played_ms, 205.0);
}

TEST(DownlinkGate, OpensForTheNextTurnAfterAFlush) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(8000, 10'000));
  driver.Frames(10);
  driver.downlink().Pause();
  driver.Frames(5);
  driver.Flush(1);
  driver.SayAll(2, Ramp(1, 1600));
  EXPECT_EQ(driver.Frames(10), Ramp(1, 1600));
}

TEST(DownlinkGate, DropsAReplyThatHasNotBegun) {
  DownlinkDriver driver;
  driver.Say(1, Pcm(100, 10'000));
  driver.Frames(2);
  driver.Flush(1);
  driver.SayAll(1, Pcm(4000, 10'000));
  EXPECT_TRUE(Silent(driver.Frames(20)));
  EXPECT_TRUE(driver.Milestones().empty());
}

TEST(DownlinkGate, LeavesALaterTurnAlone) {
  DownlinkDriver driver;
  driver.SayAll(5, Ramp(1, 3200));
  Pcm heard = driver.Frames(5);
  driver.Flush(4);
  const Pcm after = driver.Frames(15);
  heard.insert(heard.end(), after.begin(), after.end());
  EXPECT_EQ(heard, Ramp(1, 3200));
}

TEST(DownlinkGate, EndsEveryTurnThatAnyOfTwoFlushesNamed) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(1600, 10'000));
  driver.SayAll(2, Pcm(1600, 10'000));
  driver.Frames(5);
  driver.Flush(2);
  driver.Flush(1);
  driver.Frames(1);
  EXPECT_TRUE(Silent(driver.Frames(30)));
}

TEST(DownlinkGate, DoesNotResumeWhatWasFlushed) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(8000, 10'000));
  driver.Frames(5);
  driver.Flush(1);
  driver.downlink().Resume();
  driver.Frames(1);
  driver.downlink().Resume();
  EXPECT_TRUE(Silent(driver.Frames(30)));
}

TEST(DownlinkGate, FlushesWhatIsBeingPaused) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(8000, 10'000));
  driver.Frames(5);
  driver.downlink().Pause();
  driver.Flush(1);
  driver.Frames(1);
  driver.SayAll(2, Ramp(1, 320));
  EXPECT_EQ(driver.Frames(2), Ramp(1, 320));
}

TEST(DownlinkGate, FadesOutAStarvedReplyToo) {
  DownlinkDriver driver;
  driver.Say(1, ToPcm(Tone(150.0, -6.0, 8000, 800)));
  driver.Frames(5);
  driver.downlink().Pause();
  const Pcm heard = driver.Frames(5);
  EXPECT_TRUE(Silent(std::span(heard).subspan(kFadeSamples)));
}

TEST(DownlinkGate, IsAudibleWhileAReplyPlaysAndTheGateIsOpen) {
  DownlinkDriver driver;
  EXPECT_FALSE(driver.downlink().audible());
  driver.SayAll(1, Pcm(8000, 10'000));
  driver.Frames(1);
  EXPECT_TRUE(driver.downlink().audible());
  driver.downlink().Pause();
  driver.Frames(1);
  EXPECT_FALSE(driver.downlink().audible());
}

}  // namespace
}  // namespace talkpath
