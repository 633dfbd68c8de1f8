// What the resampler does to the signal, for every pair of rates. TALKPATH_FIGURES=1 prints the table.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

#include "base/pcm.h"
#include "dsp/resampler_figures.h"
#include "support/figures.h"
#include "support/recordings.h"

namespace talkpath {
namespace {

using namespace test;

// Each figure of every pair, and the most that it may be.
struct Expectation {
  const char* name;  // a sentence about the resampler
  double ResamplerFigures::* figure;
  double most;
};

void PrintTo(const Expectation& expectation, std::ostream* out) { *out << "at most " << expectation.most; }

constexpr Expectation kExpectations[] = {
    {"DelaysLowFrequenciesByLessThanHalfAMillisecond", &ResamplerFigures::delay_ms, 0.5},
    {"DelaysTheEdgeOfThePassbandByOneAndAHalfMilliseconds", &ResamplerFigures::longest_delay_ms, 1.6},
    {"WithholdsNothing", &ResamplerFigures::withheld_ms, 0.0},
    {"GivesOutWhatIsHandedInWithinAMillisecond", &ResamplerFigures::lag_ms, 1.0},
    {"KeepsTheTelephoneBandFlat", &ResamplerFigures::ripple_db, 0.01},
    {"KeepsTheTelephoneBandOfInt16SamplesFlat", &ResamplerFigures::ripple_pcm_db, 0.05},
    {"KeepsThePassbandFlatToItsEdge", &ResamplerFigures::edge_ripple_db, 0.01},
    {"DoesNotRingAheadOfASound", &ResamplerFigures::pre_ring_db, -100.0},
    {"AddsNothingToATone", &ResamplerFigures::thd_noise_db, -120.0},
    {"AddsNoMoreThanRoundingToALoudTone", &ResamplerFigures::thd_noise_pcm_db, -91.0},
    {"AddsNoMoreThanRoundingToAnyTone", &ResamplerFigures::thd_noise_pcm_dbfs, -91.0},
    {"KeepsAliasesOut", &ResamplerFigures::alias_db, -120.0},
    {"KeepsAliasesOutOfInt16Samples", &ResamplerFigures::alias_pcm_db, -100.0},
    {"KeepsAliasesOutFromFourPointOneKilohertzOn", &ResamplerFigures::alias_near_db, -120.0},
    {"KeepsImagesOut", &ResamplerFigures::image_db, -120.0},
    {"KeepsImagesOutOfInt16Samples", &ResamplerFigures::image_pcm_db, -100.0},
    {"MakesNoThirdOfTwoNeighbouringTones", &ResamplerFigures::ccif_db, -120.0},
    {"MakesNoThirdOfTwoNeighbouringInt16Tones", &ResamplerFigures::ccif_pcm_db, -100.0},
    {"MakesNoSideTonesOfALowAndAHighOne", &ResamplerFigures::smpte_db, -120.0},
    {"MakesNoSideTonesOfALowAndAHighInt16One", &ResamplerFigures::smpte_pcm_db, -100.0},
    {"LeavesNothingBesideASweep", &ResamplerFigures::sweep_db, -120.0},
    {"LeavesNothingBesideAnInt16Sweep", &ResamplerFigures::sweep_pcm_db, -100.0},
    {"OvershootsAFullScaleSquareWaveByLessThanFourDecibels", &ResamplerFigures::overshoot_db, 4.0},
};

class ResamplerFiguresTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!figures_.empty()) return;
    for (const RatePair pair : MeasuredPairs()) figures_.push_back({pair, Measure(pair)});
    if (FiguresAsked()) Print();
  }

  static void Print() {
    std::printf("pair");
    for (const Expectation& expectation : kExpectations) std::printf(",%s", expectation.name);
    for (const auto& [pair, figures] : figures_) {
      std::printf("\n%s", pair.Name().c_str());
      for (const Expectation& expectation : kExpectations) std::printf(",%.4f", figures.*expectation.figure);
    }
    std::printf("\n");
  }

  static inline std::vector<std::pair<RatePair, ResamplerFigures>> figures_;
};

class ResamplerQuality : public ResamplerFiguresTest, public testing::WithParamInterface<Expectation> {};

TEST_P(ResamplerQuality, Of) {
  for (const auto& [pair, figures] : figures_) EXPECT_LE(figures.*GetParam().figure, GetParam().most) << pair.Name();
}

TEST_F(ResamplerFiguresTest, DelayIsWhatTheResamplerStates) {
  for (const auto& [pair, figures] : figures_) {
    EXPECT_NEAR(figures.delay_ms, 1000.0 * ResamplerFor(pair).delay_seconds(), 1e-3) << pair.Name();
    EXPECT_NEAR(figures.longest_delay_ms, 1000.0 * ResamplerFor(pair).longest_delay_seconds(), 1e-2) << pair.Name();
  }
}

constexpr auto kByName = [](const auto& test) { return std::string(test.param.name); };
INSTANTIATE_TEST_SUITE_P(EveryPair, ResamplerQuality, testing::ValuesIn(kExpectations), kByName);

TEST(ResamplerSignal, PassesConstantsExactly) {
  for (const RatePair pair : AllPairs()) {
    for (float level : {1.0f, 1000.0f, 32767.0f, -32768.0f}) {
      const Samples out = Resample(pair, Constant(level, SamplesIn(200, pair.in_hz)));
      const std::span<const float> settled = std::span(out).subspan(SamplesIn(20, pair.out_hz));
      for (float sample : settled) ASSERT_NEAR(sample / level, 1.0, 2e-6) << pair.Name();
      for (int16_t sample : ToPcm(settled)) ASSERT_EQ(sample, static_cast<int16_t>(level)) << pair.Name();
    }
  }
}

TEST(ResamplerSignal, SaturatesNothingOfATone) {
  for (const RatePair pair : AllPairs()) {
    for (double hz : {311.7, 1004.7, 3100.3}) {
      const Samples out = Resample(pair, Tone(hz, -0.1, pair.in_hz, SamplesIn(500, pair.in_hz)));
      Pcm pcm(out.size());
      // The tone's start is a corner, which overshoots.
      const size_t start = SamplesIn(20, pair.out_hz);
      EXPECT_EQ(ToInt16(std::span(out).subspan(start), pcm), 0u) << pair.Name() << ' ' << hz;
    }
  }
}

// A hard-clipped signal leaves any low-pass higher than it came: what does not fit int16 is limited and counted.
TEST(ResamplerSignal, LimitsAndCountsWhatAClippedSignalOvershoots) {
  const RatePair pair = {24000, 8000};
  Samples square(SamplesIn(1000, pair.in_hz));
  for (size_t n = 0; n < square.size(); ++n) square[n] = n / 60 % 2 ? 32767.0f : -32768.0f;
  const Samples out = Resample(pair, square);
  Pcm pcm(out.size());
  const auto beyond = [](float sample) { return sample >= 32767.5f || sample < -32768.5f; };
  const size_t expected = static_cast<size_t>(std::ranges::count_if(out, beyond));
  EXPECT_GT(expected, 100u);
  EXPECT_EQ(ToInt16(out, pcm), expected);
  EXPECT_EQ(*std::ranges::max_element(pcm), 32767);
  EXPECT_EQ(*std::ranges::min_element(pcm), -32768);
}

// Recorded prompts that fill the range, as an agent's voice may.
TEST(ResamplerSignal, LeavesPromptsNearlyAsLoudAsTheyWere) {
  TALKPATH_NEEDS_RECORDINGS();
  constexpr double kPeak = 32767.0 * 0.9886;  // -0.1 dBFS
  const RatePair pair = {8000, 16000};
  std::vector<double> louder_db;
  size_t limited = 0;
  double minutes = 0.0;
  for (const Recording& prompt : Recordings::Agent(2000, 40'000)) {
    const auto peak = [](std::span<const float> samples) { return std::abs(*std::ranges::max_element(samples, {}, [](float sample) { return std::abs(sample); })); };
    Samples in = prompt.samples;
    const double gain = kPeak / peak(in);
    for (float& sample : in) sample *= static_cast<float>(gain);
    const Samples out = Resample(pair, in);
    Pcm pcm(out.size());
    limited += ToInt16(out, pcm);
    minutes += static_cast<double>(in.size()) / pair.in_hz / 60.0;
    louder_db.push_back(20.0 * std::log10(peak(out) / peak(in)));
  }
  ASSERT_GE(louder_db.size(), 100u);
  std::ranges::sort(louder_db);
  const double middle_db = louder_db[louder_db.size() / 2];
  PrintFigure("prompts", static_cast<double>(louder_db.size()));
  PrintFigure("minutes", minutes);
  PrintFigure("peak in the middle, dB louder", middle_db);
  PrintFigure("peak at the most, dB louder", louder_db.back());
  PrintFigure("samples limited a minute", static_cast<double>(limited) / minutes);
  EXPECT_LT(middle_db, 0.4);
  EXPECT_LT(louder_db.back(), 2.0);
  EXPECT_LT(static_cast<double>(limited) / minutes, 30.0);
}

TEST(ResamplerSignal, LeavesNoTraceOnceTheSignalHasEnded) {
  for (const RatePair pair : AllPairs()) {
    Samples in = Tone(1000.0, -6.0, pair.in_hz, SamplesIn(100, pair.in_hz));
    in.resize(SamplesIn(200, pair.in_hz), 0.0f);
    const Samples out = Resample(pair, in);
    for (float sample : std::span(out).last(SamplesIn(80, pair.out_hz))) ASSERT_EQ(sample, 0.0f) << pair.Name();
  }
}

}  // namespace
}  // namespace talkpath
