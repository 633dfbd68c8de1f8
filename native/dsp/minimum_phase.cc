#include "dsp/minimum_phase.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>

#include "dsp/fourier.h"

namespace talkpath {
namespace {

// The cepstrum of a filter with deep nulls is long: it folds over itself unless there is room.
constexpr size_t kRoom = 8;
constexpr size_t kLeastPoints = 1 << 12;
constexpr double kFloor = 1e-8;  // -160 dB: fills the nulls, whose logarithm would fold too

}  // namespace

std::vector<double> MinimumPhase(std::span<const double> filter) {
  const size_t points = std::max(kLeastPoints, std::bit_ceil(kRoom * filter.size()));
  const Fourier fourier(points);
  std::vector<std::complex<double>> x(points);
  std::ranges::copy(filter, x.begin());
  fourier.Transform(x);
  for (auto& value : x) value = 0.5 * std::log(std::norm(value) + kFloor * kFloor);
  fourier.Invert(x);
  // What lies before time zero is folded onto what lies after it.
  for (size_t n = 1; n < points / 2; ++n) x[n] *= 2.0;
  std::fill(x.begin() + static_cast<long>(points / 2) + 1, x.end(), 0.0);
  fourier.Transform(x);
  for (auto& value : x) value = std::exp(value);
  fourier.Invert(x);
  std::vector<double> sooner(filter.size());
  std::ranges::transform(x.begin(), x.begin() + static_cast<long>(sooner.size()), sooner.begin(), [](const auto& value) { return value.real(); });
  return sooner;
}

}  // namespace talkpath
