// Fills short gaps in speech so that they do not click or buzz: the last pitch period goes on, fading.
//
// Thread: tick. Nothing allocates, locks, logs or throws. Adds no delay: good samples pass unchanged, but
// for a short cross-fade after a gap.
// After: ITU-T G.711 Appendix I (pitch repetition, muted at 60 ms); what differs is the seam, blended
// within the period instead of delaying the output by 3.75 ms.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "base/audio_format.h"
#include "base/realtime.h"

namespace talkpath {

class Concealer {
 public:
  // Forgets everything; `rate_hz` is that of the samples to come.
  void Reset(int rate_hz) noexcept TALKPATH_NONBLOCKING;

  // Takes good samples, on the int16 scale, and smooths the seam in place when they follow a gap.
  void Accept(std::span<float> samples) noexcept TALKPATH_NONBLOCKING;

  // Writes what stands in for missing samples; silence from 60 ms on.
  void Conceal(std::span<float> samples) noexcept TALKPATH_NONBLOCKING;

  // Writes what follows the end of a reply: silence, after what stood in for its last words has died away.
  void LetGo(std::span<float> samples) noexcept TALKPATH_NONBLOCKING;

  // Whether what stands in still sounds.
  bool audible() const noexcept TALKPATH_NONBLOCKING;

  // The reply is over: the next samples follow silence, not this speech.
  void EndOfSpeech() noexcept TALKPATH_NONBLOCKING;

 private:
  static constexpr size_t kHistorySamples = SamplesIn(45, kMaxProcessingRateHz);

  void Remember(std::span<const float> samples) noexcept TALKPATH_NONBLOCKING;
  void StartGap() noexcept TALKPATH_NONBLOCKING;
  float NextConcealed() noexcept TALKPATH_NONBLOCKING;

  int rate_hz_ = 8000;
  std::array<float, kHistorySamples> history_{};  // newest last
  std::array<float, kHistorySamples> period_{};   // one pitch period, its seam blended
  size_t period_samples_ = 0;
  size_t period_position_ = 0;
  float step_ = 0.0f;
  float peak_ = 0.0f;
  size_t gap_samples_ = 0;  // 0 when there is no gap
};

}  // namespace talkpath
