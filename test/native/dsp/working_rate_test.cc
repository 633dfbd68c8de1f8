// Blocks of other rates at the rates that the stages take.
#include "dsp/working_rate.h"

#include <gtest/gtest.h>

#include "support/realtime_trap.h"
#include "support/signals.h"
#include "support/tone_fit.h"

namespace talkpath {
namespace {

using namespace test;

constexpr std::array kBlockRatesHz = {8000, 12000, 16000, 24000, 32000, 44100, 48000};

WorkingRate RateFor(int sample_rate_hz) {
  auto rate = WorkingRate::Create(sample_rate_hz, WorkingRate::For(sample_rate_hz));
  EXPECT_TRUE(rate);
  return std::move(*rate);
}

TEST(WorkingRate, IsARateOfTheStagesThatKeepsTheBand) {
  for (int rate_hz : kBlockRatesHz) {
    const int working_hz = WorkingRate::For(rate_hz);
    EXPECT_TRUE(working_hz == 16000 || working_hz == 32000 || working_hz == 48000);
    EXPECT_GE(working_hz, rate_hz);
  }
}

TEST(WorkingRate, GivesABlockForEachBlock) {
  for (int rate_hz : kBlockRatesHz) {
    WorkingRate rate = RateFor(rate_hz);
    const Pcm block(SamplesPerBlock(rate_hz), 1);
    for (int i = 0; i < 100; ++i) ASSERT_EQ(rate.In(block).size(), SamplesPerBlock(rate.rate_hz())) << rate_hz;
  }
}

TEST(WorkingRate, BringsAToneThereAndBackAsItWasAsLateAsItSays) {
  constexpr double kHz = 400.0;
  for (int rate_hz : kBlockRatesHz) {
    WorkingRate rate = RateFor(rate_hz);
    const size_t block_samples = SamplesPerBlock(rate_hz);
    const Pcm sent = ToPcm(Tone(kHz, -6.0, rate_hz, 100 * block_samples));
    Pcm heard(sent.size());
    for (size_t at = 0; at < sent.size(); at += block_samples) {
      rate.Out(rate.In(std::span(sent).subspan(at, block_samples)), std::span(heard).subspan(at, block_samples));
    }
    const size_t settled = 20 * block_samples;
    const ToneFit before = FitTone(ToSamples(std::span(sent).subspan(settled)), kHz, rate_hz);
    const ToneFit after = FitTone(ToSamples(std::span(heard).subspan(settled)), kHz, rate_hz);
    EXPECT_NEAR(Db(after.amplitude, before.amplitude), 0.0, 0.02) << rate_hz;
    EXPECT_LT(after.ThdPlusNoiseDb(), -85.0) << rate_hz;
    const double delay_seconds = std::remainder(before.phase - after.phase, 2.0 * std::numbers::pi) / (2.0 * std::numbers::pi * kHz);
    EXPECT_NEAR(delay_seconds, rate.in_delay_seconds() + rate.out_delay_seconds(), 30e-6) << rate_hz;
  }
}

TEST(WorkingRate, NeitherAllocatesNorLocks) {
  for (int rate_hz : kBlockRatesHz) {
    WorkingRate rate = RateFor(rate_hz);
    Pcm block(SamplesPerBlock(rate_hz), 100);
    const RealtimeSection section;
    rate.Out(rate.In(block), block);
  }
}

TEST(WorkingRate, RefusesRatesWithoutWholeBlocksAndUnknownOnes) {
  for (int rate_hz : {22050, 11025, 0, -8000, 96000}) {
    const auto rate = WorkingRate::Create(rate_hz, 48000);
    ASSERT_FALSE(rate) << rate_hz;
    EXPECT_NE(rate.error().message.find(std::to_string(rate_hz)), std::string::npos);
  }
}

}  // namespace
}  // namespace talkpath
