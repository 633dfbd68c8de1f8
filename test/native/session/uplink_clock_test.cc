// The line is not a clock: what the uplink makes of lateness, silence, stalls and loss.
#include <gtest/gtest.h>

#include "session/uplink_driver.h"
#include "support/recordings.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kPatienceMs = 80;

// Whole milliseconds of audio that the agent has heard, at 8 kHz.
int HeardMs(const UplinkDriver& driver) { return static_cast<int>(driver.heard.size() / 8); }

TEST(UplinkClock, DoesNotBeginBeforeTheFirstSample) {
  UplinkDriver driver;
  driver.Ticks(500);
  EXPECT_TRUE(driver.heard.empty());
  EXPECT_EQ(driver.Snapshot().line_ms_missing, 0u);
}

TEST(UplinkClock, FillsALineThatFallsSilent) {
  UplinkDriver driver;
  driver.Speak(Pcm(4000, 1000));
  driver.Ticks(500);
  EXPECT_NEAR(HeardMs(driver), 5500, kPatienceMs + kBlockMs);
  EXPECT_EQ(driver.Snapshot().line_ms_missing, static_cast<uint64_t>(HeardMs(driver) - 500));
  EXPECT_LT(LevelDbfs(std::span<const int16_t>(driver.heard).last(8000)), -90.0);
}

TEST(UplinkClock, WaitsForALineThatIsALittleLate) {
  Random random(1);
  const Pcm noise = ToPcm(Noise(-55.0, 80'000, random));
  UplinkDriver undisturbed;
  undisturbed.Speak(noise);
  // The first frame is punctual; each other is up to 70 ms late, the order kept.
  UplinkDriver driver;
  std::vector<int> due_tick = {0};
  for (size_t frame = 1; frame < noise.size() / 160; ++frame) due_tick.push_back(static_cast<int>(2 * frame) + random.Between(0, 7));
  size_t next = 0;
  for (int tick = 0; next < due_tick.size(); ++tick) {
    for (; next < due_tick.size() && due_tick[next] <= tick; ++next) (void)driver.Push(std::span(noise).subspan(next * 160, 160));
    driver.Tick();
  }
  EXPECT_EQ(driver.heard, undisturbed.heard);
  EXPECT_EQ(driver.Snapshot().line_ms_missing, 0u);
  EXPECT_EQ(driver.Snapshot().line_ms_surplus, 0u);
}

TEST(UplinkClock, EndsSpeechWhenTheLineFallsSilent) {
  TALKPATH_NEEDS_RECORDINGS();
  UplinkDriver driver;
  driver.Speak(Recordings::Talker(1000));
  ASSERT_EQ(driver.Events().back().type, SessionEventType::kSpeechStarted);
  driver.Ticks(40);
  EXPECT_EQ(driver.Events().back().type, SessionEventType::kSpeechEnded);
}

TEST(UplinkClock, TrimsSilenceThatComesOnTopOfFilledSilence) {
  UplinkDriver driver;
  driver.Speak(Pcm(8000, 0));
  driver.Ticks(100);               // the line stalls for a second
  (void)driver.Push(Pcm(8000, 0)); // and then sends it all
  driver.Ticks(1);
  driver.Speak(Pcm(8000, 0));
  EXPECT_NEAR(HeardMs(driver), 3000, kPatienceMs + 2 * kBlockMs);
  const SessionSnapshot snapshot = driver.Snapshot();
  EXPECT_EQ(HeardMs(driver), 3000 + static_cast<int>(snapshot.line_ms_missing) - static_cast<int>(snapshot.line_ms_surplus));
}

TEST(UplinkClock, KeepsLateSpeechThatGoesOnWithItsPauses) {
  TALKPATH_NEEDS_RECORDINGS();
  Pcm line = ToPcm(Recordings::Talker(2000));
  constexpr size_t kBetweenWords = 11'520;
  std::fill_n(line.begin() + kBetweenWords + 1600, 400, int16_t{0});  // 50 ms between two words, near the end of what comes late
  UplinkDriver driver;
  driver.Speak(std::span<const int16_t>(line).first(kBetweenWords));
  driver.Ticks(20);  // a stall of 200 ms: for the tracker the speech is not over yet
  (void)driver.Push(std::span<const int16_t>(line).subspan(kBetweenWords, 2000));
  driver.Speak(std::span<const int16_t>(line).subspan(kBetweenWords + 2000));
  EXPECT_GT(driver.Snapshot().line_ms_missing, 80u);
  EXPECT_EQ(driver.Snapshot().line_ms_surplus, 0u);
}

// A caller who begins to speak while the network stalls: the words arrive late and in one go.
TEST(UplinkClock, KeepsLateSpeechThatBeginsDuringAStall) {
  TALKPATH_NEEDS_RECORDINGS();
  UplinkDriver driver;
  driver.Speak(Pcm(16'000, 0));
  driver.Ticks(100);
  Pcm burst(SamplesIn(400, 8000), 0);
  const Pcm words = ToPcm(Recordings::Talker(600));
  burst.insert(burst.end(), words.begin(), words.end());
  (void)driver.Push(burst);
  driver.Ticks(1);
  driver.Speak(Pcm(8000, 0));
  double sent = 0.0;
  double heard = 0.0;
  for (int16_t sample : words) sent += static_cast<double>(sample) * sample;
  for (int16_t sample : driver.heard) heard += static_cast<double>(sample) * sample;
  EXPECT_GT(heard / sent, 0.9) << "of the energy of what was said";
}

TEST(UplinkClock, FillsUpWhatTheLineLoses) {
  Random random(2);
  UplinkDriver driver;
  for (int frame = 0; frame < 3000; ++frame) {
    if (!random.Chance(0.1)) (void)driver.Push(Pcm(160, 100));
    driver.Ticks(2);
  }
  EXPECT_NEAR(HeardMs(driver), 60'000, kPatienceMs + 3 * kBlockMs);
}

TEST(UplinkClock, StaysWithALineWhoseClockIsFast) {
  UplinkDriver driver;
  for (int frame = 0; frame < 3000; ++frame) {
    (void)driver.Push(Pcm(162, 0));  // 1.25 % fast
    driver.Ticks(2);
  }
  EXPECT_NEAR(HeardMs(driver), 60'000, kPatienceMs + 3 * kBlockMs);
}

TEST(UplinkClock, StaysNearALoudLineWhoseClockIsFast) {
  Random random(4);
  UplinkDriver driver;
  for (int frame = 0; frame < 6000; ++frame) {
    (void)driver.Push(ToPcm(Noise(-38.0, 170, random)));
    driver.Ticks(2);
  }
  EXPECT_LE(HeardMs(driver), 120'000 + 1100);
}

TEST(UplinkClock, StaysWithALineWhoseClockIsSlow) {
  UplinkDriver driver;
  for (int frame = 0; frame < 3000; ++frame) {
    (void)driver.Push(Pcm(158, 0));
    driver.Ticks(2);
  }
  EXPECT_NEAR(HeardMs(driver), 60'000, kPatienceMs + 3 * kBlockMs);
}

TEST(UplinkClock, CatchesUpAfterTheEngineWasStoppedButHandsOnlyASecondOfTheStopOn) {
  UplinkDriver driver;
  driver.Speak(Pcm(8000, 0));
  driver.Pass(10'000);
  driver.Speak(Pcm(8000, 0));
  EXPECT_NEAR(HeardMs(driver), 3000, kPatienceMs + 2 * kBlockMs);
  EXPECT_NEAR(static_cast<double>(driver.Snapshot().line_ms_missing), 10'000, kPatienceMs + 2 * kBlockMs);
}

TEST(UplinkClock, NeverMakesMoreThanTenBlocksInOneTick) {
  constexpr size_t kMost = 10 * SamplesPerBlock(8000);
  UplinkDriver stopped;
  stopped.Speak(Pcm(8000, 0));
  stopped.Pass(60'000);
  UplinkDriver flooded;
  flooded.Speak(Pcm(8000, 0));
  Random random(7);
  const Pcm flood = ToPcm(Noise(-20.0, 32'000, random));
  for (int tick = 0; tick < 200; ++tick) {
    (void)flooded.Push(flood);
    for (UplinkDriver* driver : {&stopped, &flooded}) {
      const size_t before = driver->heard.size();
      driver->Tick();
      ASSERT_LE(driver->heard.size() - before, kMost) << tick;
    }
  }
}

TEST(UplinkClock, LetsNoLineRunMoreThanSixSecondsAhead) {
  UplinkDriver driver;
  Random random(8);
  const Pcm flood = ToPcm(Noise(-20.0, 32'000, random));
  for (int tick = 0; tick < 500; ++tick) {
    (void)driver.Push(flood);
    driver.Tick();
  }
  EXPECT_LE(HeardMs(driver), 5000 + 6000 + 2 * kBlockMs);
}

TEST(UplinkClock, AccountsForEveryMillisecond) {
  Random random(3);
  UplinkDriver driver;
  uint64_t sent_ms = 0;
  for (int tick = 0; tick < 60'000; ++tick) {
    if (random.Chance(0.3)) {
      const int ms = random.Chance(0.02) ? random.Between(100, 600) : 10 * random.Between(1, 5);
      sent_ms += driver.Push(Pcm(static_cast<size_t>(ms) * 8, 0)) / 8;
    }
    driver.Tick();
  }
  const SessionSnapshot snapshot = driver.Snapshot();
  EXPECT_GT(snapshot.line_ms_missing, 0u);
  EXPECT_GT(snapshot.line_ms_surplus, 0u);
  const uint64_t expected_ms = sent_ms + snapshot.line_ms_missing - snapshot.line_ms_surplus;
  EXPECT_NEAR(static_cast<double>(HeardMs(driver)), static_cast<double>(expected_ms), 10.0);
}

}  // namespace
}  // namespace talkpath
