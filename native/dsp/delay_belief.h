// Which delay an echo of known shape has, believed by what each delay explains of what is heard.
//
// From block to block the echo stays where it is or, seldom, jumps. So every delay gains by what it explains of the newest
// samples, and none can fall further behind the best than a jump costs: a clear echo is found elsewhere in a few blocks, and
// in noise or under the caller's voice the evidence of many adds up.
//
// In: 10 ms or more at 4 kHz, which is where a voice is loud. Thread: tick. Nothing but the constructor allocates, locks, logs or
// throws. After: Viterbi 1967, over states that are all as far from each other.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/realtime.h"

namespace talkpath {

class DelayBelief {
 public:
  static constexpr int kRateHz = 4000;
  static constexpr size_t kBlock = kRateHz / 100;
  // A jitter buffer moves the echo by up to this at once.
  static constexpr size_t kReachSamples = kRateHz / 10;

  // `evidence`: of a block, for a lag that leaves half of what another leaves.
  DelayBelief(size_t farthest_lag, float evidence);

  // Believes in this lag alone, and looks around it from now on.
  void BeSureOf(size_t lag) noexcept TALKPATH_NONBLOCKING;
  // What was believed of the lags around this one is kept.
  void LookAround(size_t lag) noexcept TALKPATH_NONBLOCKING;

  // The lags that are looked at.
  size_t first_lag() const noexcept { return first_; }
  size_t last_lag() const noexcept { return last_; }
  // `near_end`: its newest samples. `echo`: what of the echo would be in them, were it heard undelayed: as many samples for
  // last_lag(), and one more for each lag before it. Returns the lag that is believed in from now on.
  size_t Weigh(std::span<const float> near_end, std::span<const float> echo) noexcept TALKPATH_NONBLOCKING;
  // By how much the evidence for that lag exceeds that for any that is not next to it.
  float lead() const noexcept { return lead_; }

 private:
  static constexpr size_t kMostLags = 2 * kReachSamples + 1;

  const size_t farthest_lag_;
  const float evidence_;
  std::vector<float> beliefs_;  // logarithms, by lag; that of the best is 0
  size_t first_ = 0;
  size_t last_ = 0;
  float lead_ = 0.0f;
};

}  // namespace talkpath
