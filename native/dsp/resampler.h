// Changes the sample rate of a live stream, with the same number of samples out for each frame in.
//
// Thread: one at a time (tick, in the engine). Process() does not allocate, lock, log or throw.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/audio_format.h"
#include "base/realtime.h"
#include "dsp/resampler_kernel.h"

namespace talkpath {

class Resampler {
 public:
  // A copy at 8 kHz until a kernel is set.
  Resampler();

  // Takes another pair of rates and forgets the stream so far. `kernel` must not be null.
  void SetKernel(const ResamplerKernel* kernel) noexcept TALKPATH_NONBLOCKING;
  const ResamplerKernel* kernel() const noexcept { return kernel_; }

  // Exactly what the next Process() of `input_count` samples writes.
  size_t OutputFor(size_t input_count) const noexcept TALKPATH_NONBLOCKING;
  // Largest output of Process() for `input_count` samples.
  size_t MaxOutput(size_t input_count) const noexcept TALKPATH_NONBLOCKING;

  // Resamples `in` (any length) into `out` and returns how many samples were written; int16-scale float.
  // `out` must hold MaxOutput(in.size()).
  [[nodiscard]] size_t Process(std::span<const float> in, std::span<float> out) noexcept TALKPATH_NONBLOCKING;

  // Delay of low frequencies; nothing is withheld beyond it.
  double delay_seconds() const noexcept { return kernel_ ? kernel_->delay_seconds() : 0.0; }
  // Delay at the passband's edge, the most.
  double longest_delay_seconds() const noexcept { return kernel_ ? kernel_->longest_delay_seconds() : 0.0; }
  // delay_seconds() in samples of the output.
  double delay_samples() const noexcept { return kernel_ ? kernel_->delay_seconds() * kernel_->output_rate_hz() : 0.0; }

 private:
  size_t ProcessPiece(std::span<const float> in, std::span<float> out) noexcept TALKPATH_NONBLOCKING;

  const ResamplerKernel* kernel_ = nullptr;
  std::vector<float> history_;  // taps of the past, then the piece at hand
  size_t next_input_ = 0;       // newest input that the next output needs, counted from the piece's start
  size_t phase_ = 0;
};

}  // namespace talkpath
