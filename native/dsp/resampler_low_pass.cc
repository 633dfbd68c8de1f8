#include "dsp/resampler_low_pass.h"

#include <cmath>
#include <complex>
#include <numbers>

#include "dsp/minimum_phase.h"

namespace talkpath {
namespace {

constexpr double kStopbandDb = 124.0;

// Modified Bessel function of the first kind, order 0, by its power series.
double BesselI0(double x) {
  double sum = 1.0;
  double term = 1.0;
  for (int k = 1; term > sum * 1e-17; ++k) {
    term *= (x / (2.0 * k)) * (x / (2.0 * k));
    sum += term;
  }
  return sum;
}

double Sinc(double x) { return x == 0.0 ? 1.0 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

// Of `count` taps, with its cutoff at `cutoff` of their rate.
std::vector<double> KaiserLowPass(size_t count, double cutoff) {
  const double centre = static_cast<double>(count - 1) / 2.0;
  const double beta = 0.1102 * (kStopbandDb - 8.7);
  const double peak = BesselI0(beta);
  std::vector<double> filter(count);
  for (size_t n = 0; n < count; ++n) {
    const double offset = static_cast<double>(n) - centre;
    const double edge = offset / (centre + 1.0);
    filter[n] = 2.0 * cutoff * Sinc(2.0 * cutoff * offset) * BesselI0(beta * std::sqrt(1.0 - edge * edge)) / peak;
  }
  return filter;
}

}  // namespace

const ResamplerLowPass& ResamplerLowPass::Get() {
  static const ResamplerLowPass low_pass;
  return low_pass;
}

ResamplerLowPass::ResamplerLowPass() {
  const double transition = (kStopbandOfNyquist - kPassbandOfNyquist) / 2.0 / kPointsPerPeriod;
  const double taps = (kStopbandDb - 7.95) / (14.36 * transition) + 1.0;
  const double cutoff = (kPassbandOfNyquist + kStopbandOfNyquist) / 4.0 / kPointsPerPeriod;
  points_ = MinimumPhase(KaiserLowPass(static_cast<size_t>(std::ceil(taps)), cutoff));
}

// Between the points by the polynomial through the eight nearest: the response is smooth at this spacing, and what
// that adds lies 160 dB down.
double ResamplerLowPass::At(double time) const {
  const double position = time * kPointsPerPeriod;
  const auto below = static_cast<long>(std::floor(position));
  double sum = 0.0;
  for (long i = below - 3; i <= below + 4; ++i) {
    if (i < 0 || i >= static_cast<long>(points_.size())) continue;
    double weight = 1.0;
    for (long j = below - 3; j <= below + 4; ++j) {
      if (j != i) weight *= (position - static_cast<double>(j)) / static_cast<double>(i - j);
    }
    sum += weight * points_[static_cast<size_t>(i)];
  }
  return sum;
}

double ResamplerLowPass::GroupDelay(double frequency) const {
  std::complex<double> response;
  std::complex<double> moment;
  for (size_t n = 0; n < points_.size(); ++n) {
    const double time = static_cast<double>(n) / kPointsPerPeriod;
    const auto turned = std::polar(points_[n], -std::numbers::pi * frequency * time);
    response += turned;
    moment += time * turned;
  }
  return (moment / response).real();
}

}  // namespace talkpath
