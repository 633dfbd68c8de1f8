#include "dsp/band_levels.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/pcm.h"

namespace talkpath {
namespace {

constexpr double kLowestHz = 90.0;
constexpr double kHighestHz = 3800.0;
constexpr size_t kFallSamples = 48;   // of the window's end
constexpr float kLeastPower = 1e-9f;  // -90 dBFS

double Mel(double hz) { return 1127.0 * std::log1p(hz / 700.0); }

}  // namespace

float LevelDbfs(float power) noexcept TALKPATH_NONBLOCKING { return 10.0f * std::log10(power + kLeastPower); }

BandLevels::Tables::Tables() {
  const size_t rise = kWindow - kFallSamples;
  for (size_t i = 0; i < kWindow; ++i) {
    const double part = i < rise ? (static_cast<double>(i) + 0.5) / static_cast<double>(rise)
                                 : (static_cast<double>(kWindow - i) - 0.5) / static_cast<double>(kFallSamples);
    const double root = std::sin(0.5 * std::numbers::pi * part);
    window[i] = static_cast<float>(root * root);
  }
  // Triangles of equal width in mel, each bin in two of them.
  const double step = (Mel(kHighestHz) - Mel(kLowestHz)) / static_cast<double>(kLevelBands + 1);
  for (size_t bin = 0; bin < first_band.size(); ++bin) {
    const double hz = static_cast<double>(bin) * kRateHz / kWindow;
    const double at = (Mel(hz) - Mel(kLowestHz)) / step - 1.0;  // band 0 peaks at 0
    const double lower = std::floor(at);
    first_band[bin] = static_cast<int>(lower);
    weights[bin] = {static_cast<float>(1.0 - (at - lower)), static_cast<float>(at - lower)};
  }
}

const BandLevels::Tables& BandLevels::Shared() {
  static const Tables tables;
  return tables;
}

void BandLevels::Process(std::span<const float, kBlock> block, BandLevelsDbfs& levels) noexcept TALKPATH_NONBLOCKING {
  std::copy(history_.begin() + kBlock, history_.end(), history_.begin());
  std::copy(block.begin(), block.end(), history_.end() - kBlock);
  const std::span<float> windowed = fourier_.samples();
  for (size_t i = 0; i < kWindow; ++i) windowed[i] = tables_.window[i] * history_[i];
  fourier_.Transform();
  const std::span<const float> spectrum = fourier_.spectrum();
  std::array<float, kLevelBands> powers{};
  for (size_t bin = 1; bin < kWindow / 2; ++bin) {
    const float power = spectrum[2 * bin] * spectrum[2 * bin] + spectrum[2 * bin + 1] * spectrum[2 * bin + 1];
    const int band = tables_.first_band[bin];
    if (band >= 0 && band < static_cast<int>(kLevelBands)) powers[band] += tables_.weights[bin][0] * power;
    if (band >= -1 && band + 1 < static_cast<int>(kLevelBands)) powers[band + 1] += tables_.weights[bin][1] * power;
  }
  constexpr float kScale = 4.0f / (kFullScale * kFullScale * kWindow * kWindow);
  for (size_t band = 0; band < kLevelBands; ++band) levels[band] = LevelDbfs(kScale * powers[band]);
}

}  // namespace talkpath
