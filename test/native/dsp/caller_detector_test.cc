#include "dsp/caller_detector.h"

#include <gtest/gtest.h>

#include "dsp/echo_case.h"
#include "support/hybrids.h"
#include "support/recordings.h"
#include "support/signals.h"

namespace talkpath {
namespace {

using namespace test;

constexpr size_t kPiece = HopSpectrum::kBlockSamples;

// The share of the blocks in which `counts_in` sounds that are taken for the caller's, from `from_ms` on.
double ShareOfCaller(std::span<const float> far_end, std::span<const float> near_end, std::span<const float> counts_in, int from_ms) {
  EchoPathFinder finder(1200);
  CallerDetector detector(1200);
  const Samples far = ToEchoRate(far_end);
  const Samples near = ToEchoRate(near_end);
  const Samples counting = ToEchoRate(counts_in);
  int blocks = 0;
  int taken = 0;
  int64_t decided = 0;
  for (size_t at = 0; at + kPiece <= near.size(); at += kPiece) {
    const bool found = finder.Process(std::span(far).subspan(at, kPiece), std::span(near).subspan(at, kPiece), detector.known());
    (void)detector.Process(std::span(far).subspan(at, kPiece), std::span(near).subspan(at, kPiece), finder, found);
    if (detector.blocks() == decided) continue;
    decided = detector.blocks();
    if (at < SamplesIn(from_ms, kEchoRateHz) || LevelDbfs(std::span(counting).subspan(at, kPiece)) < -40.0) continue;
    ++blocks;
    taken += detector.speaks();
  }
  return static_cast<double>(taken) / blocks;
}

// So that no 10 ms of a line's time cost it twice as much as others.
TEST(CallerDetector, DecidesOnceEvery10MsWhereTwoAndThreeBlocksComeByTurns) {
  EchoPathFinder finder(1200);
  CallerDetector detector(1200);
  const Samples silence(kPiece, 0.0f);
  for (int64_t tens = 1; tens <= 20; ++tens) {
    for (int i = 0; i < (tens % 2 == 1 ? 2 : 3); ++i) (void)detector.Process(silence, silence, finder, false);
    EXPECT_EQ(detector.blocks(), tens);
  }
}

class CallerDetectorHears : public testing::Test {
 protected:
  void SetUp() override {
    TALKPATH_NEEDS_RECORDINGS();
    agent_ = AgentSpeech(3, 8000);
    caller_ = CallerSpeech(7, 8000, -24.0);
    EchoLine line({.response = ScaledToLose(HybridResponse(2), agent_), .return_loss_db = 6.0, .delay_ms = 180, .codec = Codec::kMulaw});
    echo_ = line.Process(agent_);
    both_ = echo_;
    for (size_t i = 0; i < both_.size(); ++i) both_[i] += caller_[i];
  }

  Samples agent_;
  Samples caller_;
  Samples echo_;
  Samples both_;
};

TEST_F(CallerDetectorHears, TheAgentsEchoForWhatItIs) { EXPECT_LT(ShareOfCaller(agent_, echo_, echo_, 0), 0.01); }

TEST_F(CallerDetectorHears, ACallerOverTheEcho) { EXPECT_GT(ShareOfCaller(agent_, both_, caller_, 1500), 0.6); }

TEST_F(CallerDetectorHears, ACallerOnALineWithoutEcho) { EXPECT_GT(ShareOfCaller(agent_, caller_, caller_, 500), 0.75); }

}  // namespace
}  // namespace talkpath
