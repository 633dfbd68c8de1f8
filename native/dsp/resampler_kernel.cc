#include "dsp/resampler_kernel.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numeric>

#include "base/audio_format.h"
#include "dsp/resampler_low_pass.h"

namespace talkpath {
namespace {

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

  const ResamplerLowPass& low_pass = ResamplerLowPass::Get();
  const double lower_rate_hz = std::min(input_rate_hz, output_rate_hz);
  delay_seconds_ = low_pass.GroupDelay(0.0) / lower_rate_hz;
  longest_delay_seconds_ = low_pass.GroupDelay(ResamplerLowPass::kPassbandOfNyquist) / lower_rate_hz;

  // Sampled at the rate that both rates divide.
  const double samples_per_period = static_cast<double>(input_rate_hz) * static_cast<double>(up_) / lower_rate_hz;
  const double per_phase = low_pass.length() * samples_per_period / static_cast<double>(up_);
  taps_per_phase_ = (static_cast<size_t>(std::ceil(per_phase)) + kTapGroup - 1) / kTapGroup * kTapGroup;
  std::vector<double> prototype(taps_per_phase_ * up_);
  for (size_t n = 0; n < prototype.size(); ++n) prototype[n] = low_pass.At(static_cast<double>(n) / samples_per_period);

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
