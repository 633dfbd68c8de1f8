#include "dsp/resampler_kernel.h"

#include <array>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numbers>
#include <numeric>

#include "base/audio_format.h"

namespace talkpath {
namespace {

constexpr double kPassbandOfNyquist = 0.85;
constexpr double kStopbandOfNyquist = 1.15;
constexpr double kStopbandDb = 103.0;
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
  const double nyquist_hz = std::min(input_rate_hz, output_rate_hz) / 2.0;
  const double transition = (kStopbandOfNyquist - kPassbandOfNyquist) * nyquist_hz / design_rate_hz;
  const double least_taps = (kStopbandDb - 7.95) / (14.36 * transition) + 1.0;
  const double per_phase = least_taps / static_cast<double>(up_);
  taps_per_phase_ = (static_cast<size_t>(std::ceil(per_phase)) + kTapGroup - 1) / kTapGroup * kTapGroup;
  // An odd length keeps the delay at a whole design sample; the last coefficient of the last phase stays 0.
  const size_t length = taps_per_phase_ * up_ - (taps_per_phase_ * up_ + 1) % 2;
  const double centre = static_cast<double>(length - 1) / 2.0;
  delay_seconds_ = centre / design_rate_hz;

  const double beta = 0.1102 * (kStopbandDb - 8.7);
  const double cutoff = nyquist_hz / design_rate_hz;  // of the design rate
  std::vector<double> prototype(taps_per_phase_ * up_, 0.0);
  for (size_t n = 0; n < length; ++n) {
    const double offset = static_cast<double>(n) - centre;
    const double edge = offset / (centre + 1.0);
    const double window = BesselI0(beta * std::sqrt(1.0 - edge * edge)) / BesselI0(beta);
    prototype[n] = 2.0 * cutoff * Sinc(2.0 * cutoff * offset) * window;
  }

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
