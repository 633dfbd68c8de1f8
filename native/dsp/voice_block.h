// One 10 ms block in the form that WebRTC's stages take: split into 8 kHz wide bands above 16 kHz.
//
// Thread: tick. Load() and Store() do not allocate, lock, log or throw.
#pragma once

#include <span>

#include "base/realtime.h"
#include "modules/audio_processing/audio_buffer.h"

namespace talkpath {

class VoiceBlock {
 public:
  // `sample_rate_hz` is 16000, 32000 or 48000.
  explicit VoiceBlock(int sample_rate_hz);

  // Copies `block` (SamplesPerBlock(sample_rate_hz) samples on the int16 scale) in, split into bands.
  void Load(std::span<const float> block) noexcept TALKPATH_NONBLOCKING;
  // Joins the bands and copies the block out.
  void Store(std::span<float> block) noexcept TALKPATH_NONBLOCKING;

  webrtc::AudioBuffer& buffer() noexcept { return buffer_; }

  static constexpr bool TakesRate(int rate_hz) { return rate_hz == 16000 || rate_hz == 32000 || rate_hz == 48000; }

 private:
  webrtc::AudioBuffer buffer_;
};

}  // namespace talkpath
