// What the resampler does to the signal, for every pair of rates. TALKPATH_FIGURES=1 prints the table.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "dsp/resampler_figures.h"
#include "support/tone_fit.h"

namespace talkpath {
namespace {

using namespace test;

class ResamplerQuality : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (const RatePair pair : AllPairs()) figures_.push_back({pair, Measure(pair)});
    if (std::getenv("TALKPATH_FIGURES")) Print();
  }
  static void TearDownTestSuite() { figures_.clear(); }

  static void Print() {
    std::printf("%15s %9s %10s %10s %11s %10s %11s\n", "pair", "delay ms", "ripple dB", "THD+N dB", "int16 dB", "alias dB", "near dB");
    for (const auto& [pair, f] : figures_) {
      std::printf("%7d %7d %9.3f %10.4f %10.1f %11.1f %10.1f %11.1f\n", pair.in_hz, pair.out_hz, f.delay_ms, f.ripple_db, f.thd_noise_db,
                  f.thd_noise_pcm_db, f.alias_db, f.alias_near_db);
    }
  }

  static inline std::vector<std::pair<RatePair, ResamplerFigures>> figures_;
};

TEST_F(ResamplerQuality, KeepsTheTelephoneBandFlat) {
  for (const auto& [pair, figures] : figures_) EXPECT_LE(figures.ripple_db, 0.05) << pair.Name();
}

TEST_F(ResamplerQuality, KeepsAliasesOutOfTheSignal) {
  for (const auto& [pair, figures] : figures_) EXPECT_LE(figures.alias_db, -100.0) << pair.Name();
}

TEST_F(ResamplerQuality, KeepsImagesAndNoiseOutOfTheSignal) {
  for (const auto& [pair, figures] : figures_) EXPECT_LE(figures.thd_noise_db, -100.0) << pair.Name();
}

TEST_F(ResamplerQuality, AddsNoMoreThanRoundingToInt16Samples) {
  for (const auto& [pair, figures] : figures_) EXPECT_LE(figures.thd_noise_pcm_db, -91.0) << pair.Name();
}

TEST_F(ResamplerQuality, PassesConstantsExactly) {
  for (const RatePair pair : AllPairs()) {
    for (float level : {1.0f, 1000.0f, 32767.0f, -32768.0f}) {
      const Samples out = Resample(pair, Constant(level, SamplesIn(200, pair.in_hz)));
      const std::span<const float> settled = std::span(out).subspan(SamplesIn(20, pair.out_hz));
      for (float sample : settled) ASSERT_NEAR(sample / level, 1.0, 2e-6) << pair.Name();
      for (int16_t sample : ToPcm(settled)) ASSERT_EQ(sample, static_cast<int16_t>(level)) << pair.Name();
    }
  }
}

TEST_F(ResamplerQuality, KeepsQuietTonesClean) {
  for (const RatePair pair : {RatePair{8000, 24000}, RatePair{24000, 8000}, RatePair{8000, 16000}, RatePair{44100, 48000}}) {
    for (double dbfs : {-20.0, -60.0}) {
      const Samples out = Resample(pair, Tone(1004.7, dbfs, pair.in_hz, SamplesIn(500, pair.in_hz)));
      const ToneFit fit = FitTone(std::span(out).subspan(SamplesIn(20, pair.out_hz)), 1004.7, pair.out_hz);
      EXPECT_LE(fit.ThdPlusNoiseDb(), -100.0) << pair.Name() << " at " << dbfs;
      EXPECT_NEAR(fit.PeakDbfs(), dbfs, 0.01) << pair.Name();
    }
  }
}

// Two tones make no third: 3.0 and 3.2 kHz would leave 2.8 and 3.4 kHz.
TEST_F(ResamplerQuality, MakesNoIntermodulation) {
  const RatePair pair = {24000, 8000};
  Samples in = Tone(3000.0, -7.0, pair.in_hz, pair.in_hz);
  const Samples second = Tone(3200.0, -7.0, pair.in_hz, pair.in_hz);
  for (size_t i = 0; i < in.size(); ++i) in[i] += second[i];
  const Samples out = Resample(pair, in);
  const std::span<const float> settled = std::span(out).subspan(800);  // whole periods of all four
  for (double hz : {200.0, 2800.0, 3400.0}) EXPECT_LE(FitTone(settled, hz, pair.out_hz).PeakDbfs(), -110.0) << hz;
}

TEST_F(ResamplerQuality, LeavesNoTraceOnceTheSignalHasEnded) {
  for (const RatePair pair : AllPairs()) {
    Samples in = Tone(1000.0, -6.0, pair.in_hz, SamplesIn(100, pair.in_hz));
    in.resize(SamplesIn(200, pair.in_hz), 0.0f);
    const Samples out = Resample(pair, in);
    for (float sample : std::span(out).last(SamplesIn(80, pair.out_hz))) ASSERT_EQ(sample, 0.0f) << pair.Name();
  }
}

}  // namespace
}  // namespace talkpath
