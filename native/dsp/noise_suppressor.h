// Lowers steady noise between and under the words.
//
// Thread: tick. Process() does not allocate, lock, log or throw. Delay 6 ms (a 16 ms window every
// 10 ms) and that of the bands.
// After: WebRTC's noise suppressor (January 2023).
#pragma once

#include <memory>
#include <span>

#include "base/realtime.h"
#include "base/result.h"
#include "dsp/band_split_delay.h"

namespace talkpath {

enum class NoiseSuppression { kOff, kLow, kModerate, kHigh };  // 0, 6, 12, 18 dB

class NoiseSuppressor {
 public:
  // `level` is kLow to kHigh; `sample_rate_hz` is 16000, 32000 or 48000.
  static Result<std::unique_ptr<NoiseSuppressor>> Create(int sample_rate_hz, NoiseSuppression level);
  ~NoiseSuppressor();

  // Works in place on one 10 ms block.
  void Process(std::span<float> block) noexcept TALKPATH_NONBLOCKING;

  static constexpr double DelaySeconds(int sample_rate_hz) { return 0.006 + BandSplitDelaySeconds(sample_rate_hz); }

 private:
  struct Parts;
  explicit NoiseSuppressor(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace talkpath
