// How late the whole path hands the signal on, against the sum of what its stages state.
#include <gtest/gtest.h>

#include "session/downlink_driver.h"
#include "session/stage_delays.h"
#include "session/uplink_driver.h"
#include "support/speech_like.h"

namespace talkpath {
namespace {

using namespace test;

double MeasuredUplinkMs(const SessionConfig& config) {
  const int rate_hz = config.line_rate_hz;
  const SpeechLike speech = MakeSpeechLike({.rate_hz = rate_hz, .duration_ms = 3000, .seed = 4});
  UplinkDriver driver(config, rate_hz);
  const Samples nothing_played(SamplesPerBlock(driver.uplink().processing_rate_hz()), 0.0f);
  const Pcm said = ToPcm(speech.samples);
  for (size_t at = 0; at < said.size(); at += SamplesPerFrame(rate_hz)) {
    (void)driver.Push(std::span(said).subspan(at, SamplesPerFrame(rate_hz)), rate_hz);
    for (int block = 0; block < kBlocksPerFrame; ++block) {
      driver.uplink().PushFarEnd(nothing_played);
      driver.Tick();
    }
  }
  return 1000.0 * FindLag(speech.samples, ToSamples(driver.heard), SamplesIn(40, rate_hz)) / rate_hz;
}

TEST(Uplink, DelaysTheCallerByTheSumOfWhatItsStagesState) {
  for (int rate_hz : kLineRatesHz) {
    for (EchoCancellation cancels : {EchoCancellation::kNever, EchoCancellation::kAlways}) {
      for (NoiseSuppression suppression : {NoiseSuppression::kOff, NoiseSuppression::kLow}) {
        const SessionConfig config{.line_rate_hz = rate_hz, .noise_suppression = suppression, .echo_cancellation = cancels};
        EXPECT_NEAR(MeasuredUplinkMs(config), UplinkDelays(config, rate_hz).Sum(), 0.3) << rate_hz << ' ' << static_cast<int>(cancels);
      }
    }
  }
}

// The first moment of what an impulse in the reply becomes.
double MeasuredDownlinkMs(int agent_rate_hz, int line_rate_hz) {
  DownlinkDriver driver(line_rate_hz);
  Pcm reply(SamplesIn(100, agent_rate_hz), 0);
  reply[SamplesIn(50, agent_rate_hz)] = 30000;
  driver.SayAll(1, reply, agent_rate_hz);
  const Pcm heard = driver.Frames(6);
  double moment = 0.0;
  double sum = 0.0;
  for (size_t i = SamplesIn(45, line_rate_hz); i < SamplesIn(60, line_rate_hz); ++i) {
    moment += static_cast<double>(i) * heard[i];
    sum += heard[i];
  }
  return 1000.0 * moment / sum / line_rate_hz - 50.0;
}

TEST(Downlink, DelaysTheAgentByWhatItsResamplerStates) {
  for (int line_rate_hz : kLineRatesHz) {
    for (int agent_rate_hz : {8000, 16000, 24000, 48000}) {
      EXPECT_NEAR(MeasuredDownlinkMs(agent_rate_hz, line_rate_hz), ResamplingMs(agent_rate_hz, line_rate_hz), 0.1)
          << agent_rate_hz << " to " << line_rate_hz;
    }
  }
}

TEST(Downlink, HandsOutAReplyThatIsThereWithinTheTimeThatThePacerStates) {
  for (int ticks_before : {0, 1, 2, 3}) {
    DownlinkDriver driver;
    for (int i = 0; i < ticks_before; ++i) (void)driver.Tick();
    // A reply that comes right after a tick waits a whole one for the next.
    driver.SayAll(1, Pcm(SamplesIn(100, 8000), 5000));
    int waited_ms = kBlockMs;
    while (Silent(driver.Tick())) waited_ms += kBlockMs;
    EXPECT_LE(waited_ms, Pacer::kMostDelayMs) << ticks_before;
  }
}

}  // namespace
}  // namespace talkpath
