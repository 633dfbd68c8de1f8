#include "dsp/echo_path_finder.h"

#include <algorithm>
#include <cstdlib>

namespace talkpath {
namespace {

constexpr int kHopMs = 16;
static_assert(kHopMs * HopSpectrum::kRateHz == 1000 * static_cast<int>(HopSpectrum::kHopSamples));
constexpr size_t kLagsBeyond = 2;  // so that the longest delay lies within a hop
// What was heard weighs 1/e after 0.16 s: a longer memory finds no more in double talk, and follows a step later.
constexpr float kMemoryHops = 10.0f;
// A jitter buffer adapts by up to this at once.
constexpr size_t kLagsOfAStep = 128 / kHopMs;

// A lag must stand this far over what unrelated speech reaches (99 % of the time 0.13, of at most 1), added up over
// hops that agree on it within a millisecond. An undisturbed echo stands at 0.5 and is believed in three hops.
constexpr float kChanceHeight = 0.20f;
// A room smears the echo: its peak is no higher than that, but much is explained all the same.
constexpr float kChanceCoherence = 0.25f;
constexpr float kDiffuseWeight = 0.7f;
constexpr float kEnoughScore = 1.2f;
// A filter that fits may have followed a short step itself; it is moved when this is sure, and not for a voice's pitch.
constexpr float kEnoughWhenSettled = 10.0f;
constexpr int kAgreeingSamples = HopSpectrum::kRateHz / 1000;
// Nearer than this the old delay is as good as the new one.
constexpr int kSameDelaySamples = 2 * kAgreeingSamples;

constexpr float kActivePower = 4.0e7f;  // of one hop: the agent at -60 dBFS
constexpr int kLossHops = 8000 / kHopMs;

}  // namespace

EchoPathFinder::EchoPathFinder(int max_delay_ms)
    : far_(static_cast<size_t>(max_delay_ms / kHopMs) + kLagsBeyond), path_(far_.lags(), kMemoryHops), residual_(far_.lags(), kMemoryHops) {
  hops_since_far_end_ = static_cast<int>(far_.lags());
}

bool EchoPathFinder::Process(std::span<const float> far_end, std::span<const float> near_end, bool settled) noexcept
    TALKPATH_NONBLOCKING {
  (void)near_window_.Add(near_end);
  if (!far_window_.Add(far_end)) return false;
  far_.Push(far_window_.spectrum());
  hops_since_far_end_ = far_window_.spectrum().Power() > kActivePower ? 0 : hops_since_far_end_ + 1;
  far_end_active_ = hops_since_far_end_ < static_cast<int>(far_.lags());
  path_.Add(far_, near_window_.spectrum());
  return far_end_active_ && Vote(path_, path_.BestLag(0, far_.lags() - 1), settled, of_near_end_);
}

bool EchoPathFinder::ProcessResidual(std::span<const float> residual, bool settled) noexcept TALKPATH_NONBLOCKING {
  if (residual_is_near_end_) {  // up to this block: from here on they differ
    residual_is_near_end_ = false;
    residual_.CopyFrom(path_);
    residual_window_ = near_window_;
    return false;
  }
  if (!residual_window_.Add(residual)) return false;
  residual_.Add(far_, residual_window_.spectrum());
  if (!found_ || !far_end_active_ || settled) return false;
  // What an echo that has moved leaves is the echo where it is now, and where it is no longer.
  const size_t now = static_cast<size_t>(delay_samples_ + static_cast<int>(HopSpectrum::kHopSamples) / 2) / HopSpectrum::kHopSamples;
  const size_t sooner = now == 0 ? 0 : residual_.BestLag(now > kLagsOfAStep ? now - kLagsOfAStep : 0, now - 1);
  const size_t later = residual_.BestLag(now + 1, std::min(far_.lags() - 1, now + kLagsOfAStep));
  const size_t lag = now > 0 && residual_.Coherence(sooner) > residual_.Coherence(later) ? sooner : later;
  return Vote(residual_, lag, settled, of_residual_);
}

bool EchoPathFinder::Vote(const LagSpectra& spectra, size_t lag, bool settled, Candidate& candidate) noexcept TALKPATH_NONBLOCKING {
  if (!spectra.heard_something_new()) {  // what was heard before does not count twice
    if (&spectra == &path_) CountTowardsLoss(0.0f);
    return false;
  }
  const LagSpectra::Peak peak = spectra.FindPeak(lag);
  const int delay = std::max(0, static_cast<int>(lag * HopSpectrum::kHopSamples) + peak.samples);
  if (&spectra == &path_) CountTowardsLoss(peak.height);
  const float evidence = peak.height - kChanceHeight + kDiffuseWeight * std::max(0.0f, spectra.Coherence(lag) - kChanceCoherence);
  if (std::abs(delay - candidate.samples) > kAgreeingSamples) candidate.score = 0.0f;
  candidate.samples = delay;
  candidate.score = std::clamp(candidate.score + evidence, 0.0f, kEnoughWhenSettled);
  if (candidate.score < (settled ? kEnoughWhenSettled : kEnoughScore)) return false;
  if (found_ && std::abs(delay - delay_samples_) <= kSameDelaySamples) return false;
  found_ = true;
  delay_samples_ = delay;
  of_near_end_ = of_residual_ = {};
  return true;
}

void EchoPathFinder::CountTowardsLoss(float height) noexcept TALKPATH_NONBLOCKING {
  if (height > kChanceHeight) active_hops_without_echo_ = 0;
  else if (hops_since_far_end_ == 0 && ++active_hops_without_echo_ > kLossHops) found_ = false;
}

}  // namespace talkpath
