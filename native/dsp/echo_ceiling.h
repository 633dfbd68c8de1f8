// How loud an echo can be at most, whatever its delay.
//
// What is heard while the far end of some time ago was loud bounds the gain of an echo that is so late, and that bound
// says how much of what is heard later can be such an echo. A line that returns nothing is known from the first second of
// the agent's speech on, before any correlation could say so.
//
// In: the powers of both ends, hop by hop. Thread: tick. Nothing but the constructor allocates, locks, logs or throws.
#pragma once

#include <cstddef>
#include <vector>

#include "base/realtime.h"

namespace talkpath {

class EchoCeiling {
 public:
  // `lags`: how late an echo may be, in hops. `loud_power`: from which on the far end tells something.
  EchoCeiling(size_t lags, float loud_power);

  // Takes the newest hop of both.
  void Add(float far_power, float near_power) noexcept TALKPATH_NONBLOCKING;

  // The most power that an echo can have had in the newest hop, by what was heard before it.
  float power() const noexcept { return power_; }

 private:
  const float loud_power_;
  std::vector<float> far_power_;   // newest first
  std::vector<float> most_gains_;  // by lag
  float power_ = 0.0f;
};

}  // namespace talkpath
