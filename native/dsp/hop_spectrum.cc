#include "dsp/hop_spectrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "common_audio/third_party/ooura/fft_size_256/fft4g.h"

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

HopSpectrum::HopSpectrum() { Transform(); }  // computes the tables of the transform

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
  for (size_t i = 0; i < kWindowSamples; ++i) work_[i] = recent_[i] * kWindow[i];
  TALKPATH_UNMARKED(webrtc::WebRtc_rdft(kWindowSamples, 1, work_.data(), bit_order_.data(), twiddles_.data()));
  for (size_t bin = 0; bin < kSpectrumBins; ++bin) {
    spectrum_.re[bin] = work_[2 * (kFirstSpectrumBin + bin)];
    spectrum_.im[bin] = -work_[2 * (kFirstSpectrumBin + bin) + 1];  // the transform's sign is the other one
  }
}

}  // namespace talkpath
