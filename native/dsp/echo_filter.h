// Learns the echo path as a filter of 32 ms, and says what it leaves of the near end.
//
// A Kalman filter in the frequency domain: it learns fast where the far end has power and the near end has little else,
// and hardly at all while the caller speaks, without being told so.
//
// 8 kHz, 10 ms blocks. Thread: tick. Process() does not allocate, lock, log or throw.
// After: Enzner and Vary 2006, "Frequency-domain adaptive Kalman filter for acoustic echo control"; what differs is how
// the near end's power is estimated.
#pragma once

#include <array>
#include <span>

#include "base/audio_format.h"
#include "base/realtime.h"
#include "dsp/real_fourier.h"

namespace talkpath {

class EchoFilter {
 public:
  static constexpr int kRateHz = 8000;
  static constexpr size_t kBlock = SamplesPerBlock(kRateHz);
  static constexpr size_t kTaps = 256;
  static constexpr size_t kWindowSamples = 512;

  EchoFilter();

  void Forget() noexcept TALKPATH_NONBLOCKING;
  // `far_end`: the far end that the block may hold and what came before it, newest last. Writes what is left of the near end.
  void Process(std::span<const float, kWindowSamples> far_end, std::span<const float, kBlock> near_end,
               std::span<float, kBlock> residual) noexcept TALKPATH_NONBLOCKING;
  // Learns from what was left of the block last processed.
  void Learn(std::span<const float, kBlock> residual) noexcept TALKPATH_NONBLOCKING;
  // What of the last block may be echo that is not learnt yet, as power of a sample in bands of 500 Hz.
  static constexpr size_t kBands = 8;
  std::span<const float, kBands> unlearnt() const noexcept { return unlearnt_; }
  // The path as far as it is known: where the far end has had little power nothing is.
  std::array<float, kTaps> SureTaps() noexcept TALKPATH_NONBLOCKING;

 private:
  static constexpr size_t kBins = kWindowSamples / 2 + 1;
  using Spectrum = std::array<float, kWindowSamples>;  // re and im side by side; the first and the last bin, both real, in front

  void LearnBin(size_t bin, std::span<const float> far, std::span<const float> error, std::span<float> weight) noexcept TALKPATH_NONBLOCKING;

  RealFourier fourier_{kWindowSamples};
  Spectrum far_{};
  Spectrum weights_{};
  std::array<float, kBins> uncertainty_{};  // of a weight, squared
  std::array<float, kBins> near_power_{};
  std::array<float, kBands> unlearnt_{};
};

}  // namespace talkpath
