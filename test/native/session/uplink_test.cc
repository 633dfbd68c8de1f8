// What the agent hears of the caller while the line keeps its pace.
#include <gtest/gtest.h>

#include "dsp/high_pass_filter.h"
#include "session/uplink_driver.h"
#include "support/recordings.h"
#include "support/tone_fit.h"

namespace talkpath {
namespace {

using namespace test;

void ExpectTone(UplinkDriver& driver, double hz, int rate_hz, const std::string& what) {
  const Samples heard = ToSamples(driver.heard);
  ASSERT_GE(heard.size(), SamplesIn(400, rate_hz)) << what;
  const ToneFit fit = FitTone(std::span(heard).last(SamplesIn(300, rate_hz)), hz, rate_hz);
  EXPECT_NEAR(fit.PeakDbfs(), -6.0, 0.1) << what;
  EXPECT_LT(fit.ThdPlusNoiseDb(), -75.0) << what;
}

TEST(Uplink, HandsAToneFromALineOfAnyRateToAnAgentOfAnyRate) {
  for (int line_hz : kStreamRatesHz) {
    for (int agent_hz : {8000, 16000, 24000, 48000}) {
      UplinkDriver driver({}, agent_hz);
      driver.Speak(Tone(1000.0, -6.0, line_hz, SamplesIn(600, line_hz)), line_hz);
      ExpectTone(driver, 1000.0, agent_hz, std::to_string(line_hz) + " to " + std::to_string(agent_hz));
    }
  }
}

TEST(Uplink, HandsWidebandOnWhereTheLineIsWide) {
  for (int line_hz : {16000, 24000}) {
    UplinkDriver driver({.line_rate_hz = line_hz}, 24000);
    driver.Speak(Tone(6500.0, -6.0, line_hz, SamplesIn(600, line_hz)), line_hz);
    ExpectTone(driver, 6500.0, 24000, std::to_string(line_hz));
  }
}

TEST(Uplink, KeepsEverySampleInItsPlace) {
  Random random(1);
  const Pcm noise = ToPcm(Noise(-50.0, 16'000, random));
  UplinkDriver driver;
  driver.Speak(noise);
  Samples expected = ToSamples(noise);
  HighPassFilter filter(8000, 80.0f);
  for (size_t at = 0; at < expected.size(); at += 80) filter.Process(std::span(expected).subspan(at, 80));
  EXPECT_EQ(driver.heard, ToPcm(expected));
}

TEST(Uplink, MakesTheSameOfFramesOfAnySize) {
  Random random(2);
  const Pcm noise = ToPcm(Noise(-50.0, 32'000, random));
  UplinkDriver even;
  even.Speak(noise);
  for (size_t longest : {1u, 80u, 333u, 480u, 700u}) {
    UplinkDriver odd;
    size_t sent = 0;
    for (size_t due = 0; sent < noise.size(); due += 80) {  // in step with the clock, whatever the sizes
      while (sent < std::min(due + 80, noise.size())) {
        const size_t count = std::min({static_cast<size_t>(random.Between(1, static_cast<int>(longest))), noise.size() - sent});
        ASSERT_EQ(odd.Push(std::span(noise).subspan(sent, count)), count);
        sent += count;
      }
      odd.Tick();
    }
    odd.Ticks(2);
    EXPECT_EQ(odd.heard, even.heard) << longest;
  }
}

TEST(Uplink, GoesOnWhenTheLineChangesItsRate) {
  UplinkDriver driver({}, 16000);
  for (int line_hz : {8000, 16000, 48000, 22050, 192000}) driver.Speak(Tone(1000.0, -6.0, line_hz, SamplesIn(500, line_hz)), line_hz);
  ExpectTone(driver, 1000.0, 16000, "the last");
  EXPECT_NEAR(static_cast<double>(driver.heard.size()), 16000 * 2.5, 320.0);
}

TEST(Uplink, HandsNothingOnBeforeTheAgentIsThere) {
  UplinkDriver driver({}, 0);
  driver.Speak(Tone(1000.0, -6.0, 8000, 8000));
  EXPECT_TRUE(driver.heard.empty());
  driver.uplink().SetAgentRate(8000);
  driver.Speak(Tone(1000.0, -6.0, 8000, 800));
  EXPECT_EQ(driver.heard.size(), 800u);
}

TEST(Uplink, TakesAwayHumAndConstants) {
  UplinkDriver driver;
  Samples line = Tone(20.0, -12.0, 8000, 16'000);
  for (float& sample : line) sample += 3000.0f;
  driver.Speak(line);
  EXPECT_LT(LevelDbfs(std::span<const int16_t>(driver.heard).last(8000)), -35.0);
}

TEST(Uplink, CountsWhatTheLineSent) {
  UplinkDriver driver;
  driver.Speak(Pcm(8000, 0));
  EXPECT_EQ(driver.Snapshot().line_samples_in, 8000u);
  EXPECT_EQ(driver.Snapshot().line_samples_dropped, 0u);
}

TEST(Uplink, DropsAndCountsWhatDoesNotFit) {
  UplinkDriver driver;
  const size_t taken = driver.Push(Pcm(100'000, 0));
  EXPECT_LT(taken, 100'000u);
  EXPECT_EQ(driver.Snapshot().line_samples_in, taken);
  EXPECT_EQ(driver.Snapshot().line_samples_dropped, 100'000u - taken);
}

TEST(Uplink, DropsAndCountsWhatTheAgentDoesNotTake) {
  UplinkDriver driver({}, 48000);
  uint64_t blocks = 0;
  for (int i = 0; i < 500; ++i, ++blocks) {
    (void)driver.Push(Pcm(80, 0));
    (void)driver.uplink().Tick(static_cast<int64_t>((driver.now_ms() + 10.0 * i) * 1e6));
  }
  driver.Drain();
  EXPECT_EQ(driver.heard.size() + driver.Snapshot().agent_samples_dropped, blocks * 480);
  EXPECT_GE(driver.heard.size(), 2u * 48000) << "two seconds of a stalled agent are kept";
}

TEST(Uplink, SaysWhereInTheStreamTheCallerSpoke) {
  TALKPATH_NEEDS_RECORDINGS();
  UplinkDriver driver;
  driver.Speak(Pcm(8000, 0));
  const double spoke_from_ms = driver.now_ms();
  driver.Speak(Recordings::Talker(2000));
  const double spoke_to_ms = driver.now_ms();
  driver.Speak(Pcm(8000, 0));
  const auto events = driver.Events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].type, SessionEventType::kSpeechStarted);
  EXPECT_NEAR(events[0].stream_ms, 1000.0, 120.0);
  EXPECT_NEAR(events[0].at_ms - events[0].ago_ms, spoke_from_ms, 120.0);
  EXPECT_EQ(events[1].type, SessionEventType::kSpeechEnded);
  EXPECT_NEAR(events[1].stream_ms, 3000.0, 120.0);
  EXPECT_NEAR(events[1].at_ms - events[1].ago_ms, spoke_to_ms, 120.0);
}

TEST(Uplink, DoesNotTakeTheNoiseThatACallBeginsWithForSpeech) {
  Random random(3);
  for (const Samples& line : {Noise(-45.0, 16'000, random), Tone(425.0, -25.0, 8000, 16'000)}) {
    UplinkDriver driver;
    driver.Speak(line);
    EXPECT_TRUE(driver.Events().empty());
  }
}

TEST(Uplink, NoticesSpeechSoonAfterItsBeginning) {
  TALKPATH_NEEDS_RECORDINGS();
  UplinkDriver driver;
  driver.Speak(Pcm(8000, 0));
  const double from_ms = driver.now_ms();
  driver.Speak(Recordings::Talker(2000));
  const auto events = driver.Events();
  ASSERT_FALSE(events.empty());
  EXPECT_LE(events[0].at_ms - from_ms, 150.0);
}

TEST(Uplink, SaysInTheTickItselfThatSpeechHasStarted) {
  TALKPATH_NEEDS_RECORDINGS();
  UplinkDriver driver;
  const Pcm speech = ToPcm(Recordings::Talker(1000));
  int started = 0;
  for (size_t at = 0; at < speech.size(); at += 80) {
    (void)driver.Push(std::span(speech).subspan(at, 80));
    const bool now = driver.Tick();
    started += now;
    if (now) {
      EXPECT_EQ(driver.Events().back().type, SessionEventType::kSpeechStarted);
    }
  }
  EXPECT_EQ(started, 1);
}

TEST(Uplink, WorksAtTheRateThatItsStagesCallFor) {
  EXPECT_EQ(UplinkDriver({.line_rate_hz = 8000}).uplink().processing_rate_hz(), 8000);
  EXPECT_EQ(UplinkDriver({.line_rate_hz = 16000}).uplink().processing_rate_hz(), 16000);
  EXPECT_EQ(UplinkDriver({.line_rate_hz = 24000}).uplink().processing_rate_hz(), 48000);
  EXPECT_EQ(UplinkDriver({.line_rate_hz = 8000, .noise_suppression = NoiseSuppression::kHigh}).uplink().processing_rate_hz(), 16000);
  EXPECT_EQ(UplinkDriver({.line_rate_hz = 8000, .echo_cancellation = EchoCancellation::kAlways}).uplink().processing_rate_hz(), 16000);
}

TEST(Uplink, NamesTheSettingThatAStageRefuses) {
  EventSink events;
  const auto mode = Uplink::Create({.voice_mode = 9}, events);
  ASSERT_FALSE(mode);
  EXPECT_NE(mode.error().message.find("received 9"), std::string::npos);
  const auto delay = Uplink::Create({.echo_cancellation = EchoCancellation::kAlways, .echo_max_delay_ms = 5}, events);
  ASSERT_FALSE(delay);
  EXPECT_NE(delay.error().message.find("received 5"), std::string::npos);
}

}  // namespace
}  // namespace talkpath
