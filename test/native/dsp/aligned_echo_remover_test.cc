#include "dsp/aligned_echo_remover.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/audio_format.h"
#include "support/signals.h"
#include "support/speech_like.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kRateHz = 16000;
constexpr int kMaxDelayMs = 600;
constexpr float kEchoGain = 0.4f;

struct Removed {
  Samples out;
  size_t removing_blocks = 0;
  size_t blocks = 0;
};

Removed Remove(AlignedEchoRemover& remover, std::span<const float> far_end, std::span<const float> near_end) {
  Removed removed{.out = Samples(near_end.begin(), near_end.end())};
  webrtc::Block far(1, 1);
  webrtc::Block near(1, 1);
  for (size_t at = 0; at + webrtc::kBlockSize <= near_end.size(); at += webrtc::kBlockSize) {
    std::copy_n(far_end.begin() + static_cast<long>(at), webrtc::kBlockSize, far.begin(0, 0));
    std::copy_n(near_end.begin() + static_cast<long>(at), webrtc::kBlockSize, near.begin(0, 0));
    removed.removing_blocks += remover.Process(far, false, near);
    std::copy_n(near.begin(0, 0), webrtc::kBlockSize, removed.out.begin() + static_cast<long>(at));
    ++removed.blocks;
  }
  return removed;
}

// An echo of `delay_ms`, from the middle on of `later_delay_ms`.
Samples EchoOf(std::span<const float> far_end, int delay_ms, int later_delay_ms) {
  Samples echo(far_end.size(), 0.0f);
  for (size_t i = 0; i < echo.size(); ++i) {
    const size_t delay = SamplesIn(i < echo.size() / 2 ? delay_ms : later_delay_ms, kRateHz);
    if (i >= delay) echo[i] = kEchoGain * far_end[i - delay];
  }
  return echo;
}

double LevelFrom(std::span<const float> samples, int from_ms, int duration_ms) {
  return LevelDbfs(samples.subspan(SamplesIn(from_ms, kRateHz), SamplesIn(duration_ms, kRateHz)));
}

TEST(AlignedEchoRemover, LeavesALineWithoutEchoBitByBitAsItIs) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 6000, .seed = 1});
  const SpeechLike caller = MakeSpeechLike({.duration_ms = 6000, .seed = 2});
  AlignedEchoRemover remover(kRateHz, kMaxDelayMs, false);
  const Removed removed = Remove(remover, far_end.samples, caller.samples);
  EXPECT_EQ(removed.removing_blocks, 0u);
  EXPECT_EQ(removed.out, caller.samples);
  EXPECT_FALSE(remover.path().found());
}

TEST(AlignedEchoRemover, WorksFromTheFirstBlockOnIfItIsToldTo) {
  const Samples silence(SamplesIn(100, kRateHz), 0.0f);
  AlignedEchoRemover remover(kRateHz, kMaxDelayMs, true);
  const Removed removed = Remove(remover, silence, silence);
  EXPECT_EQ(removed.removing_blocks, removed.blocks);
}

TEST(AlignedEchoRemover, RemovesAnEchoWhereverItIs) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 6000, .seed = 3});
  for (int delay_ms : {0, 5, 130, 590}) {
    AlignedEchoRemover remover(kRateHz, kMaxDelayMs, false);
    const Samples echo = EchoOf(far_end.samples, delay_ms, delay_ms);
    const Removed removed = Remove(remover, far_end.samples, echo);
    EXPECT_NEAR(remover.path().delay_samples(), static_cast<double>(SamplesIn(delay_ms, kRateHz)), 4.0);
    EXPECT_LT(LevelFrom(removed.out, 3000, 3000), LevelFrom(echo, 3000, 3000) - 30.0) << delay_ms;
  }
}

// A filter that has to be learnt anew takes longer than this.
TEST(AlignedEchoRemover, TakesItsFilterAlongWhenThePathMoves) {
  const SpeechLike far_end = MakeSpeechLike({.duration_ms = 10'000, .seed = 3});
  for (int step_ms : {-60, 60}) {
    AlignedEchoRemover remover(kRateHz, kMaxDelayMs, false);
    const Samples echo = EchoOf(far_end.samples, 200, 200 + step_ms);
    const Removed removed = Remove(remover, far_end.samples, echo);
    EXPECT_NEAR(remover.caller().tracker().delay_samples(), static_cast<double>(SamplesIn(200 + step_ms, EchoTracker::kRateHz)), 4.0);
    EXPECT_LT(LevelFrom(removed.out, 5600, 1000), LevelFrom(echo, 5600, 1000) - 25.0) << step_ms;
  }
}

}  // namespace
}  // namespace talkpath
