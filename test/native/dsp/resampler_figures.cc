#include "dsp/resampler_figures.h"

#include <cmath>

#include "support/tone_fit.h"

namespace talkpath::test {
namespace {

constexpr int kToneMs = 120;
constexpr int kSettlingMs = 20;
constexpr double kPassbandOfNyquist = 0.85;
constexpr double kStopbandOfNyquist = 1.15;
constexpr double kTransitionOfNyquist = 1.025;

std::span<const float> Settled(std::span<const float> out, int rate_hz) { return out.subspan(SamplesIn(kSettlingMs, rate_hz)); }

ToneFit SendTone(RatePair pair, double hz, double peak_dbfs, bool pcm) {
  Samples in = Tone(hz, peak_dbfs, pair.in_hz, SamplesIn(kToneMs, pair.in_hz), 0.3);
  if (pcm) in = ToSamples(ToPcm(in));
  Samples out = Resample(pair, in);
  if (pcm) out = ToSamples(ToPcm(out));
  return FitTone(Settled(out, pair.out_hz), hz, pair.out_hz);
}

// What is left of tones that have no place below the lower Nyquist frequency.
double LoudestAliasDb(RatePair pair, double from_hz, double step_hz) {
  double loudest = -400.0;
  for (double hz = from_hz; hz < pair.in_hz / 2.0; hz += step_hz) {
    const Samples out = Resample(pair, Tone(hz, 0.0, pair.in_hz, SamplesIn(kToneMs, pair.in_hz)));
    loudest = std::max(loudest, LevelDbfs(Settled(out, pair.out_hz)) + 3.01);
  }
  return loudest;
}

}  // namespace

ResamplerFigures Measure(RatePair pair) {
  ResamplerFigures figures{.delay_ms = 1000.0 * ResamplerFor(pair).delay_seconds(), .thd_noise_db = -400.0, .thd_noise_pcm_db = -400.0};
  for (double hz = 300.0; hz <= 3400.0; hz += 100.0) {
    figures.ripple_db = std::max(figures.ripple_db, std::abs(SendTone(pair, hz, -6.0, false).PeakDbfs() + 6.0));
  }
  const double edge_hz = kPassbandOfNyquist * pair.LowerNyquistHz();
  for (double hz = 317.3; hz <= edge_hz; hz += (edge_hz - 317.3) / 12.0) {
    figures.thd_noise_db = std::max(figures.thd_noise_db, SendTone(pair, hz, -1.0, false).ThdPlusNoiseDb());
    figures.thd_noise_pcm_db = std::max(figures.thd_noise_pcm_db, SendTone(pair, hz, -1.0, true).ThdPlusNoiseDb());
  }
  constexpr double kStepHz = 233.0;
  figures.alias_db = LoudestAliasDb(pair, kStopbandOfNyquist * pair.LowerNyquistHz(), kStepHz);
  figures.alias_near_db = LoudestAliasDb(pair, kTransitionOfNyquist * pair.LowerNyquistHz(), kStepHz);
  return figures;
}

}  // namespace talkpath::test
