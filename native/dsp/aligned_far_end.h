// The far end as AEC3's linear filter and suppressor read it: blocks, their transforms and power spectra, newest first.
//
// Stands in for WebRTC's RenderDelayBuffer, which also searches for the delay, at a fifth of all that AEC3 costs.
//
// In: 4 ms in AEC3's bands, aligned with the near end. Thread: tick. Push() does not allocate, lock, log or throw.
// After: WebRTC AEC3, render_delay_buffer.cc.
#pragma once

#include "base/realtime.h"
#include "dsp/delayed_bands.h"
#include "modules/audio_processing/aec3/aec3_fft.h"
#include "modules/audio_processing/aec3/block.h"
#include "modules/audio_processing/aec3/block_buffer.h"
#include "modules/audio_processing/aec3/fft_buffer.h"
#include "modules/audio_processing/aec3/render_buffer.h"
#include "modules/audio_processing/aec3/spectrum_buffer.h"

namespace talkpath {

class AlignedFarEnd {
 public:
  // `bands` of 8 kHz.
  explicit AlignedFarEnd(int bands);

  // Takes the block that was pushed to `far_end` last, so many samples earlier.
  void Push(const DelayedBands& far_end, size_t delay_samples) noexcept TALKPATH_NONBLOCKING;
  webrtc::RenderBuffer& buffer() noexcept { return buffer_; }

 private:
  void CountActivity(const webrtc::Block& block) noexcept TALKPATH_NONBLOCKING;

  webrtc::BlockBuffer blocks_;
  webrtc::SpectrumBuffer spectra_;
  webrtc::FftBuffer transforms_;
  webrtc::RenderBuffer buffer_;
  const webrtc::Aec3Optimization optimization_;
  const webrtc::Aec3Fft fft_;
  int active_blocks_ = 0;
};

}  // namespace talkpath
