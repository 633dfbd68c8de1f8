// The hiss of a quiet telephone line while the agent is silent, so that the caller does not take the line for dead.
//
// White noise with its top taken off, as on a line; it fades in and out over a frame, so that it has no edges.
// Thread: tick. Nothing allocates, locks, logs or throws.
// After: Marsaglia, "Xorshift RNGs" (the numbers).
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "base/realtime.h"

namespace talkpath {

class ComfortNoise {
 public:
  // The levels that a session may ask for; and 0, which is no noise.
  static constexpr float kQuietestDbfs = -70.0f;
  static constexpr float kLoudestDbfs = -40.0f;

  // `level_dbfs` is the mean power, 0 dBFS being a full-scale square wave.
  ComfortNoise(float level_dbfs, int rate_hz) {
    if (level_dbfs == 0.0f) return;
    constexpr float kCornerHz = 1000.0f;
    constexpr float kUniformPower = 1.0f / 3.0f;
    smoothing_ = 1.0f - std::exp(-2.0f * 3.14159265f * kCornerHz / static_cast<float>(rate_hz));
    const float power = kUniformPower * smoothing_ / (2.0f - smoothing_);
    amplitude_ = 32768.0f * std::pow(10.0f, level_dbfs / 20.0f) / std::sqrt(power);
  }

  // Adds to a frame of the line, on the int16 scale; fades over it when the agent begins or ends.
  void AddTo(std::span<float> frame, bool agent_is_silent) noexcept TALKPATH_NONBLOCKING {
    const float wanted = agent_is_silent ? 1.0f : 0.0f;
    if (amplitude_ == 0.0f || (gain_ == 0.0f && wanted == 0.0f)) return;
    const float step = (wanted - gain_) / static_cast<float>(frame.size());
    for (float& sample : frame) {
      gain_ += step;
      sample += gain_ * Next();
    }
    gain_ = wanted;
  }

 private:
  float Next() noexcept TALKPATH_NONBLOCKING {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    const float white = amplitude_ * (static_cast<float>(state_ >> 8) * 0x1p-23f - 1.0f);
    smooth_ += smoothing_ * (white - smooth_);
    return smooth_;
  }

  float amplitude_ = 0.0f;
  float smoothing_ = 0.0f;
  float smooth_ = 0.0f;
  float gain_ = 0.0f;
  uint32_t state_ = 2463534242u;
};

}  // namespace talkpath
