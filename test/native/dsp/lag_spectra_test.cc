#include "dsp/lag_spectra.h"

#include <gtest/gtest.h>

#include "support/signals.h"

namespace talkpath {
namespace {

using namespace test;

constexpr size_t kLags = 20;
constexpr float kMemoryHops = 10.0f;
constexpr size_t kSamples = 60 * HopSpectrum::kHopSamples;

// Cross-spectra of a far end and what is heard meanwhile, after all of it.
struct Listener {
  HopSpectrum far_window;
  HopSpectrum near_window;
  FarSpectra far{kLags};
  LagSpectra spectra{kLags, kMemoryHops};

  Listener(std::span<const float> far_end, std::span<const float> near_end) {
    for (size_t at = 0; at + HopSpectrum::kBlockSamples <= far_end.size(); at += HopSpectrum::kBlockSamples) {
      (void)near_window.Add(near_end.subspan(at, HopSpectrum::kBlockSamples));
      if (!far_window.Add(far_end.subspan(at, HopSpectrum::kBlockSamples))) continue;
      far.Push(far_window.spectrum());
      spectra.Add(far, near_window.spectrum());
    }
  }
};

Samples WhiteNoise(uint64_t seed) {
  Random random(seed);
  return Noise(-20.0, kSamples, random);
}

Samples Late(std::span<const float> samples, size_t by, float gain) {
  Samples late(samples.size(), 0.0f);
  for (size_t i = by; i < late.size(); ++i) late[i] = gain * samples[i - by];
  return late;
}

TEST(FarSpectra, AreNewestFirst) {
  FarSpectra far(3);
  for (float value : {1.0f, 2.0f, 3.0f, 4.0f}) {
    BinSpectrum spectrum;
    spectrum.re[0] = value;
    far.Push(spectrum);
  }
  EXPECT_EQ(far.At(0).re[0], 4.0f);
  EXPECT_EQ(far.At(2).re[0], 2.0f);
}

TEST(LagSpectra, TellTheLagAndTheSamplesOfADelay) {
  const Samples far_end = WhiteNoise(1);
  for (size_t hops : {0u, 1u, 7u, 19u}) {
    for (size_t samples : {0u, 5u, 100u}) {
      const size_t delay = hops * HopSpectrum::kHopSamples + samples;
      const Listener listener(far_end, Late(far_end, delay, -0.3f));
      EXPECT_EQ(listener.spectra.FindMatch().lag, hops) << delay;
      const LagSpectra::Peak peak = listener.spectra.FindPeak(hops);
      EXPECT_EQ(peak.samples, static_cast<int>(samples));
      EXPECT_GT(peak.height, 0.3f);
    }
  }
}

TEST(LagSpectra, ExplainAllOfAnEchoAndNearlyNothingOfAnotherVoice) {
  const Samples far_end = WhiteNoise(1);
  const Listener echo(far_end, Late(far_end, 4 * HopSpectrum::kHopSamples, 0.5f));
  EXPECT_GT(echo.spectra.FindMatch().explained, 0.9f);
  EXPECT_GT(echo.spectra.FindMatch().coherence, 0.9f);
  const Listener other(far_end, WhiteNoise(2));
  EXPECT_LT(other.spectra.FindMatch().explained, 0.25f);
  EXPECT_LT(other.spectra.FindMatch().coherence, 0.25f);
}

TEST(LagSpectra, ExplainHalfOfTwoEquallyLoudVoices) {
  const Samples far_end = WhiteNoise(1);
  Samples both = Late(far_end, 4 * HopSpectrum::kHopSamples, 1.0f);
  const Samples other = WhiteNoise(2);
  for (size_t i = 0; i < both.size(); ++i) both[i] += other[i];
  EXPECT_NEAR(Listener(far_end, both).spectra.FindMatch().explained, 0.5f, 0.15f);
}

TEST(LagSpectra, TakeSkippedHopsForUnexplained) {
  const Samples far_end = WhiteNoise(1);
  const Samples near_end = Late(far_end, 4 * HopSpectrum::kHopSamples, 0.5f);
  Listener listener(far_end, near_end);
  const float before = listener.spectra.FindMatch().explained;
  for (int hop = 0; hop < 10; ++hop) listener.spectra.Skip(listener.far, listener.near_window.spectrum());
  listener.spectra.Add(listener.far, listener.near_window.spectrum());
  EXPECT_LT(listener.spectra.FindMatch().explained, 0.5f * before);
  Listener afresh(far_end, near_end);
  for (int hop = 0; hop < 10'000; ++hop) afresh.spectra.Skip(afresh.far, BinSpectrum());
  afresh.spectra.Add(afresh.far, BinSpectrum());
  EXPECT_LT(afresh.spectra.FindMatch().explained, 0.01f);
}

}  // namespace
}  // namespace talkpath
