// Short spectra of a stream at 16 kHz: 32 ms every 16 ms, telephone band only.
//
// Thread: tick. Add() does not allocate, lock, log or throw.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "base/realtime.h"
#include "dsp/real_fourier.h"

namespace talkpath {

// What every line carries: 312 to 2281 Hz.
inline constexpr size_t kSpectrumBins = 64;
inline constexpr size_t kFirstSpectrumBin = 10;

struct BinSpectrum {
  alignas(32) std::array<float, kSpectrumBins> re{};
  alignas(32) std::array<float, kSpectrumBins> im{};

  float Power() const noexcept TALKPATH_NONBLOCKING {
    float sum = 0.0f;
    for (size_t bin = 0; bin < kSpectrumBins; ++bin) sum += re[bin] * re[bin] + im[bin] * im[bin];
    return sum;
  }
};

class HopSpectrum {
 public:
  static constexpr int kRateHz = 16000;
  static constexpr size_t kBlockSamples = 64;
  static constexpr size_t kHopSamples = 256;
  static constexpr size_t kWindowSamples = 512;
  static constexpr float kBinHz = static_cast<float>(kRateHz) / kWindowSamples;

  // Takes 4 ms. True when `spectrum()` is of a new hop.
  bool Add(std::span<const float> block) noexcept TALKPATH_NONBLOCKING;
  const BinSpectrum& spectrum() const noexcept { return spectrum_; }

 private:
  void Transform() noexcept TALKPATH_NONBLOCKING;

  std::array<float, kWindowSamples> recent_{};
  size_t filled_ = kHopSamples;  // of recent_; the window's first half is of the hop before
  RealFourier fourier_{kWindowSamples};
  BinSpectrum spectrum_;
};

}  // namespace talkpath
