#include "dsp/resampler_figures.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "base/pcm.h"
#include "dsp/fourier.h"
#include "dsp/spectrum.h"
#include "support/tone_fit.h"

namespace talkpath::test {
namespace {

constexpr double kPassbandOfNyquist = 0.85;
constexpr double kStopbandOfNyquist = 1.15;
constexpr double kTransitionOfNyquist = 1.025;
constexpr double kStepHz = 233.0;
constexpr double kLowestHz = 300.0;

// Enough input for a spectrum of settled output.
size_t InputForSpectrum(const ResamplerUnderTest& resampler) {
  const RatePair pair = resampler.pair;
  return SamplesIn(resampler.settling_ms, pair.in_hz) + Spectrum::kPoints * static_cast<size_t>(pair.in_hz) / static_cast<size_t>(pair.out_hz) + 1;
}

enum class Format { kFloat, kPcm };

Samples Resampled(const ResamplerUnderTest& resampler, const Samples& in, Format format) {
  return format == Format::kFloat ? resampler.resample(in) : ToSamples(ToPcm(resampler.resample(ToSamples(ToPcm(in)))));
}

Spectrum Through(const ResamplerUnderTest& resampler, const Samples& in, Format format = Format::kFloat) {
  return Spectrum(Resampled(resampler, in, format), resampler.pair.out_hz);
}
Spectrum ThroughPcm(const ResamplerUnderTest& resampler, const Samples& in) { return Through(resampler, in, Format::kPcm); }

Samples ToneFor(const ResamplerUnderTest& resampler, double hz, double dbfs) {
  return Tone(hz, dbfs, resampler.pair.in_hz, InputForSpectrum(resampler), 0.3);
}

// The response to an impulse, which an input sample's worth of the lower rate does not fill: gain 1 is 1.
class Impulse {
 public:
  explicit Impulse(const ResamplerUnderTest& resampler, Format format = Format::kFloat)
      : pair_(resampler.pair), at_(SamplesIn(20, pair_.in_hz) + 7) {
    constexpr float kHeight = 32767.0f;
    Samples in(SamplesIn(60 + 2 * resampler.settling_ms, pair_.in_hz), 0.0f);
    in[at_] = kHeight;
    response_ = Resampled(resampler, in, format);
    for (float& sample : response_) sample *= static_cast<float>(pair_.in_hz) / static_cast<float>(pair_.out_hz) / kHeight;
  }

  std::complex<double> Gain(double hz) const { return Sum(hz, [](size_t) { return 1.0; }); }
  double GainDb(double hz) const { return Db(std::abs(Gain(hz)), 1.0); }
  double GroupDelayMs(double hz) const {
    const auto moment = Sum(hz, [](size_t n) { return static_cast<double>(n); });
    return 1000.0 * ((moment / Gain(hz)).real() / pair_.out_hz - static_cast<double>(at_) / pair_.in_hz);
  }
  size_t Peak() const {
    const auto louder = [](float a, float b) { return std::abs(a) < std::abs(b); };
    return static_cast<size_t>(std::ranges::max_element(response_, louder) - response_.begin());
  }
  // When the peak is there, in frames handed in whole: nothing comes before its input's frame.
  double LagMs() const { return 1000.0 * (static_cast<double>(Peak()) / pair_.out_hz - static_cast<double>(at_) / pair_.in_hz); }
  // Swings the other way before the peak: a rise alone is no ringing.
  double PreRingDb() const {
    const float peak = response_[Peak()];
    float loudest = 0.0f;
    for (size_t n = 0; n < Peak(); ++n) loudest = std::max(loudest, -response_[n] / peak);
    return Db(loudest, 1.0);
  }

 private:
  template <typename Weight>
  std::complex<double> Sum(double hz, Weight weight) const {
    std::complex<double> sum;
    for (size_t n = 0; n < response_.size(); ++n) {
      sum += std::polar(response_[n] * weight(n), -2.0 * std::numbers::pi * hz * static_cast<double>(n) / pair_.out_hz);
    }
    return sum;
  }

  RatePair pair_;
  size_t at_;
  Samples response_;
};

// Output that is due after any frame and not there.
double MostWithheldMs(const ResamplerUnderTest& resampler) {
  double most = 0.0;
  for (int frames = 1; frames <= 40; ++frames) {
    const Samples in(static_cast<size_t>(frames) * SamplesPerFrame(resampler.pair.in_hz), 0.0f);
    most = std::max(most, 1.0 * frames * kFrameMs - 1000.0 * static_cast<double>(resampler.resample(in).size()) / resampler.pair.out_hz);
  }
  return most;
}

void MeasureImpulse(const ResamplerUnderTest& resampler, ResamplerFigures& figures) {
  const RatePair pair = resampler.pair;
  const Impulse impulse(resampler);
  const Impulse pcm_impulse(resampler, Format::kPcm);
  figures.delay_ms = impulse.GroupDelayMs(0.0);
  figures.pre_ring_db = impulse.PreRingDb();
  figures.withheld_ms = MostWithheldMs(resampler);
  figures.lag_ms = impulse.LagMs() + figures.withheld_ms;
  const double edge_hz = kPassbandOfNyquist * pair.LowerNyquistHz();
  for (double hz = kLowestHz; hz <= edge_hz; hz += 20.0) {
    const double deviation_db = std::abs(impulse.GainDb(hz));
    figures.longest_delay_ms = std::max(figures.longest_delay_ms, impulse.GroupDelayMs(hz));
    figures.edge_ripple_db = std::max(figures.edge_ripple_db, deviation_db);
    if (hz > 3400.0) continue;
    figures.ripple_db = std::max(figures.ripple_db, deviation_db);
    figures.ripple_pcm_db = std::max(figures.ripple_pcm_db, std::abs(pcm_impulse.GainDb(hz)));
  }
}

void MeasureTones(const ResamplerUnderTest& resampler, ResamplerFigures& figures) {
  const RatePair pair = resampler.pair;
  constexpr int kTones = 20;
  constexpr double kUneven = 0.3137;  // no whole number of periods in anything
  const double step_hz = (kPassbandOfNyquist * pair.LowerNyquistHz() - kLowestHz) / kTones;
  for (int tone = 0; tone < kTones; ++tone) {
    const double hz = kLowestHz + (tone + kUneven) * step_hz;
    for (double dbfs : {-1.0, -20.0, -60.0}) {
      const Samples in = ToneFor(resampler, hz, dbfs);
      figures.thd_noise_db = std::max(figures.thd_noise_db, Through(resampler, in).ThdPlusNoiseDb(hz));
      const Spectrum rounded = ThroughPcm(resampler, in);
      figures.thd_noise_pcm_dbfs = std::max(figures.thd_noise_pcm_dbfs, rounded.ThdPlusNoiseDbfs(hz));
      if (dbfs == -1.0) figures.thd_noise_pcm_db = std::max(figures.thd_noise_pcm_db, rounded.ThdPlusNoiseDb(hz));
    }
  }
}

void MeasureAliases(const ResamplerUnderTest& resampler, ResamplerFigures& figures) {
  const RatePair pair = resampler.pair;
  const double nyquist_hz = pair.LowerNyquistHz();
  const auto anywhere = [&pair](const Spectrum& spectrum) { return spectrum.LoudestDbfs(0.0, pair.out_hz / 2.0); };
  for (double hz = kStopbandOfNyquist * nyquist_hz; hz < pair.in_hz / 2.0; hz += kStepHz) {
    const Samples in = ToneFor(resampler, hz, 0.0);
    figures.alias_db = std::max(figures.alias_db, anywhere(Through(resampler, in)));
    figures.alias_pcm_db = std::max(figures.alias_pcm_db, anywhere(ThroughPcm(resampler, in)));
  }
  // Within the transition band only what folds counts: a higher output rate passes the tone itself.
  if (pair.out_hz < pair.in_hz) {
    for (double hz = kTransitionOfNyquist * nyquist_hz; hz < kStopbandOfNyquist * nyquist_hz && hz < pair.in_hz / 2.0; hz += kStepHz) {
      figures.alias_near_db = std::max(figures.alias_near_db, anywhere(Through(resampler, ToneFor(resampler, hz, 0.0))));
    }
    figures.alias_near_db = std::max(figures.alias_near_db, figures.alias_db);
  }
  for (double hz = kLowestHz; hz <= kPassbandOfNyquist * nyquist_hz; hz += kStepHz) {
    const Samples in = ToneFor(resampler, hz, 0.0);
    figures.image_db = std::max(figures.image_db, Through(resampler, in).LoudestDbfsBut(hz));
    figures.image_pcm_db = std::max(figures.image_pcm_db, ThroughPcm(resampler, in).LoudestDbfsBut(hz));
  }
}

Spectrum TwoTones(const ResamplerUnderTest& resampler, Format format, double a_hz, double a_dbfs, double b_hz, double b_dbfs) {
  Samples in = ToneFor(resampler, a_hz, a_dbfs);
  const Samples second = ToneFor(resampler, b_hz, b_dbfs);
  for (size_t i = 0; i < in.size(); ++i) in[i] += second[i];
  return Through(resampler, in, format);
}

void MeasureIntermodulation(const ResamplerUnderTest& resampler, Format format, double& ccif_db, double& smpte_db) {
  const auto around = [](const Spectrum& spectrum, double hz) { return spectrum.LoudestDbfs(hz - 5.0, hz + 5.0); };
  const Spectrum ccif = TwoTones(resampler, format, 3000.0, -7.0, 3200.0, -7.0);
  for (double hz : {200.0, 2800.0, 3400.0}) ccif_db = std::max(ccif_db, around(ccif, hz));
  const Spectrum smpte = TwoTones(resampler, format, 60.0, -3.0, 3000.0, -15.0);
  const double apart_hz = 2.0 * std::max(60.0, smpte.LineWidthHz());  // products nearer than a line is wide cannot be told from it
  for (double hz = 60.0; hz <= 600.0; hz += 60.0) {
    if (hz < apart_hz) continue;
    smpte_db = std::max({smpte_db, around(smpte, 3000.0 - hz), around(smpte, 3000.0 + hz)});
  }
}

// Off the diagonal of the sweep's spectrogram: where the sweep is not, and outside the transition band.
void MeasureSweep(const ResamplerUnderTest& resampler, Format format, double longest_delay_ms, double& sweep_db) {
  const RatePair pair = resampler.pair;
  constexpr double kSeconds = 4.0;
  constexpr double kFromHz = 50.0;
  const double octaves = std::log2(pair.in_hz / 2.0 / kFromHz);
  const auto hz_at = [&](double seconds) { return kFromHz * std::exp2(octaves * seconds / kSeconds); };
  Samples in(static_cast<size_t>(kSeconds * pair.in_hz));
  double phase = 0.0;
  for (size_t n = 0; n < in.size(); ++n) {
    in[n] = static_cast<float>(0.99 * kFullScale * std::sin(phase));
    phase += 2.0 * std::numbers::pi * hz_at(static_cast<double>(n) / pair.in_hz) / pair.in_hz;
  }
  const Samples out = Resampled(resampler, in, format);
  const double window_s = static_cast<double>(Spectrum::kPoints) / pair.out_hz;
  const double edge_hz = kPassbandOfNyquist * pair.LowerNyquistHz();
  for (size_t end = Spectrum::kPoints; end <= out.size(); end += Spectrum::kPoints / 4) {
    const Spectrum spectrum(std::span<const float>(out).first(end), pair.out_hz);
    const double end_s = static_cast<double>(end) / pair.out_hz;
    const double low_hz = hz_at(end_s - window_s - longest_delay_ms / 1000.0) - spectrum.LineWidthHz();
    const double high_hz = hz_at(end_s) + spectrum.LineWidthHz();
    sweep_db = std::max({sweep_db, spectrum.LoudestDbfs(0.0, std::min(low_hz, edge_hz)), spectrum.LoudestDbfs(high_hz, edge_hz)});
  }
}

void MeasureOvershoot(const ResamplerUnderTest& resampler, ResamplerFigures& figures) {
  const RatePair pair = resampler.pair;
  Samples square(SamplesIn(200 + resampler.settling_ms, pair.in_hz));
  const size_t half = SamplesIn(5, pair.in_hz);
  for (size_t n = 0; n < square.size(); ++n) square[n] = n / half % 2 ? 32767.0f : -32767.0f;
  const Samples out = resampler.resample(square);
  figures.overshoot_db = Db(*std::ranges::max_element(out), 32767.0);
}

}  // namespace

ResamplerFigures Measure(const ResamplerUnderTest& resampler) {
  ResamplerFigures figures;
  MeasureImpulse(resampler, figures);
  MeasureTones(resampler, figures);
  MeasureAliases(resampler, figures);
  MeasureIntermodulation(resampler, Format::kFloat, figures.ccif_db, figures.smpte_db);
  MeasureIntermodulation(resampler, Format::kPcm, figures.ccif_pcm_db, figures.smpte_pcm_db);
  MeasureSweep(resampler, Format::kFloat, figures.longest_delay_ms, figures.sweep_db);
  MeasureSweep(resampler, Format::kPcm, figures.longest_delay_ms, figures.sweep_pcm_db);
  MeasureOvershoot(resampler, figures);
  return figures;
}

ResamplerFigures Measure(RatePair pair) {
  return Measure({.pair = pair, .resample = [pair](std::span<const float> in) { return Resample(pair, in); }});
}

}  // namespace talkpath::test
