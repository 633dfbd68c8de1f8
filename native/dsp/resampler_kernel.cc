#include "dsp/resampler_kernel.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <complex>
#include <mutex>
#include <numbers>
#include <numeric>

#include "base/audio_format.h"
#include "dsp/minimum_phase.h"

namespace talkpath {
namespace {

constexpr double kPassbandOfNyquist = 0.85;
constexpr double kStopbandOfNyquist = 1.15;
constexpr double kStopbandDb = 124.0;
constexpr size_t kTapGroup = 8;  // what the compiler's vectors want

constexpr size_t kRates = kStreamRatesHz.size();
std::array<std::atomic<const ResamplerKernel*>, kRates * kRates> kernels{};
std::mutex building;

int IndexOf(int rate_hz) noexcept TALKPATH_NONBLOCKING {
  for (size_t i = 0; i < kRates; ++i) {
    if (kStreamRatesHz[i] == rate_hz) return static_cast<int>(i);
  }
  return -1;
}

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

// Frequencies as fractions of the rate at which the filter is designed.
std::vector<double> KaiserLowPass(double cutoff, double transition) {
  const size_t length = static_cast<size_t>(std::ceil((kStopbandDb - 7.95) / (14.36 * transition))) + 1;
  const double centre = static_cast<double>(length - 1) / 2.0;
  const double beta = 0.1102 * (kStopbandDb - 8.7);
  const double peak = BesselI0(beta);
  std::vector<double> filter(length);
  for (size_t n = 0; n < length; ++n) {
    const double offset = static_cast<double>(n) - centre;
    const double edge = offset / (centre + 1.0);
    filter[n] = 2.0 * cutoff * Sinc(2.0 * cutoff * offset) * BesselI0(beta * std::sqrt(1.0 - edge * edge)) / peak;
  }
  return filter;
}

// Group delay in taps at `frequency`, a fraction of the rate.
double GroupDelay(std::span<const double> filter, double frequency) {
  std::complex<double> response;
  std::complex<double> moment;
  for (size_t n = 0; n < filter.size(); ++n) {
    const auto turned = std::polar(filter[n], -2.0 * std::numbers::pi * frequency * static_cast<double>(n));
    response += turned;
    moment += static_cast<double>(n) * turned;
  }
  return (moment / response).real();
}

}  // namespace

Result<const ResamplerKernel*> ResamplerKernel::Get(int input_rate_hz, int output_rate_hz) {
  const int input = IndexOf(input_rate_hz);
  const int output = IndexOf(output_rate_hz);
  if (input < 0 || output < 0) {
    return Fail("Expected a sample rate of 8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000 or 192000 Hz but received " +
                std::to_string(input < 0 ? input_rate_hz : output_rate_hz));
  }
  auto& slot = kernels[static_cast<size_t>(input) * kRates + static_cast<size_t>(output)];
  if (const ResamplerKernel* built = slot.load(std::memory_order_acquire)) return built;
  const std::lock_guard lock(building);
  if (const ResamplerKernel* built = slot.load(std::memory_order_acquire)) return built;
  const ResamplerKernel* kernel = new ResamplerKernel(input_rate_hz, output_rate_hz);  // kept for ever: shared by all calls
  slot.store(kernel, std::memory_order_release);
  return kernel;
}

const ResamplerKernel* ResamplerKernel::Find(int input_rate_hz, int output_rate_hz) noexcept TALKPATH_NONBLOCKING {
  const int input = IndexOf(input_rate_hz);
  const int output = IndexOf(output_rate_hz);
  if (input < 0 || output < 0) return nullptr;
  return kernels[static_cast<size_t>(input) * kRates + static_cast<size_t>(output)].load(std::memory_order_acquire);
}

ResamplerKernel::ResamplerKernel(int input_rate_hz, int output_rate_hz)
    : input_rate_hz_(input_rate_hz), output_rate_hz_(output_rate_hz) {
  const int divisor = std::gcd(input_rate_hz, output_rate_hz);
  up_ = static_cast<size_t>(output_rate_hz / divisor);
  down_ = static_cast<size_t>(input_rate_hz / divisor);
  if (is_copy()) return;

  // Design at the rate that both rates divide.
  const double design_rate_hz = static_cast<double>(input_rate_hz) * static_cast<double>(up_);
  const double nyquist = std::min(input_rate_hz, output_rate_hz) / 2.0 / design_rate_hz;
  std::vector<double> prototype = MinimumPhase(KaiserLowPass(nyquist, (kStopbandOfNyquist - kPassbandOfNyquist) * nyquist));
  delay_seconds_ = GroupDelay(prototype, 0.0) / design_rate_hz;
  longest_delay_seconds_ = GroupDelay(prototype, kPassbandOfNyquist * nyquist) / design_rate_hz;

  const size_t per_phase = (prototype.size() + up_ - 1) / up_;
  taps_per_phase_ = (per_phase + kTapGroup - 1) / kTapGroup * kTapGroup;
  prototype.resize(taps_per_phase_ * up_, 0.0);
  coefficients_.resize(taps_per_phase_ * up_);
  for (size_t phase = 0; phase < up_; ++phase) {
    double sum = 0.0;  // each phase passes DC at exactly one, so that DC makes no tone
    for (size_t tap = 0; tap < taps_per_phase_; ++tap) sum += prototype[tap * up_ + phase];
    for (size_t tap = 0; tap < taps_per_phase_; ++tap) {
      coefficients_[phase * taps_per_phase_ + (taps_per_phase_ - 1 - tap)] = static_cast<float>(prototype[tap * up_ + phase] / sum);
    }
  }
}

}  // namespace talkpath
