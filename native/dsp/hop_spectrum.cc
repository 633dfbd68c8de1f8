#include "dsp/hop_spectrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace talkpath {
namespace {

std::array<float, HopSpectrum::kWindowSamples> HannWindow() {
  std::array<float, HopSpectrum::kWindowSamples> window{};
  for (size_t i = 0; i < window.size(); ++i) {
    window[i] = static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(window.size())));
  }
  return window;
}

const std::array<float, HopSpectrum::kWindowSamples> kWindow = HannWindow();

}  // namespace

bool HopSpectrum::Add(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  std::copy(block.begin(), block.end(), recent_.begin() + static_cast<long>(filled_));
  filled_ += block.size();
  if (filled_ < kWindowSamples) return false;
  Transform();
  std::copy(recent_.begin() + kHopSamples, recent_.end(), recent_.begin());
  filled_ = kHopSamples;
  return true;
}

void HopSpectrum::Transform() noexcept TALKPATH_NONBLOCKING {
  const std::span<float> windowed = fourier_.samples();
  for (size_t i = 0; i < kWindowSamples; ++i) windowed[i] = recent_[i] * kWindow[i];
  fourier_.Transform();
  const std::span<const float> bins = fourier_.spectrum().subspan(2 * kFirstSpectrumBin);
  for (size_t bin = 0; bin < kSpectrumBins; ++bin) {
    spectrum_.re[bin] = bins[2 * bin];
    spectrum_.im[bin] = bins[2 * bin + 1];
  }
}

}  // namespace talkpath
