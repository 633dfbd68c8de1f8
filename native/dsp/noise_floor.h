// How loud the line is while nobody speaks, and whether a block stands above it.
//
// Thread: tick. No function allocates, locks, logs or throws. No delay.
#pragma once

#include <algorithm>
#include <span>

#include "base/realtime.h"

namespace talkpath {

// A floor follows a quieter level at once and a louder one slowly: a talker does not become the noise.
inline void FollowFloor(float& floor_db, float level_db, float rise_db_per_block) noexcept TALKPATH_NONBLOCKING {
  constexpr float kFallPerBlock = 0.2f;
  const float over = level_db - floor_db;
  floor_db += over < 0.0f ? kFallPerBlock * over : std::min(rise_db_per_block, over);
}

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
