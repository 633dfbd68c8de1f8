// Removes what the agent said from what comes back on the caller's line.
//
// Thread: tick. AnalyzeFarEnd() and Process() do not allocate, lock, log or throw. Delay, where it cancels: 8 ms (a
// 4 ms block waits to be whole, and the suppressor overlaps two of them) and that of the bands.
// After: WebRTC AEC3 (January 2023); what differs is how the echo's delay is found (echo_path_finder.h).
#pragma once

#include <array>
#include <memory>
#include <span>

#include "base/audio_format.h"
#include "base/realtime.h"
#include "base/result.h"
#include "dsp/band_split_delay.h"

namespace talkpath {

enum class EchoCancellation {
  kNever,
  kAlways,  // from the first block on
  kAuto,    // from when an echo is found; until then the near end passes untouched and undelayed
};

class EchoCanceller {
 public:
  static constexpr int kShortestMaxDelayMs = 100;
  static constexpr int kLongestMaxDelayMs = 1200;

  // `sample_rate_hz` is 16000, 32000 or 48000; `max_delay_ms` within the two above; `when` is not kNever.
  static Result<std::unique_ptr<EchoCanceller>> Create(int sample_rate_hz, int max_delay_ms,
                                                       EchoCancellation when = EchoCancellation::kAlways);
  ~EchoCanceller();

  // Takes the 10 ms block of what was handed to the line that belongs to the next near-end block: one before each
  // Process(). Without one that block is silence.
  void AnalyzeFarEnd(std::span<const float> block) noexcept TALKPATH_NONBLOCKING;
  // Cancels in place on one 10 ms block of the caller's line.
  void Process(std::span<float> block) noexcept TALKPATH_NONBLOCKING;

  // An echo has been found.
  bool echo_found() const noexcept;
  // How late it is, from the hand-over of the far end to its strongest part, as it is or last was; 0 before one was found.
  double echo_delay_ms() const noexcept;
  // The agent's speech may be on its way back: then caller_speaks() tells the caller from it, and nothing else does.
  bool echo_possible() const noexcept TALKPATH_NONBLOCKING;
  bool caller_speaks() const noexcept TALKPATH_NONBLOCKING;
  // How probable that is; what is believed depends on how long the echo has been followed.
  float caller_probability() const noexcept;
  // What Process() gave last is DelaySeconds() late; otherwise it is, bit by bit, what it was given.
  bool removes() const noexcept;

  static constexpr double DelaySeconds(int sample_rate_hz) { return 0.008 + BandSplitDelaySeconds(sample_rate_hz); }

 private:
  struct Parts;
  explicit EchoCanceller(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace talkpath
