// Removes what the agent said from what comes back on the caller's line.
//
// Thread: tick. AnalyzeFarEnd() and Process() do not allocate, lock, log or throw. Delay 8 ms (a 4 ms
// block waits to be whole, and the suppressor overlaps two of them) and that of the bands.
// After: WebRTC AEC3 (January 2023); what differs is the bulk delay it searches (`max_delay_ms`).
#pragma once

#include <memory>
#include <span>

#include "base/realtime.h"
#include "base/result.h"
#include "dsp/band_split_delay.h"

namespace talkpath {

class EchoCanceller {
 public:
  // `sample_rate_hz` is 16000, 32000 or 48000; `max_delay_ms` between 100 and 1200.
  static Result<std::unique_ptr<EchoCanceller>> Create(int sample_rate_hz, int max_delay_ms);
  ~EchoCanceller();

  // Takes one 10 ms block of what was handed to the line, before the near-end block that may echo it.
  void AnalyzeFarEnd(std::span<const float> block) noexcept TALKPATH_NONBLOCKING;
  // Cancels in place on one 10 ms block of the caller's line.
  void Process(std::span<float> block) noexcept TALKPATH_NONBLOCKING;

  // Echo return loss enhancement of the linear filter, in dB, as AEC3 estimates it.
  double echo_return_loss_enhancement_db() const;

  static constexpr double DelaySeconds(int sample_rate_hz) { return 0.008 + BandSplitDelaySeconds(sample_rate_hz); }

 private:
  struct Parts;
  explicit EchoCanceller(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace talkpath
