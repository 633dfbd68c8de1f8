#include "dsp/echo_path_finder.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace talkpath {
namespace {

constexpr int kHopMs = 16;
static_assert(kHopMs * HopSpectrum::kRateHz == 1000 * static_cast<int>(HopSpectrum::kHopSamples));
constexpr size_t kLagsBeyond = 2;  // so that the longest delay lies within a hop
// What was heard weighs 1/e after 0.16 s: a longer memory finds no more in double talk, and follows a step later.
constexpr float kMemoryHops = 10.0f;

// A lag must stand this far over what unrelated speech reaches (99 % of the time 0.13, of at most 1), added up over
// hops that agree on it within a millisecond. An undisturbed echo stands at 0.5 and is believed in three hops.
constexpr float kChanceHeight = 0.20f;
// A room smears the echo: its peak is no higher than that, but much is explained all the same.
constexpr float kChanceCoherence = 0.25f;
constexpr float kDiffuseWeight = 0.7f;
constexpr float kEnoughScore = 1.2f;
// In a tone, or in the two of a key, every lag is as good as any other.
constexpr size_t kLeastSoundingBins = 9;
// A filter that fits may have followed a short step itself; it is moved when this is sure, and not for a voice's pitch.
constexpr float kEnoughWhenSettled = 10.0f;
constexpr int kAgreeingSamples = HopSpectrum::kRateHz / 1000;

constexpr float kActivePower = 4.0e7f;  // of one hop: the agent at -60 dBFS
constexpr int kLossHops = 8000 / kHopMs;
constexpr int kRuledOutHops = 3000 / kHopMs;
// An echo's power changes from hop to hop, and where it is met by what a hop's window cuts off.
constexpr float kTooLoudDb = 6.0f;
constexpr float kLeastPower = 1e4f;  // of one hop: -96 dBFS

}  // namespace

EchoPathFinder::EchoPathFinder(int max_delay_ms)
    : far_(static_cast<size_t>(max_delay_ms / kHopMs) + kLagsBeyond), path_(far_.lags(), kMemoryHops), ceiling_(far_.lags(), kActivePower) {
  hops_since_far_end_ = static_cast<int>(far_.lags());
}

bool EchoPathFinder::Process(std::span<const float> far_end, std::span<const float> near_end, Known known) noexcept TALKPATH_NONBLOCKING {
  (void)near_window_.Add(near_end);
  if (!far_window_.Add(far_end)) return false;
  const float far_power = far_window_.spectrum().Power();
  const float near_power = near_window_.spectrum().Power();
  far_.Push(far_window_.spectrum());
  ceiling_.Add(far_power, near_power);
  over_ceiling_db_ = 10.0f * std::log10((near_power + kLeastPower) / (ceiling_.power() + kLeastPower));
  hops_since_far_end_ = far_power > kActivePower ? 0 : hops_since_far_end_ + 1;
  explained_ = 0.0f;
  if (known == Known::kExplained) {
    path_.Skip(far_, near_window_.spectrum());
    CountTowardsLoss(path_.heard_something_new() ? 1.0f : 0.0f);
    return false;
  }
  path_.Add(far_, near_window_.spectrum());
  return FarEndActive() && Vote(known);
}

bool EchoPathFinder::echo_possible() const noexcept TALKPATH_NONBLOCKING {
  const bool ruled_out = !found_ && (active_hops_without_echo_ > kRuledOutHops || over_ceiling_db_ >= kTooLoudDb);
  return FarEndActive() && !ruled_out;
}

bool EchoPathFinder::Vote(Known known) noexcept TALKPATH_NONBLOCKING {
  const LagSpectra::Match match = path_.FindMatch();
  explained_ = match.explained;
  if (!path_.heard_something_new()) {  // what was heard before does not count twice
    CountTowardsLoss(0.0f);
    return false;
  }
  if (path_.SoundingBins() < kLeastSoundingBins) return false;
  const LagSpectra::Peak peak = path_.FindPeak(match.lag);
  const int delay = std::max(0, static_cast<int>(match.lag * HopSpectrum::kHopSamples) + peak.samples);
  CountTowardsLoss(peak.height);
  const float evidence = peak.height - kChanceHeight + kDiffuseWeight * std::max(0.0f, match.coherence - kChanceCoherence);
  if (std::abs(delay - candidate_.samples) > kAgreeingSamples) candidate_.score = 0.0f;
  candidate_.samples = delay;
  candidate_.score = std::clamp(candidate_.score + evidence, 0.0f, kEnoughWhenSettled);
  if (candidate_.score < (known == Known::kSettled ? kEnoughWhenSettled : kEnoughScore)) return false;
  found_ = true;
  delay_samples_ = delay;
  candidate_ = {};
  return true;
}

void EchoPathFinder::CountTowardsLoss(float height) noexcept TALKPATH_NONBLOCKING {
  if (height > kChanceHeight) active_hops_without_echo_ = 0;
  else if (hops_since_far_end_ == 0 && ++active_hops_without_echo_ > kLossHops) found_ = false;
}

}  // namespace talkpath
