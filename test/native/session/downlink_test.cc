// What the line hears of the agent when nothing goes wrong.
#include <gtest/gtest.h>

#include <numbers>

#include "session/downlink_driver.h"
#include "support/clicks.h"
#include "support/test_names.h"
#include "support/tone_fit.h"

namespace talkpath {
namespace {

using namespace test;

class DownlinkAtRate : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(, DownlinkAtRate, testing::Values(8000, 16000, 24000), kByNumber);

TEST_P(DownlinkAtRate, GivesTheLineOneWholeFrameEverySecondTick) {
  DownlinkDriver driver(GetParam());
  for (int tick = 0; tick < 200; ++tick) {
    EXPECT_EQ(driver.Tick().size(), tick % 2 == 0 ? SamplesPerFrame(GetParam()) : 0u) << tick;
    if (tick == 60) driver.SayAll(1, Ramp(0, 5000), 22050);
  }
}

TEST_P(DownlinkAtRate, PlaysEverySampleOnceAndInOrder) {
  DownlinkDriver driver(GetParam());
  driver.SayAll(1, Ramp(1, 20'000), GetParam());
  Pcm heard = driver.Frames(130);
  ASSERT_GE(heard.size(), 20'000u);
  EXPECT_TRUE(Silent(std::span(heard).subspan(20'000)));
  heard.resize(20'000);
  EXPECT_EQ(heard, Ramp(1, 20'000));
}

TEST_P(DownlinkAtRate, PlaysATwistedStreamOfBurstsInOrder) {
  Random random(1);
  DownlinkDriver driver(GetParam(), 200);
  Pcm heard;
  size_t said = 0;
  constexpr size_t kTotal = 30'000;
  while (said < kTotal) {  // bursts, but always enough in advance
    const size_t count = std::min(static_cast<size_t>(random.Between(1, 8000)), kTotal - said);
    driver.Say(1, Ramp(static_cast<int>(said + 1), count), GetParam(), said + count == kTotal);
    said += count;
    const size_t ahead = (said > heard.size()) ? said - heard.size() : 0;
    const Pcm frames = driver.Frames(static_cast<int>(ahead / SamplesPerFrame(GetParam()) / 2));
    heard.insert(heard.end(), frames.begin(), frames.end());
  }
  const Pcm rest = driver.Frames(500);
  heard.insert(heard.end(), rest.begin(), rest.end());
  const auto first = std::ranges::find(heard, 1);
  ASSERT_GE(heard.end() - first, static_cast<long>(kTotal));
  EXPECT_EQ(Pcm(first, first + static_cast<long>(kTotal)), Ramp(1, kTotal));
  EXPECT_EQ(driver.Snapshot().concealed_ms, 0.0);
}

TEST_P(DownlinkAtRate, PlaysAToneOfAnyRateAsThatTone) {
  for (int rate_hz : {8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000}) {
    DownlinkDriver driver(GetParam());
    driver.SayAll(1, ToPcm(Tone(1000.0, -6.0, rate_hz, static_cast<size_t>(rate_hz))), rate_hz);
    const Samples heard = ToSamples(driver.Frames(45));
    const ToneFit fit = FitTone(std::span(heard).subspan(SamplesIn(100, GetParam())), 1000.0, GetParam());
    EXPECT_NEAR(fit.PeakDbfs(), -6.0, 0.01) << rate_hz;
    EXPECT_LT(fit.ThdPlusNoiseDb(), -80.0) << rate_hz;
  }
}

TEST(Downlink, IsSilentWhenNothingIsSaid) {
  DownlinkDriver driver;
  EXPECT_TRUE(Silent(driver.Frames(100)));
  EXPECT_TRUE(driver.Events().empty());
}

TEST(Downlink, IsSilentAgainAfterTheReply) {
  DownlinkDriver driver;
  driver.SayAll(1, ToPcm(Tone(500.0, -6.0, 24000, 24000)), 24000);
  const Pcm heard = driver.Frames(100);
  EXPECT_FALSE(Silent(std::span(heard).first(8000)));
  EXPECT_TRUE(Silent(std::span(heard).subspan(8000 + 160)));
}

// The filter still holds the last milliseconds when the last sample was pulled.
TEST(Downlink, PlaysTheTailThatTheFilterHolds) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(SamplesIn(200, 24000), 10'000), 24000);
  const Samples heard = ToSamples(driver.Frames(20));
  double sum = 0.0;
  for (float sample : heard) sum += sample;
  EXPECT_NEAR(sum, 10'000.0 * 1600, 10'000.0);
}

TEST(Downlink, SaysWhenAReplyStartsAndEnds) {
  DownlinkDriver driver;
  driver.Frames(5);
  driver.SayAll(7, Ramp(0, 1000));
  driver.Frames(10);
  const auto events = driver.Milestones();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].type, SessionEventType::kPlayoutStarted);
  EXPECT_EQ(events[0].turn, 7u);
  EXPECT_DOUBLE_EQ(events[0].at_ms, kEpochNs / 1e6 + 100.0);
  EXPECT_EQ(events[1].type, SessionEventType::kPlayoutEnded);
  EXPECT_EQ(events[1].turn, 7u);
  EXPECT_DOUBLE_EQ(events[1].played_ms, 125.0);
}

TEST(Downlink, SaysHowFarAReplyHasComeEveryHundredMilliseconds) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(8000, 1));
  driver.Frames(60);
  std::vector<double> progress;
  for (const SessionEvent& event : driver.Events()) {
    if (event.type == SessionEventType::kPlayoutProgressed) progress.push_back(event.played_ms);
  }
  EXPECT_EQ(progress, (std::vector<double>{100, 200, 300, 400, 500, 600, 700, 800, 900, 1000}));
}

TEST(Downlink, CountsTheProgressOfEachReplyAnew) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(4000, 1));
  driver.SayAll(2, Pcm(2400, 1));
  driver.Frames(60);
  std::vector<double> progress;
  for (const SessionEvent& event : driver.Events()) {
    if (event.type == SessionEventType::kPlayoutProgressed && event.turn == 2) progress.push_back(event.played_ms);
  }
  EXPECT_EQ(progress, (std::vector<double>{100, 200, 300}));
}

TEST(Downlink, EndsAReplyWithoutSoundThatNeverStarted) {
  DownlinkDriver driver;
  driver.SayAll(3, {});
  EXPECT_TRUE(Silent(driver.Frames(5)));
  const auto events = driver.Milestones();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].type, SessionEventType::kPlayoutEnded);
  EXPECT_EQ(events[0].turn, 3u);
  EXPECT_EQ(events[0].played_ms, 0.0);
}

TEST(Downlink, PlaysRepliesOfSeveralRatesOneAfterTheOther) {
  DownlinkDriver driver;
  uint32_t turn = 0;
  for (int rate_hz : {24000, 8000, 48000, 16000, 22050}) {
    driver.SayAll(++turn, ToPcm(Tone(500.0, -6.0, rate_hz, SamplesIn(200, rate_hz))), rate_hz);
  }
  const Samples heard = ToSamples(driver.Frames(60));
  for (int reply = 0; reply < 5; ++reply) {
    const auto middle = std::span(heard).subspan(SamplesIn(200 * reply + 50, 8000), SamplesIn(100, 8000));
    EXPECT_NEAR(FitTone(middle, 500.0, 8000).PeakDbfs(), -6.0, 0.1) << reply;
  }
  EXPECT_EQ(driver.Milestones().size(), 10u);
}

TEST(Downlink, PlaysAllOfAReplyThatChangesItsRate) {
  DownlinkDriver driver;
  driver.Say(1, Pcm(SamplesIn(310, 24000), 10'000), 24000);
  driver.SayAll(1, Pcm(SamplesIn(310, 16000), 10'000), 16000);
  double sum = 0.0;
  for (int16_t sample : driver.Frames(40)) sum += sample;
  EXPECT_NEAR(sum, 10'000.0 * SamplesIn(620, 8000), 10'000.0 * SamplesIn(4, 8000));
  const auto events = driver.Milestones();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_DOUBLE_EQ(events[1].played_ms, 620.0);
}

TEST(Downlink, GoesFromOneRateToAnotherWithoutAClickOrAGap) {
  for (int from_hz : {8000, 16000, 24000, 22050}) {
    for (int to_hz : {8000, 16000, 24000, 48000}) {
      for (int cut_ms : {300, 307, 310, 315}) {
        const double turned = 2.0 * std::numbers::pi * 300.0 * static_cast<double>(SamplesIn(cut_ms, from_hz)) / from_hz;
        DownlinkDriver driver;
        driver.Say(1, ToPcm(Tone(300.0, -6.0, from_hz, SamplesIn(cut_ms, from_hz))), from_hz);
        driver.SayAll(1, ToPcm(Tone(300.0, -6.0, to_hz, SamplesIn(300, to_hz), turned)), to_hz);
        const Samples heard = ToSamples(driver.Frames(28));
        // An abrupt end would bend 18 times as sharply.
        EXPECT_LT(ClickFactor(std::span(heard).subspan(400), 300.0, 16'422.0, 8000), 4.0) << from_hz << " to " << to_hz << " at " << cut_ms;
        EXPECT_EQ(driver.Snapshot().concealed_ms, 0.0);
        for (size_t at = SamplesIn(200, 8000); at < SamplesIn(450, 8000); at += 40) {
          ASSERT_GT(LevelDbfs(std::span(heard).subspan(at, 80)), -24.0) << from_hz << " to " << to_hz << " at " << at / 8 << " ms";
        }
      }
    }
  }
}

TEST(Downlink, GivesTheLineOnlyWholeFrames) {
  DownlinkDriver driver;
  driver.set_line_stalls(true);
  driver.Frames(3);
  Pcm samples(400);
  EXPECT_EQ(driver.downlink().DrainToLine(samples), 320u);
  EXPECT_EQ(driver.downlink().DrainToLine(std::span(samples).first(159)), 0u);
  EXPECT_EQ(driver.downlink().DrainToLine(samples), 160u);
  EXPECT_EQ(driver.downlink().DrainToLine(samples), 0u);
}

TEST(Downlink, CountsFramesAndThoseWithTheAgentsAudio) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(1600, 100));
  driver.Frames(50);
  EXPECT_EQ(driver.Snapshot().frames_out, 50u);
  EXPECT_EQ(driver.Snapshot().frames_audible, 10u);
}

TEST(Downlink, SaysHowMuchIsQueued) {
  DownlinkDriver driver;
  driver.SayAll(1, Pcm(24000, 100), 24000);
  driver.Frames(10);
  EXPECT_DOUBLE_EQ(driver.Snapshot().playout_depth_ms, 800.0);
}

TEST(Downlink, TellsOfEachFrameOnceTheLineHasTakenIt) {
  DownlinkDriver driver;
  driver.SayAll(1, Ramp(1, 1600));
  int64_t now_ns = driver.now_ns();
  for (int i = 0; i < 10; ++i, now_ns += kFrameMs * kNsPerMs) {
    driver.downlink().Tick(now_ns);
    EXPECT_TRUE(driver.downlink().NextTaken().empty()) << "it still waits";
    const Pcm heard = driver.Drain();
    const std::span<const int16_t> taken = driver.downlink().NextTaken();
    EXPECT_EQ(Pcm(taken.begin(), taken.end()), heard);
    EXPECT_TRUE(driver.downlink().NextTaken().empty()) << "once";
  }
}

}  // namespace
}  // namespace talkpath
