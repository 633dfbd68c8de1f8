#include "dsp/echo_gate.h"

#include <algorithm>

namespace talkpath {
namespace {

constexpr int kBlocksPerHop = 4;
constexpr float kPerBlock = 0.1f;  // the newest block's weight in the means: 40 ms
constexpr float kFallPerHop = 0.3f;
constexpr float kRisePerHop = 1.0042f;  // 1.1 dB a second
// Speech stands this far over the noise (5 dB), or it is noise that the suppressor has let through.
constexpr float kOverNoise = 3.0f;
// A filter that removes 12 dB leaves nothing to believe.
constexpr float kMostlyRemoved = 0.06f;
// The estimate counts as soon as it is this share (-10 dB) of what is heard, and fits when it stands in it this far.
constexpr float kCountingShare = 0.1f;
constexpr float kFits = 0.6f;
constexpr float kSurelyFits = 0.75f;  // before the caller is believed over it
// Shares of the residual that chance lets the far end explain: less of a lag that is known than of any.
constexpr float kExplainedOfKnownLag = 0.3f;
constexpr float kExplainedOfLagNearby = 0.3f;
constexpr float kExplainedOfAnyLag = 0.35f;
constexpr float kExplainedOfLagFarOff = 0.5f;
// Lags of 16 ms that a jitter buffer moves the echo by at once.
constexpr size_t kLagsNearby = 8;
constexpr float kAudible = 4.0e7f;  // the far end of one hop at -60 dBFS

}  // namespace

void EchoGate::Process(const EchoPathFinder& path, std::span<const float> near_end, std::span<const float> residual) noexcept
    TALKPATH_NONBLOCKING {
  Measure(near_end, residual);
  if (++blocks_ % kBlocksPerHop != 0) return;
  noise_power_ = residual_power_ < noise_power_ ? noise_power_ + kFallPerHop * (residual_power_ - noise_power_) : noise_power_ * kRisePerHop;
  echo_expected_ = path.found() && path.far_end_active();
  may_be_echo_ = path.far_end_active() && MayBeEcho(path);
}

void EchoGate::Measure(std::span<const float> near_end, std::span<const float> residual) noexcept TALKPATH_NONBLOCKING {
  float near_power = 0.0f;
  float residual_power = 0.0f;
  float estimate_power = 0.0f;
  float product = 0.0f;
  for (size_t i = 0; i < near_end.size(); ++i) {
    const float estimate = near_end[i] - residual[i];
    near_power += near_end[i] * near_end[i];
    residual_power += residual[i] * residual[i];
    estimate_power += estimate * estimate;
    product += estimate * near_end[i];
  }
  const float share = kPerBlock / static_cast<float>(near_end.size());
  near_power_ += share * near_power - kPerBlock * near_power_ + 1e-6f;
  residual_power_ += share * residual_power - kPerBlock * residual_power_ + 1e-6f;
  estimate_power_ += share * estimate_power - kPerBlock * estimate_power_ + 1e-6f;
  near_and_estimate_ += share * product - kPerBlock * near_and_estimate_;
}

bool EchoGate::filter_counts() const noexcept TALKPATH_NONBLOCKING { return estimate_power_ > kCountingShare * near_power_; }

bool EchoGate::filter_fits() const noexcept TALKPATH_NONBLOCKING {
  return filter_counts() && near_and_estimate_ > kFits * estimate_power_;
}

bool EchoGate::MayBeEcho(const EchoPathFinder& path) const noexcept TALKPATH_NONBLOCKING {
  if (residual_power_ < kOverNoise * noise_power_) return true;
  const LagSpectra& residual = path.residual_spectra();
  const size_t farthest = path.far_spectra().lags() - 1;
  if (!path.found()) return residual.MostExplained(0, farthest) > kExplainedOfAnyLag;

  const size_t known = std::min(farthest, static_cast<size_t>(path.delay_samples()) / HopSpectrum::kHopSamples);
  const size_t first = known > kLagsNearby ? known - kLagsNearby : 0;
  const size_t last = std::min(farthest, known + kLagsNearby);
  float loudest = 0.0f;
  for (size_t lag = first; lag <= last; ++lag) loudest = std::max(loudest, path.far_spectra().At(lag).Power());
  if (loudest < kAudible) return false;

  if (residual_power_ < kMostlyRemoved * near_power_) return true;
  if (residual.MostExplained(known > 0 ? known - 1 : 0, std::min(farthest, known + 2)) > kExplainedOfKnownLag) return true;
  if (filter_counts()) return near_and_estimate_ < kSurelyFits * estimate_power_ || MayHaveMoved(path, first, last);
  if (residual.MostExplained(first, last) > kExplainedOfLagNearby) return true;
  const float sooner = first > 1 ? residual.MostExplained(0, first - 1) : 0.0f;
  const float later = last < farthest ? residual.MostExplained(last + 1, farthest) : 0.0f;
  return std::max(sooner, later) > kExplainedOfLagFarOff;
}

// Much of the near end is explained by another lag than the one that is known.
bool EchoGate::MayHaveMoved(const EchoPathFinder& path, size_t first, size_t last) const noexcept TALKPATH_NONBLOCKING {
  const size_t known = static_cast<size_t>(path.delay_samples()) / HopSpectrum::kHopSamples;
  const LagSpectra& near = path.near_spectra();
  const float sooner = known >= first + 2 ? near.MostExplained(first, known - 2) : 0.0f;
  const float later = known + 2 <= last ? near.MostExplained(known + 2, last) : 0.0f;
  return std::max(sooner, later) > kExplainedOfLagFarOff;
}

}  // namespace talkpath
