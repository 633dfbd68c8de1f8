#include "dsp/spectrum.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "base/pcm.h"
#include "dsp/fourier.h"

namespace talkpath::test {
namespace {

constexpr std::array kTerms = {0.27105140069342, 0.43329793923448,  0.21812299954311, 0.06592544638803,
                               0.01081174209837, 0.00077658482522, 0.00001388721735};
constexpr double kLobeBins = kTerms.size() + 1.0;

std::vector<double> MakeWindow() {
  std::vector<double> window(Spectrum::kPoints, 0.0);
  for (size_t n = 0; n < window.size(); ++n) {
    const double angle = 2.0 * std::numbers::pi * static_cast<double>(n) / static_cast<double>(window.size());
    for (size_t term = 0; term < kTerms.size(); ++term) {
      window[n] += (term % 2 ? -1.0 : 1.0) * kTerms[term] * std::cos(static_cast<double>(term) * angle);
    }
  }
  return window;
}

const std::vector<double>& Window() {
  static const std::vector<double> window = MakeWindow();
  return window;
}

double MeanSquareOfWindow() {
  static const double mean = [] {
    double sum = 0.0;
    for (double value : Window()) sum += value * value;
    return sum / static_cast<double>(Spectrum::kPoints);
  }();
  return mean;
}

double PowerDb(double power) { return 10.0 * std::log10(power + 1e-40); }

}  // namespace

Spectrum::Spectrum(std::span<const float> samples, int rate_hz) : power_(kPoints / 2 + 1), rate_hz_(rate_hz) {
  const std::span<const float> last = samples.last(kPoints);
  std::vector<std::complex<double>> x(kPoints);
  for (size_t n = 0; n < kPoints; ++n) x[n] = Window()[n] * last[n] / kFullScale;
  static const Fourier fourier(kPoints);
  fourier.Transform(x);
  // A sine's power lies in both halves, half of it in each; the window takes its share.
  const double scale = 4.0 / (MeanSquareOfWindow() * kPoints * kPoints);
  for (size_t bin = 0; bin < power_.size(); ++bin) power_[bin] = std::norm(x[bin]) * scale;
}

bool Spectrum::BelongsTo(size_t bin, double tone_hz) const {
  return std::abs(static_cast<double>(bin) - tone_hz / rate_hz_ * kPoints) <= kLobeBins;
}

double Spectrum::LineWidthHz() const { return kLobeBins * rate_hz_ / kPoints; }

// The window spreads a tone over some bins: its peak bin holds so much of it.
double Spectrum::LoudestDbfs(double from_hz, double to_hz) const {
  const double share_of_peak = kTerms[0] * kTerms[0] / MeanSquareOfWindow();
  double loudest = 0.0;
  for (size_t bin = 0; bin < power_.size(); ++bin) {
    const double hz = static_cast<double>(bin) * rate_hz_ / kPoints;
    if (hz >= from_hz && hz <= to_hz) loudest = std::max(loudest, power_[bin]);
  }
  return PowerDb(loudest / share_of_peak);
}

double Spectrum::LoudestDbfsBut(double but_hz) const {
  return std::max(LoudestDbfs(LineWidthHz(), but_hz - LineWidthHz()), LoudestDbfs(but_hz + LineWidthHz(), rate_hz_ / 2.0));
}

double Spectrum::PowerOf(double tone_hz) const {
  double sum = 0.0;
  for (size_t bin = 0; bin < power_.size(); ++bin) {
    if (BelongsTo(bin, tone_hz)) sum += power_[bin];
  }
  return sum;
}

double Spectrum::PowerBut(double tone_hz) const {
  double sum = 0.0;
  for (size_t bin = 0; bin < power_.size(); ++bin) {
    if (!BelongsTo(bin, tone_hz) && !BelongsTo(bin, 0.0)) sum += power_[bin];
  }
  return sum;
}

double Spectrum::ThdPlusNoiseDb(double tone_hz) const { return PowerDb(PowerBut(tone_hz)) - PowerDb(PowerOf(tone_hz)); }
double Spectrum::ThdPlusNoiseDbfs(double tone_hz) const { return PowerDb(PowerBut(tone_hz)); }

}  // namespace talkpath::test
