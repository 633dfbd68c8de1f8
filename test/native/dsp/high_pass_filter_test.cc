#include "dsp/high_pass_filter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "support/signals.h"
#include "support/tone_fit.h"

namespace talkpath {
namespace {

using namespace test;

double GainDb(int rate_hz, float cutoff_hz, double hz) {
  HighPassFilter filter(rate_hz, cutoff_hz);
  Samples samples = Tone(hz, -6.0, rate_hz, static_cast<size_t>(2 * rate_hz));
  filter.Process(samples);
  return FitTone(std::span(samples).subspan(static_cast<size_t>(rate_hz)), hz, rate_hz).PeakDbfs() + 6.0;
}

TEST(HighPassFilter, IsThreeDecibelsDownAtItsCutoff) {
  for (int rate_hz : {8000, 16000, 48000}) EXPECT_NEAR(GainDb(rate_hz, 80.0f, 80.0), -3.01, 0.05) << rate_hz;
}

TEST(HighPassFilter, FallsByTwelveDecibelsAnOctaveBelow) {
  EXPECT_NEAR(GainDb(8000, 200.0f, 50.0) - GainDb(8000, 200.0f, 25.0), 12.0, 0.3);
}

TEST(HighPassFilter, LeavesTheTelephoneBandAlone) {
  for (double hz : {300.0, 1000.0, 3400.0}) EXPECT_NEAR(GainDb(8000, 80.0f, hz), 0.0, 0.05) << hz;
}

double PhaseShift(int rate_hz, float cutoff_hz, double hz) {
  HighPassFilter filter(rate_hz, cutoff_hz);
  const Samples in = Tone(hz, -6.0, rate_hz, static_cast<size_t>(2 * rate_hz));
  Samples out = in;
  filter.Process(out);
  const size_t settled = static_cast<size_t>(rate_hz);
  return FitTone(std::span(out).last(settled), hz, rate_hz).phase - FitTone(std::span(in).last(settled), hz, rate_hz).phase;
}

TEST(HighPassFilter, DelaysTheSignalByWhatItStates) {
  for (double hz : {150.0, 300.0, 1000.0}) {
    const double turns = (PhaseShift(16000, 80.0f, hz + 1.0) - PhaseShift(16000, 80.0f, hz - 1.0)) / (2.0 * std::numbers::pi);
    EXPECT_NEAR(-(turns - std::round(turns)) / 2.0, HighPassFilter::DelaySeconds(80.0, hz), 2e-5) << hz;
  }
}

TEST(HighPassFilter, TakesAwayConstants) {
  HighPassFilter filter(8000, 80.0f);
  Samples samples = Constant(10000.0f, 8000);
  filter.Process(samples);
  EXPECT_LT(LevelDbfs(std::span(samples).last(800)), -120.0);
}

TEST(HighPassFilter, GivesTheSameBitsHoweverTheStreamIsCut) {
  Random random(1);
  const Samples in = Noise(-20.0, 8000, random);
  Samples whole = in;
  HighPassFilter at_once(8000, 80.0f);
  at_once.Process(whole);
  Samples cut = in;
  HighPassFilter in_pieces(8000, 80.0f);
  for (size_t at = 0; at < cut.size();) {
    const size_t count = std::min(static_cast<size_t>(random.Between(1, 300)), cut.size() - at);
    in_pieces.Process(std::span(cut).subspan(at, count));
    at += count;
  }
  EXPECT_EQ(cut, whole);
}

// A tail that decays into denormal numbers would make silence cost more than speech.
TEST(HighPassFilter, FallsSilentForGoodAfterTheSignal) {
  HighPassFilter filter(16000, 80.0f);
  Samples samples = Tone(300.0, 0.0, 16000, 1600);
  filter.Process(samples);
  Samples block(160, 0.0f);
  for (int i = 0; i < 20; ++i) {
    std::fill(block.begin(), block.end(), 0.0f);
    filter.Process(block);
  }
  EXPECT_EQ(block, Samples(160, 0.0f));
}

}  // namespace
}  // namespace talkpath
