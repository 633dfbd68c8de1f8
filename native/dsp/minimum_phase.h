// Turns a filter into the one of the same gain that answers soonest.
//
// A linear-phase low-pass waits for half its length, however little of it the signal needs. Of all filters of
// that gain the minimum-phase one has the least delay at every frequency, and no ringing ahead of a sound; its
// delay rises towards the stopband instead of being the same everywhere.
// Thread: any but tick.
// After: Oppenheim and Schafer, "Discrete-Time Signal Processing", the cepstrum of a minimum-phase sequence.
#pragma once

#include <span>
#include <vector>

namespace talkpath {

// For a low-pass of gain 1: as many taps as `filter` has, the same gain within 0.001 dB, nulls to within -100 dB.
std::vector<double> MinimumPhase(std::span<const double> filter);

}  // namespace talkpath
