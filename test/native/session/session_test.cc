// The two directions of a call together.
#include "session/session.h"

#include <gtest/gtest.h>

#include "session/session_driver.h"
#include "support/speech_like.h"
#include "support/test_names.h"
#include "support/tone_fit.h"

namespace talkpath {
namespace {

using namespace test;

Pcm Words(int rate_hz, int duration_ms, uint64_t seed = 1) {
  return ToPcm(MakeSpeechLike({.rate_hz = rate_hz, .duration_ms = duration_ms, .seed = seed, .pause_ms = 0}).samples);
}

TEST(Session, CarriesAToneEachWayAtOnce) {
  SessionDriver driver({.agent_rate_hz = 24000});
  (void)driver.session().PushFromAgent(1, ToPcm(Tone(700.0, -6.0, 24000, 24000)), 24000, true);
  driver.Speak(ToPcm(Tone(1100.0, -6.0, 8000, 8000)), 8000);
  const Samples line = ToSamples(driver.line_heard);
  const Samples agent = ToSamples(driver.agent_heard);
  EXPECT_NEAR(FitTone(std::span(line).last(4000), 700.0, 8000).PeakDbfs(), -6.0, 0.1);
  EXPECT_LT(FitTone(std::span(line).last(4000), 700.0, 8000).ThdPlusNoiseDb(), -75.0) << "nothing of the caller comes back";
  EXPECT_NEAR(FitTone(std::span(agent).last(12'000), 1100.0, 24000).PeakDbfs(), -6.0, 0.1);
  EXPECT_LT(FitTone(std::span(agent).last(12'000), 1100.0, 24000).ThdPlusNoiseDb(), -75.0);
}

TEST(Session, GivesTheLineAFrameEvery20MillisecondsFromTheFirstTickOn) {
  SessionDriver driver({.agent_rate_hz = 0});
  for (int tick = 0; tick < 100; ++tick) EXPECT_EQ(driver.Tick().size(), tick % 2 == 0 ? 160u : 0u);
}

TEST(Session, PausesTheAgentInTheTickInWhichTheCallerIsHeard) {
  for (int offset_ticks : {0, 1}) {
    SessionDriver driver;
    driver.Order(SessionCommandType::kArmBargeIn);
    (void)driver.session().PushFromAgent(1, Pcm(80'000, 8000), 8000, true);
    driver.Speak(Pcm(static_cast<size_t>(8000 + 80 * offset_ticks), 0), 8000);
    driver.Speak(Words(8000, 1000), 8000);
    const SessionEvent* started = driver.Find(SessionEventType::kSpeechStarted);
    const SessionEvent* paused = driver.Find(SessionEventType::kPlayoutPaused);
    ASSERT_TRUE(started && paused);
    EXPECT_GE(paused->at_ms, started->at_ms);
    EXPECT_LE(paused->at_ms - started->at_ms, kBlockMs) << "the very next frame fades";
    EXPECT_EQ(paused->turn, 1u);
    EXPECT_TRUE(std::ranges::all_of(std::span(driver.line_heard).last(800), [](int16_t sample) { return sample == 0; }));
  }
}

TEST(Session, LetsTheAgentSpeakOnWhenBargeInIsNotArmed) {
  for (bool disarmed : {false, true}) {
    SessionDriver driver;
    if (disarmed) driver.Order(SessionCommandType::kArmBargeIn);
    if (disarmed) driver.Order(SessionCommandType::kDisarmBargeIn);
    (void)driver.session().PushFromAgent(1, Pcm(80'000, 8000), 8000, true);
    driver.Speak(Pcm(8000, 0), 8000);
    driver.Speak(Words(8000, 1000), 8000);
    EXPECT_TRUE(driver.Find(SessionEventType::kSpeechStarted));
    EXPECT_FALSE(driver.Find(SessionEventType::kPlayoutPaused));
    EXPECT_EQ(driver.line_heard.back(), 8000);
  }
}

TEST(Session, DoesNotHoldTheNextReplyWhenTheCallerSpokeIntoSilence) {
  SessionDriver driver;
  driver.Order(SessionCommandType::kArmBargeIn);
  driver.Speak(Words(8000, 1000), 8000);
  driver.Speak(Pcm(4000, 0), 8000);
  (void)driver.session().PushFromAgent(1, Pcm(8000, 8000), 8000, true);
  driver.Ticks(20);
  EXPECT_EQ(driver.line_heard.back(), 8000);
}

TEST(Session, ResumesAfterACough) {
  SessionDriver driver;
  driver.Order(SessionCommandType::kArmBargeIn);
  (void)driver.session().PushFromAgent(1, Pcm(80'000, 8000), 8000, true);
  driver.Speak(Pcm(8000, 0), 8000);
  driver.Speak(Words(8000, 300), 8000);
  driver.Speak(Pcm(8000, 0), 8000);
  ASSERT_TRUE(driver.Find(SessionEventType::kPlayoutPaused));
  EXPECT_EQ(driver.line_heard.back(), 0);
  driver.Order(SessionCommandType::kResume);
  driver.Ticks(4);
  EXPECT_EQ(driver.line_heard.back(), 8000);
}

TEST(Session, CutsTheReplyOfATurnThatIsOver) {
  SessionDriver driver;
  (void)driver.session().PushFromAgent(1, Pcm(80'000, 8000), 8000, true);
  driver.Ticks(20);
  driver.Order(SessionCommandType::kFlush, 1);
  driver.Ticks(20);
  const SessionEvent* flushed = driver.Find(SessionEventType::kPlayoutFlushed);
  ASSERT_TRUE(flushed);
  EXPECT_DOUBLE_EQ(flushed->played_ms, 205.0);
  EXPECT_EQ(driver.line_heard.back(), 0);
}

TEST(Session, RunsCommandsInTheOrderTheyWereGiven) {
  SessionDriver driver;
  (void)driver.session().PushFromAgent(1, Pcm(80'000, 8000), 8000, true);
  driver.Ticks(20);
  driver.Order(SessionCommandType::kPause);
  driver.Order(SessionCommandType::kFlush, 1);
  driver.Order(SessionCommandType::kPause);
  driver.Order(SessionCommandType::kResume);
  (void)driver.session().PushFromAgent(2, Pcm(8000, 4000), 8000, true);
  driver.Ticks(20);
  EXPECT_EQ(driver.line_heard.back(), 4000);
}

TEST(Session, RefusesCommandsWhenNobodyRunsThem) {
  SessionDriver driver;
  int taken = 0;
  while (taken < 1000 && driver.session().Send({.type = SessionCommandType::kPause})) ++taken;
  EXPECT_EQ(taken, 64);
  driver.Ticks(1);
  EXPECT_TRUE(driver.session().Send({.type = SessionCommandType::kResume}));
}

TEST(Session, CountsBothDirectionsInOneSnapshot) {
  SessionDriver driver;
  (void)driver.session().PushFromAgent(1, Pcm(1600, 100), 8000, true);
  driver.Speak(Pcm(8000, 0), 8000);
  const SessionSnapshot snapshot = driver.session().Snapshot();
  EXPECT_EQ(snapshot.line_samples_in, 8000u);
  EXPECT_EQ(snapshot.frames_out, 50u);
  EXPECT_EQ(snapshot.frames_audible, 10u);
}

TEST(Session, IsNotMadeOfSettingsThatCannotBe) {
  const auto session = Session::Create({.line_rate_hz = 48000});
  ASSERT_FALSE(session);
  EXPECT_NE(session.error().message.find("line_rate_hz"), std::string::npos);
}

// The caller's telephone gives back what the agent says, 120 ms late.
class SessionWithEcho : public testing::TestWithParam<int> {
 protected:
  static constexpr int kEchoDelayMs = 120;
  static constexpr double kEchoGain = 0.3;  // -10 dB

  void Converse(SessionDriver& driver, int line_hz, int duration_ms, std::span<const int16_t> caller) {
    const size_t block = SamplesPerBlock(line_hz);
    const size_t delay = SamplesIn(kEchoDelayMs, line_hz);
    for (size_t at = 0; at < SamplesIn(duration_ms, line_hz); at += block, position_ += block) {
      Pcm line(block, 0);
      for (size_t i = 0; i < block; ++i) {
        const double echo = position_ >= delay ? kEchoGain * driver.line_heard[position_ - delay + i] : 0.0;
        line[i] = static_cast<int16_t>(echo + (at + i < caller.size() ? caller[at + i] : 0));
      }
      (void)driver.session().PushFromLine(line, line_hz);
      driver.Tick();
    }
  }

 private:
  size_t position_ = 0;  // samples that the line has sent
};

INSTANTIATE_TEST_SUITE_P(, SessionWithEcho, testing::Values(8000, 16000, 24000), kByNumber);

TEST_P(SessionWithEcho, DoesNotInterruptItself) {
  const int line_hz = GetParam();
  SessionDriver driver({.config = {.line_rate_hz = line_hz, .echo_cancellation = EchoCancellation::kAlways}});
  const Pcm reply = ToPcm(MakeSpeechLike({.rate_hz = line_hz, .duration_ms = 20'000, .seed = 3}).samples);
  ASSERT_EQ(driver.session().PushFromAgent(1, reply, line_hz, true), reply.size());
  Converse(driver, line_hz, 6000, {});  // the canceller learns the path
  driver.events.clear();
  driver.agent_heard.clear();
  driver.Order(SessionCommandType::kArmBargeIn);
  Converse(driver, line_hz, 12'000, {});
  EXPECT_FALSE(driver.Find(SessionEventType::kSpeechStarted));
  EXPECT_FALSE(driver.Find(SessionEventType::kPlayoutPaused));
  EXPECT_LT(LevelDbfs(std::span<const int16_t>(driver.agent_heard)), -24.0 - 10.0 - 15.0);
}

TEST_P(SessionWithEcho, StillHearsTheCallerOverTheAgent) {
  const int line_hz = GetParam();
  SessionDriver driver({.config = {.line_rate_hz = line_hz, .echo_cancellation = EchoCancellation::kAlways}});
  const Pcm reply = ToPcm(MakeSpeechLike({.rate_hz = line_hz, .duration_ms = 20'000, .seed = 3}).samples);
  (void)driver.session().PushFromAgent(1, reply, line_hz, true);
  Converse(driver, line_hz, 6000, {});
  driver.events.clear();
  driver.Order(SessionCommandType::kArmBargeIn);
  Converse(driver, line_hz, 1500, Words(line_hz, 1500, 4));
  EXPECT_TRUE(driver.Find(SessionEventType::kPlayoutPaused));
}

}  // namespace
}  // namespace talkpath
