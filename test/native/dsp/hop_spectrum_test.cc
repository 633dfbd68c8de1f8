#include "dsp/hop_spectrum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "support/signals.h"

namespace talkpath {
namespace {

using namespace test;

constexpr size_t kBlocksPerHop = HopSpectrum::kHopSamples / HopSpectrum::kBlockSamples;

// The spectrum of the last whole hop of these samples.
BinSpectrum SpectrumOf(std::span<const float> samples) {
  HopSpectrum hops;
  for (size_t at = 0; at + HopSpectrum::kBlockSamples <= samples.size(); at += HopSpectrum::kBlockSamples) {
    (void)hops.Add(samples.subspan(at, HopSpectrum::kBlockSamples));
  }
  return hops.spectrum();
}

std::complex<double> At(const BinSpectrum& spectrum, size_t bin) { return {spectrum.re[bin], spectrum.im[bin]}; }

TEST(HopSpectrum, IsNewAtEveryFourthBlock) {
  HopSpectrum hops;
  const Samples block(HopSpectrum::kBlockSamples, 0.0f);
  for (size_t i = 1; i <= 5 * kBlocksPerHop; ++i) EXPECT_EQ(hops.Add(block), i % kBlocksPerHop == 0) << i;
}

TEST(HopSpectrum, ShowsAToneInItsBinAndNextToIt) {
  for (size_t bin : {size_t{0}, size_t{7}, kSpectrumBins - 1}) {
    const double hz = HopSpectrum::kBinHz * static_cast<double>(kFirstSpectrumBin + bin);
    const BinSpectrum spectrum = SpectrumOf(Tone(hz, -10.0, HopSpectrum::kRateHz, 4 * HopSpectrum::kHopSamples));
    const double tone = std::abs(At(spectrum, bin));
    for (size_t other = 0; other < kSpectrumBins; ++other) {
      if (other + 1 >= bin && other <= bin + 1) continue;
      EXPECT_LT(std::abs(At(spectrum, other)), 1e-3 * tone) << bin << ", " << other;
    }
  }
}

TEST(HopSpectrum, TurnsBackWithADelay) {
  Random random(3);
  const Samples noise = Noise(-20.0, 8 * HopSpectrum::kHopSamples, random);
  constexpr size_t kLate = 3;
  Samples late(noise.size(), 0.0f);
  std::copy(noise.begin(), noise.end() - kLate, late.begin() + kLate);
  const BinSpectrum now = SpectrumOf(noise);
  const BinSpectrum then = SpectrumOf(late);
  std::complex<double> agreement = 0.0;
  double power = 0.0;
  for (size_t bin = 0; bin < kSpectrumBins; ++bin) {
    const double turn = -2.0 * std::numbers::pi * static_cast<double>((kFirstSpectrumBin + bin) * kLate) / HopSpectrum::kWindowSamples;
    agreement += std::conj(At(now, bin)) * std::polar(1.0, -turn) * At(then, bin);
    power += std::norm(At(now, bin));
  }
  EXPECT_GT(agreement.real(), 0.95 * power);
}

}  // namespace
}  // namespace talkpath
