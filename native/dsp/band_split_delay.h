// What it costs in time to split a block into 8 kHz wide bands and to join them again.
//
// Thread: any. Measured on WebRTC's filters: a QMF pair at 32 kHz, a three-band filter bank at 48 kHz.
#pragma once

namespace talkpath {

// `sample_rate_hz` is 16000 (one band), 32000 or 48000.
constexpr double BandSplitDelaySeconds(int sample_rate_hz) {
  const double delay_samples = sample_rate_hz == 48000 ? 47.0 : sample_rate_hz == 32000 ? 4.0 : 0.0;
  return delay_samples / sample_rate_hz;
}

}  // namespace talkpath
