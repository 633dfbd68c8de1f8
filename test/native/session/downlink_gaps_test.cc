// Each gap has a cause: what is counted when the line hears nothing although it should.
#include <gtest/gtest.h>

#include "session/downlink_driver.h"
#include "support/clicks.h"

namespace talkpath {
namespace {

using namespace test;

double AllGapsMs(const DownlinkDriver& driver) {
  double sum = 0.0;
  for (const GapCount& gap : driver.Snapshot().gaps) sum += gap.ms;
  return sum;
}

TEST(DownlinkGaps, BlamesTheProviderForAudioThatIsLate) {
  DownlinkDriver driver;
  driver.Say(1, Pcm(400, 1000));  // 50 ms
  driver.Frames(5);
  EXPECT_EQ(driver.Gap(GapCause::kProviderLate).episodes, 1u);
  EXPECT_DOUBLE_EQ(driver.Gap(GapCause::kProviderLate).ms, 50.0);
  EXPECT_DOUBLE_EQ(driver.Snapshot().concealed_ms, 50.0);
  EXPECT_DOUBLE_EQ(AllGapsMs(driver), 50.0) << "and nobody else";
}

TEST(DownlinkGaps, CountsEachGapAsAnEpisode) {
  DownlinkDriver driver;
  for (int i = 0; i < 3; ++i) {
    driver.Say(1, Pcm(320, 1000));
    driver.Frames(10);
  }
  EXPECT_EQ(driver.Gap(GapCause::kProviderLate).episodes, 3u);
  EXPECT_DOUBLE_EQ(driver.Gap(GapCause::kProviderLate).ms, 480.0);
  EXPECT_EQ(driver.Snapshot().concealment_events, 3u);
}

TEST(DownlinkGaps, BlamesTheControlThreadWhenItHasStalled) {
  DownlinkDriver driver;
  driver.Say(1, Pcm(1600, 1000));
  driver.Frames(5);
  driver.set_agent_stalls(true);
  driver.Frames(10);
  EXPECT_EQ(driver.Gap(GapCause::kControlStalled).episodes, 1u);
  EXPECT_DOUBLE_EQ(driver.Gap(GapCause::kControlStalled).ms, 100.0);
  EXPECT_EQ(driver.Gap(GapCause::kProviderLate).episodes, 0u);
}

TEST(DownlinkGaps, CountsFramesThatALateEngineGaveUp) {
  DownlinkDriver driver;
  driver.Frames(5);
  driver.Pass(1000);
  driver.Frames(5);
  EXPECT_EQ(driver.Gap(GapCause::kEngineLate).episodes, 1u);
  EXPECT_DOUBLE_EQ(driver.Gap(GapCause::kEngineLate).ms, 1000.0);
}

TEST(DownlinkGaps, CountsTwoStopsOfTheEngineAsTwoEpisodes) {
  DownlinkDriver driver;
  driver.Frames(5);
  driver.Pass(1000);
  driver.Frames(50);
  driver.Pass(1000);
  driver.Frames(50);
  EXPECT_EQ(driver.Gap(GapCause::kEngineLate).episodes, 2u);
}

TEST(DownlinkGaps, LosesNoAudioWhenTheEngineIsALittleLate) {
  DownlinkDriver driver;
  driver.SayAll(1, Ramp(1, 3200));
  Pcm heard = driver.Frames(5);
  driver.Pass(90);
  for (int i = 0; i < 20; ++i) {
    const Pcm more = driver.Frames(1);
    heard.insert(heard.end(), more.begin(), more.end());
  }
  ASSERT_GE(heard.size(), 3200u);
  heard.resize(3200);
  EXPECT_EQ(heard, Ramp(1, 3200));
  EXPECT_DOUBLE_EQ(AllGapsMs(driver), 0.0);
}

TEST(DownlinkGaps, CountsFramesThatTheLineDidNotTake) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(16'000, 1000));
  driver.set_line_stalls(true);
  driver.Frames(100);
  const GapCount gap = driver.Gap(GapCause::kLineBackPressure);
  EXPECT_GT(gap.ms, 0.0);
  EXPECT_DOUBLE_EQ(driver.Snapshot().frames_out * kFrameMs + gap.ms, 2000.0) << "every frame was handed on or counted";
  EXPECT_EQ(gap.episodes, 1u);
}

TEST(DownlinkGaps, HandsALateLineTheFirst320MillisecondsAndCountsTheRest) {
  for (int rate_hz : kLineRatesHz) {
    DownlinkDriver driver(rate_hz);
    driver.SayAll(1, Ramp(1, SamplesIn(1000, rate_hz)), rate_hz);
    driver.set_line_stalls(true);
    driver.Frames(16);
    EXPECT_EQ(driver.Gap(GapCause::kLineBackPressure).ms, 0.0) << rate_hz;
    driver.Frames(1);
    EXPECT_EQ(driver.Gap(GapCause::kLineBackPressure).ms, 20.0) << rate_hz;
    driver.Frames(13);
    EXPECT_EQ(driver.Drain(), Ramp(1, SamplesIn(320, rate_hz))) << rate_hz;
    driver.set_line_stalls(false);
    const Pcm after = driver.Frames(1);
    EXPECT_EQ(after.front(), static_cast<int>(1 + SamplesIn(600, rate_hz))) << "it goes on where the clock is";
  }
}

TEST(DownlinkGaps, CountsTheSetUpUntilTheAgentIsThere) {
  DownlinkDriver driver(8000, 0);
  driver.Frames(15);
  driver.downlink().AgentAttached(40);
  driver.Frames(15);
  EXPECT_EQ(driver.Gap(GapCause::kSetUp).episodes, 1u);
  EXPECT_DOUBLE_EQ(driver.Gap(GapCause::kSetUp).ms, 300.0);
}

TEST(DownlinkGaps, TakesNeitherSilenceNorAPauseNorAnEndForAGap) {
  DownlinkDriver driver;
  driver.Frames(10);
  driver.SayAll(1, Pcm(850, 1000));
  driver.Frames(3);
  driver.downlink().Pause();
  driver.Frames(10);
  driver.downlink().Resume();
  driver.Frames(20);
  EXPECT_DOUBLE_EQ(AllGapsMs(driver), 0.0);
  EXPECT_DOUBLE_EQ(driver.Snapshot().concealed_ms, 0.0);
}

// The provider says that the reply is over when its last words are being made up.
TEST(DownlinkGaps, LetsWhatItMadeUpDieAwayWhenTheReplyIsOver) {
  DownlinkDriver driver;
  driver.Say(1, ToPcm(Tone(150.0, -6.0, 8000, 1600)));
  Pcm heard = driver.Frames(11);
  driver.Say(1, {}, 8000, true);
  const Pcm after = driver.Frames(5);
  heard.insert(heard.end(), after.begin(), after.end());
  EXPECT_LT(ClickFactor(ToSamples(std::span<const int16_t>(heard).subspan(400)), 150.0, 16'422.0, 8000), 7.0);
  EXPECT_TRUE(Silent(std::span(heard).last(4 * 160)));
  EXPECT_EQ(driver.Milestones().size(), 2u) << "started, ended";
}

TEST(DownlinkGaps, ConcealsAShortGapWithoutAClick) {
  for (int rate_hz : {8000, 24000}) {
    DownlinkDriver driver;
    const Samples tone = Tone(150.0, -6.0, rate_hz, static_cast<size_t>(rate_hz));
    const size_t half = SamplesIn(210, rate_hz);
    driver.Say(1, ToPcm(std::span(tone).first(half)), rate_hz);
    Pcm heard = driver.Frames(12);
    driver.SayAll(1, ToPcm(std::span(tone).subspan(half)), rate_hz);
    const Pcm after = driver.Frames(20);
    heard.insert(heard.end(), after.begin(), after.end());
    // Fades bend a little; an abrupt end would bend by the whole peak: 70 times as much.
    EXPECT_LT(ClickFactor(ToSamples(std::span<const int16_t>(heard).subspan(400)), 150.0, 16'422.0, 8000), 7.0) << rate_hz;
    EXPECT_GT(LevelDbfs(std::span<const int16_t>(heard).subspan(SamplesIn(215, 8000), 120)), -20.0) << "something is heard";
  }
}

}  // namespace
}  // namespace talkpath
