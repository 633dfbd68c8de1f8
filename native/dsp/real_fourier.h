// The discrete Fourier transform of real samples, fast enough for the tick.
//
// Thread: tick. Transform() and Invert() do not allocate, lock, log or throw. After: PFFFT, as WebRTC brings it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/realtime.h"
#include "modules/audio_processing/utility/pffft_wrapper.h"

namespace talkpath {

class RealFourier {
 public:
  // Of `count` samples: a power of two from 32 on.
  explicit RealFourier(size_t count);

  // To be filled before one of the two, and holding what it made after the other.
  std::span<float> samples() noexcept { return samples_; }
  // Real and imaginary parts side by side; those of 0 Hz and of half the rate, both real, in front.
  std::span<float> spectrum() noexcept { return spectrum_; }

  // X[k] = sum of x[n] e^(-2πi kn/count).
  void Transform() noexcept TALKPATH_NONBLOCKING;
  // Undoes Transform(), but for the factor `count`.
  void Invert() noexcept TALKPATH_NONBLOCKING;

 private:
  webrtc::Pffft pffft_;
  const std::unique_ptr<webrtc::Pffft::FloatBuffer> sample_buffer_;
  const std::unique_ptr<webrtc::Pffft::FloatBuffer> spectrum_buffer_;
  const std::span<float> samples_;
  const std::span<float> spectrum_;
};

}  // namespace talkpath
