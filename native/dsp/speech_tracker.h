// Turns the decisions of single blocks into stretches of speech: a start that a click does not cause, an
// end that a pause between words does not.
//
// Thread: tick. Process() does not allocate, lock, log or throw.
#pragma once

#include <cstdint>

#include "base/realtime.h"

namespace talkpath {

struct SpeechTrackerSettings {
  static constexpr int kShortestOnsetMs = 20;
  static constexpr int kLongestOnsetMs = 400;
  static constexpr int kShortestHangoverMs = 50;
  static constexpr int kLongestHangoverMs = 2000;

  int onset_ms = 60;      // speech within the last 1.5 times this that makes a start
  int hangover_ms = 200;  // without speech that makes an end
  int slow_onset_ms = 100; // the onset where an echo may be about; never less than the other

  bool operator==(const SpeechTrackerSettings&) const = default;
};

enum class SpeechChange { kNone, kStarted, kEnded };

class SpeechTracker {
 public:
  // `settings` are within their bounds.
  explicit SpeechTracker(SpeechTrackerSettings settings);

  // Takes the decision of the next 10 ms block. `slowly` asks for a longer onset: speech may be taken for speech by
  // mistake just now.
  SpeechChange Process(bool speech, bool slowly = false) noexcept TALKPATH_NONBLOCKING;

  bool speaking() const noexcept { return speaking_; }
  // At a start: blocks since the speech began, the newest included.
  int blocks_since_onset() const noexcept { return blocks_since_onset_; }
  // At an end: blocks since the last one with speech.
  int blocks_since_speech() const noexcept { return blocks_since_speech_; }

 private:
  const int onset_blocks_;
  const int slow_onset_blocks_;
  const int hangover_blocks_;

  uint64_t recent_ = 0;  // one bit a block, newest lowest
  bool speaking_ = false;
  int blocks_since_onset_ = 0;
  int blocks_since_speech_ = 0;
};

}  // namespace talkpath
