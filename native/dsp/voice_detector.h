// Says of each block whether somebody speaks in it.
//
// WebRTC's Gaussian-mixture detector, gated by level: a block below the noise floor plus a margin, or
// below an absolute level, is never speech, whatever its spectrum.
//
// Thread: tick. Process() does not allocate, lock, log or throw. No delay.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/realtime.h"
#include "base/result.h"

struct WebRtcVadInst;

namespace talkpath {

struct VoiceDecision {
  bool speech = false;
  float probability = 0.0f;     // of speech in this block, 0 to 1
  float level_dbfs = -100.0f;  // of this block, 0 dBFS being a full-scale square wave
};

class VoiceDetector {
 public:
  // `sample_rate_hz` is 8000, 16000, 32000 or 48000; `mode` 0 (hears most) to 3 (believes least).
  static Result<std::unique_ptr<VoiceDetector>> Create(int sample_rate_hz, int mode);

  // Looks at one 10 ms block on the int16 scale.
  VoiceDecision Process(std::span<const float> block) noexcept TALKPATH_NONBLOCKING;

  // Whether the level alone rules speech out, given the noise heard so far. Takes no note of the block.
  bool IsTooQuiet(std::span<const float> block) const noexcept TALKPATH_NONBLOCKING;

 private:
  struct Free {
    void operator()(WebRtcVadInst* detector) const noexcept;
  };

  VoiceDetector(int sample_rate_hz, std::unique_ptr<WebRtcVadInst, Free> detector);
  bool IsTooQuiet(float level_dbfs) const noexcept TALKPATH_NONBLOCKING;

  const int sample_rate_hz_;
  const std::unique_ptr<WebRtcVadInst, Free> detector_;
  float noise_floor_dbfs_;
  int settling_blocks_;  // left before its decisions are believed
};

}  // namespace talkpath
