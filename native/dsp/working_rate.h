// Lets the stages that work at 16, 32 or 48 kHz take 10 ms blocks of int16 at other rates: resamples on the
// way in and on the way out.
//
// Thread: one at a time. In() and Out() do not allocate, lock, log or throw.
#pragma once

#include <array>
#include <span>

#include "base/audio_format.h"
#include "base/realtime.h"
#include "base/result.h"
#include "dsp/resampler.h"

namespace talkpath {

class WorkingRate {
 public:
  // The rate that the stages work at for blocks of `sample_rate_hz`: the lowest that keeps all of the band.
  static constexpr int For(int sample_rate_hz) { return sample_rate_hz <= 16000 ? 16000 : sample_rate_hz == 32000 ? 32000 : 48000; }

  // Between blocks of `sample_rate_hz` and a stage that works at `working_rate_hz`, mostly For(sample_rate_hz).
  // `sample_rate_hz` is one of kStreamRatesHz up to 48000 whose 10 ms block is whole: 22050 is not.
  static Result<WorkingRate> Create(int sample_rate_hz, int working_rate_hz);

  // A block of the working rate, made of SamplesPerBlock(sample_rate_hz) samples; valid until the next In().
  std::span<float> In(std::span<const int16_t> block) noexcept TALKPATH_NONBLOCKING;
  // Writes SamplesPerBlock(sample_rate_hz) samples, made of a block of the working rate.
  void Out(std::span<const float> block, std::span<int16_t> out) noexcept TALKPATH_NONBLOCKING;

  int rate_hz() const noexcept { return rate_hz_; }
  size_t block_samples() const noexcept { return SamplesPerBlock(sample_rate_hz_); }
  double in_delay_seconds() const noexcept { return in_.delay_seconds(); }
  double out_delay_seconds() const noexcept { return out_.delay_seconds(); }

 private:
  WorkingRate(int sample_rate_hz, int working_rate_hz, const ResamplerKernel* in, const ResamplerKernel* out);

  int sample_rate_hz_;
  int rate_hz_;
  Resampler in_;
  Resampler out_;
  // Beyond a block, what MaxOutput() may promise and never writes.
  std::array<float, kMaxBlockSamples + 2> outer_{};
  std::array<float, kMaxBlockSamples + 2> inner_{};
};

}  // namespace talkpath
