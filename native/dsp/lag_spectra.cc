#include "dsp/lag_spectra.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace talkpath {
namespace {

// A sine of 1/3000 of full scale: below this there is nothing to explain.
constexpr float kLeastPower = 1.6e6f;
constexpr float kAudiblePower = 4.0e7f;  // of a hop at -60 dBFS
constexpr float kShareOfNews = 0.1f;
// Keeps fading memories out of the denormals, in which arithmetic is slow.
constexpr float kNever0 = 1e-12f;

struct Turn {
  float re;
  float im;
};

// e^(i 2π f t) for the band's first bin and for the step between bins, for every time of a lag that is looked at.
constexpr int kCoarseSteps = 8;
constexpr int kFarthest = static_cast<int>(HopSpectrum::kHopSamples);
struct PeakTurns {
  std::array<Turn, 2 * kFarthest + 1> first;
  std::array<Turn, 2 * kFarthest + 1> step;
};

Turn TurnOf(double bins, int samples) {
  const double angle = 2.0 * std::numbers::pi * bins * samples / static_cast<double>(HopSpectrum::kWindowSamples);
  return {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
}

PeakTurns MakeTurns() {
  PeakTurns turns{};
  for (int samples = -kFarthest; samples <= kFarthest; ++samples) {
    turns.first[static_cast<size_t>(samples + kFarthest)] = TurnOf(static_cast<double>(kFirstSpectrumBin), samples);
    turns.step[static_cast<size_t>(samples + kFarthest)] = TurnOf(1.0, samples);
  }
  return turns;
}

const PeakTurns kTurns = MakeTurns();

// The highest of kCount times, `step` samples apart from `first` on, side by side.
template <size_t kCount>
LagSpectra::Peak Highest(const BinSpectrum& whitened, int first, int step) noexcept TALKPATH_NONBLOCKING {
  std::array<float, kCount> re{};
  std::array<float, kCount> im{};
  std::array<Turn, kCount> turns;
  std::array<Turn, kCount> steps;
  for (size_t i = 0; i < kCount; ++i) {
    const auto at = static_cast<size_t>(first + static_cast<int>(i) * step + kFarthest);
    turns[i] = kTurns.first[at];
    steps[i] = kTurns.step[at];
  }
  for (size_t bin = 0; bin < kSpectrumBins; ++bin) {
    for (size_t i = 0; i < kCount; ++i) {
      const Turn turn = turns[i];
      re[i] += whitened.re[bin] * turn.re - whitened.im[bin] * turn.im;
      im[i] += whitened.re[bin] * turn.im + whitened.im[bin] * turn.re;
      turns[i] = {turn.re * steps[i].re - turn.im * steps[i].im, turn.re * steps[i].im + turn.im * steps[i].re};
    }
  }
  LagSpectra::Peak peak;
  for (size_t i = 0; i < kCount; ++i) {
    const float power = re[i] * re[i] + im[i] * im[i];
    if (power > peak.height) peak = {first + static_cast<int>(i) * step, power};
  }
  peak.height = std::sqrt(peak.height) / static_cast<float>(kSpectrumBins);
  return peak;
}

}  // namespace

LagSpectra::LagSpectra(size_t lags, float memory_hops)
    : keep_(std::exp(-1.0f / memory_hops)), keep_since_added_(keep_), cross_(lags), far_power_(lags), far_weight_(lags) {
  for (Bins& weight : far_weight_) weight.fill(1.0f / kLeastPower);
}

void LagSpectra::Add(const FarSpectra& far, const BinSpectrum& near) noexcept TALKPATH_NONBLOCKING {
  AddPowers(far, near);
  const float keep = keep_since_added_;
  keep_since_added_ = keep_;
  for (size_t lag = 0; lag < cross_.size(); ++lag) {
    BinSpectrum& cross = cross_[lag];
    const BinSpectrum& past = far.At(lag);
    for (size_t bin = 0; bin < kSpectrumBins; ++bin) {
      cross.re[bin] = keep * cross.re[bin] + past.re[bin] * near.re[bin] + past.im[bin] * near.im[bin] + kNever0;
      cross.im[bin] = keep * cross.im[bin] + past.re[bin] * near.im[bin] - past.im[bin] * near.re[bin] + kNever0;
    }
  }
}

void LagSpectra::Skip(const FarSpectra& far, const BinSpectrum& near) noexcept TALKPATH_NONBLOCKING {
  AddPowers(far, near);
  keep_since_added_ = std::max(kNever0, keep_ * keep_since_added_);
}

void LagSpectra::AddPowers(const FarSpectra& far, const BinSpectrum& near) noexcept TALKPATH_NONBLOCKING {
  const Bins& before = far_power_[newest_];
  newest_ = newest_ == 0 ? far_power_.size() - 1 : newest_ - 1;
  const BinSpectrum& newest = far.At(0);
  for (size_t bin = 0; bin < kSpectrumBins; ++bin) {
    const float power = keep_ * before[bin] + newest.re[bin] * newest.re[bin] + newest.im[bin] * newest.im[bin] + kNever0;
    far_power_[newest_][bin] = power;
    far_weight_[newest_][bin] = 1.0f / (power + kLeastPower);
    near_power_[bin] = keep_ * near_power_[bin] + near.re[bin] * near.re[bin] + near.im[bin] * near.im[bin] + kNever0;
  }
  const float power = near.Power();
  const float mean_power = (1.0f - keep_) * std::accumulate(near_power_.begin(), near_power_.end(), 0.0f);
  heard_something_new_ = power > kAudiblePower && power > kShareOfNews * mean_power;
}

LagSpectra::Match LagSpectra::FindMatch() const noexcept TALKPATH_NONBLOCKING {
  Bins near_weight;
  for (size_t bin = 0; bin < kSpectrumBins; ++bin) near_weight[bin] = 1.0f / (near_power_[bin] + kLeastPower);
  Match match;
  for (size_t lag = 0; lag < cross_.size(); ++lag) {
    const BinSpectrum& cross = cross_[lag];
    const Bins& far_weight = far_weight_[FarIndex(lag)];
    // Added up side by side, as the compiler may not reorder a sum of floats.
    constexpr size_t kLanes = 8;
    std::array<float, kLanes> powers{};
    std::array<float, kLanes> shares{};
    for (size_t bin = 0; bin < kSpectrumBins; bin += kLanes) {
      for (size_t lane = 0; lane < kLanes; ++lane) {
        const size_t i = bin + lane;
        const float power = (cross.re[i] * cross.re[i] + cross.im[i] * cross.im[i]) * far_weight[i];
        powers[lane] += power;
        shares[lane] += power * near_weight[i];
      }
    }
    const float coherence = std::accumulate(shares.begin(), shares.end(), 0.0f) / kSpectrumBins;
    if (coherence > match.coherence) {
      match.lag = lag;
      match.coherence = coherence;
    }
    match.explained = std::max(match.explained, std::accumulate(powers.begin(), powers.end(), 0.0f));
  }
  match.explained /= std::accumulate(near_power_.begin(), near_power_.end(), kLeastPower);
  return match;
}

size_t LagSpectra::SoundingBins() const noexcept TALKPATH_NONBLOCKING {
  const float least = 0.01f * std::ranges::max(near_power_);
  return static_cast<size_t>(std::ranges::count_if(near_power_, [least](float power) { return power > least; }));
}

LagSpectra::Peak LagSpectra::FindPeak(size_t lag) const noexcept TALKPATH_NONBLOCKING {
  BinSpectrum whitened;
  const BinSpectrum& cross = cross_[lag];
  const Bins& far = far_power_[FarIndex(lag)];
  for (size_t bin = 0; bin < kSpectrumBins; ++bin) {
    const float weight = 1.0f / std::sqrt((far[bin] + kLeastPower) * (near_power_[bin] + kLeastPower));
    whitened.re[bin] = cross.re[bin] * weight;
    whitened.im[bin] = cross.im[bin] * weight;
  }
  constexpr int kFineSteps = 2 * kCoarseSteps - 1;
  const Peak coarse = Highest<2 * kFarthest / kCoarseSteps + 1>(whitened, -kFarthest, kCoarseSteps);
  return Highest<kFineSteps>(whitened, std::clamp(coarse.samples - kFineSteps / 2, -kFarthest, kFarthest - kFineSteps + 1), 1);
}

}  // namespace talkpath
