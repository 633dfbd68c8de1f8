// How loud the line is while nobody speaks, and whether a block stands above it.
//
// Thread: tick. No function allocates, locks, logs or throws. No delay.
#pragma once

#include <span>

#include "base/realtime.h"

namespace talkpath {

class NoiseFloor {
 public:
  // Takes note of the next 10 ms block, on the int16 scale.
  void Process(std::span<const float> block) noexcept TALKPATH_NONBLOCKING;

  // Whether a block is no louder than the noise heard so far, or too quiet for speech whatever the noise.
  bool Covers(std::span<const float> block) const noexcept TALKPATH_NONBLOCKING;

 private:
  float floor_dbfs_ = -65.0f;
};

}  // namespace talkpath
