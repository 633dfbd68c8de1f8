// The filter of one pair of rates: its low-pass cut into phases, shared by all resamplers of that pair in the
// process.
//
// Minimum phase: it delays low frequencies by 3.4 periods of the lower rate, the edge of the passband by 12.3; that is
// 0.4 and 1.5 ms when the lower rate is 8 kHz.
// After: Crochiere and Rabiner's polyphase form.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/realtime.h"
#include "base/result.h"

namespace talkpath {

class ResamplerKernel {
 public:
  // Thread: any but tick. Builds the pair's filter on first use (within a millisecond, at 22.05 and 44.1 kHz within
  // ten) and keeps it for the life of the process. Fails for a rate outside kStreamRatesHz.
  static Result<const ResamplerKernel*> Get(int input_rate_hz, int output_rate_hz);

  // Thread: any. The pair's filter if Get() has built it, else nullptr. Does not allocate or lock.
  static const ResamplerKernel* Find(int input_rate_hz, int output_rate_hz) noexcept TALKPATH_NONBLOCKING;

  int input_rate_hz() const noexcept { return input_rate_hz_; }
  int output_rate_hz() const noexcept { return output_rate_hz_; }
  bool is_copy() const noexcept { return input_rate_hz_ == output_rate_hz_; }

  // The output rate is the input rate times up() / down(), in lowest terms.
  size_t up() const noexcept { return up_; }
  size_t down() const noexcept { return down_; }
  // Input samples that one output sample is made of, a multiple of 8.
  size_t taps_per_phase() const noexcept { return taps_per_phase_; }
  // Delay of low frequencies, the least.
  double delay_seconds() const noexcept { return delay_seconds_; }
  // Delay at the passband's edge, the most.
  double longest_delay_seconds() const noexcept { return longest_delay_seconds_; }

  // Coefficients for output samples that fall `phase`/up() of an input sample past the newest input, oldest
  // input first.
  std::span<const float> Phase(size_t phase) const noexcept TALKPATH_NONBLOCKING {
    return {coefficients_.data() + phase * taps_per_phase_, taps_per_phase_};
  }

 private:
  ResamplerKernel(int input_rate_hz, int output_rate_hz);

  int input_rate_hz_;
  int output_rate_hz_;
  size_t up_;
  size_t down_;
  size_t taps_per_phase_ = 0;
  double delay_seconds_ = 0.0;
  double longest_delay_seconds_ = 0.0;
  std::vector<float> coefficients_;
};

}  // namespace talkpath
