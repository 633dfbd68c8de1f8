// What a line hears of an agent that is silent when its profile asks for comfort noise.
#include <gtest/gtest.h>

#include "session/downlink_driver.h"
#include "support/clicks.h"

namespace talkpath {
namespace {

using namespace test;

constexpr float kNoiseDbfs = -50.0f;
const SessionConfig kNoisy{.comfort_noise_dbfs = kNoiseDbfs};

TEST(DownlinkComfortNoise, IsHeardWhileTheAgentIsSilentAndCountsAsSilence) {
  DownlinkDriver driver(kNoisy);
  const Pcm heard = driver.Frames(50);
  EXPECT_NEAR(LevelDbfs(std::span<const int16_t>(heard).subspan(160)), kNoiseDbfs, 1.0);
  EXPECT_EQ(driver.Snapshot().frames_audible, 0u);
  EXPECT_FALSE(driver.downlink().audible());
}

TEST(DownlinkComfortNoise, LeavesTheAgentsWordsAlone) {
  DownlinkDriver driver(kNoisy);
  driver.Frames(5);
  driver.SayAll(1, Ramp(1000, 3200));
  driver.Frames(1);
  const Pcm heard = driver.Frames(19);
  EXPECT_EQ(heard, Ramp(1160, 3040));
}

TEST(DownlinkComfortNoise, ComesBackAfterTheReplyDuringAPauseAndAfterAFlush) {
  for (int way : {0, 1, 2}) {
    DownlinkDriver driver(kNoisy);
    driver.Say(1, Pcm(1600, 1000), 8000, way == 0);
    driver.Frames(way == 0 ? 10 : 5);
    if (way == 1) driver.downlink().Pause();
    if (way == 2) driver.Flush(1);
    driver.Frames(2);
    EXPECT_NEAR(LevelDbfs(driver.Frames(20)), kNoiseDbfs, 1.0) << way;
  }
}

TEST(DownlinkComfortNoise, FillsAGapThatCannotBeConcealedAnyMore) {
  DownlinkDriver driver(kNoisy);
  driver.Say(1, ToPcm(Tone(150.0, -12.0, 8000, 800)));
  driver.Frames(5 + 4);
  EXPECT_NEAR(LevelDbfs(driver.Frames(10)), kNoiseDbfs, 1.0);
  EXPECT_GT(driver.Snapshot().concealed_ms, 200.0);
}

TEST(DownlinkComfortNoise, IsInTheFarEndReference) {
  DownlinkDriver driver(kNoisy);
  int64_t now_ns = driver.now_ns();
  for (int i = 0; i < 10; ++i, now_ns += kFrameMs * kNsPerMs) {
    driver.downlink().Tick(now_ns);
    const Pcm heard = driver.Drain();
    const std::span<const int16_t> taken = driver.downlink().NextTaken();
    EXPECT_EQ(Pcm(taken.begin(), taken.end()), heard);
    EXPECT_FALSE(Silent(heard));
  }
}

TEST(DownlinkComfortNoise, JoinsTheAgentsWordsWithoutAClick) {
  DownlinkDriver driver(kNoisy);
  Pcm heard = driver.Frames(10);
  for (uint32_t turn = 1; turn <= 5; ++turn) {
    Samples word = Tone(300.0, -6.0, 8000, 1500);
    for (size_t i = 0; i < 160; ++i) {
      word[i] *= static_cast<float>(i) / 160.0f;
      word[word.size() - 1 - i] *= static_cast<float>(i) / 160.0f;
    }
    driver.SayAll(turn, ToPcm(word));
    const Pcm more = driver.Frames(20);
    heard.insert(heard.end(), more.begin(), more.end());
  }
  // The noise bends by itself, a tenth as sharply as the word.
  EXPECT_LT(ClickFactor(ToSamples(heard), 300.0, 16'422.0, 8000), 1.3);
}

}  // namespace
}  // namespace talkpath
