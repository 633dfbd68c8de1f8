// Samples travel as int16 in queues and as float, on the int16 scale (±32768), between stages.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/realtime.h"

namespace talkpath {

inline constexpr float kFullScale = 32768.0f;

// Rounds to nearest and saturates.
inline int16_t ToInt16(float sample) noexcept TALKPATH_NONBLOCKING {
  const float limited = std::clamp(sample, -32768.0f, 32767.0f);
  return static_cast<int16_t>(std::lrintf(limited));
}

// The same for many. Returns how many saturated.
inline size_t ToInt16(std::span<const float> in, std::span<int16_t> out) noexcept TALKPATH_NONBLOCKING {
  constexpr float kWhole = 1.5f * (1 << 23);  // where a float has no room for a fraction: rounds many at a time
  int saturated = 0;
  for (size_t i = 0; i < in.size(); ++i) {
    const float rounded = (in[i] + kWhole) - kWhole;
    const float limited = std::clamp(rounded, -32768.0f, 32767.0f);
    saturated += limited != rounded;
    out[i] = static_cast<int16_t>(static_cast<int>(limited));
  }
  return static_cast<size_t>(saturated);
}

inline void ToFloat(std::span<const int16_t> in, std::span<float> out) noexcept TALKPATH_NONBLOCKING {
  for (size_t i = 0; i < in.size(); ++i) out[i] = in[i];
}

// Mean power on the int16 scale, 0 for silence.
inline float MeanSquare(std::span<const float> samples) noexcept TALKPATH_NONBLOCKING {
  if (samples.empty()) return 0.0f;
  float sum = 0.0f;
  for (float sample : samples) sum += sample * sample;
  return sum / static_cast<float>(samples.size());
}

// Linear ramp over `samples` from gain `from` to gain `to`: a fade that does not click.
inline void Ramp(std::span<float> samples, float from, float to) noexcept TALKPATH_NONBLOCKING {
  const float step = (to - from) / static_cast<float>(std::max<size_t>(samples.size(), 1));
  for (size_t i = 0; i < samples.size(); ++i) samples[i] *= from + step * static_cast<float>(i + 1);
}

}  // namespace talkpath
