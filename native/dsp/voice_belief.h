// Makes a yes or no of how probable speech is, block by block.
//
// One threshold cannot be quick at both ends: a low one hears a beginning at once and an end late. Here a beginning
// is believed for a moment and doubted unless it soon becomes certain; what was certain ends while it is still
// quite probable.
//
// Thread: tick. Process() does not allocate, lock, log or throw.
#pragma once

#include "base/realtime.h"

namespace talkpath {

class VoiceBelief {
 public:
  struct Thresholds {
    float possible;  // from here on it may be speech
    float certain;   // from here on it is
    float over;      // below, what was certain has ended
  };

  // possible <= over <= certain.
  explicit constexpr VoiceBelief(const Thresholds& thresholds) : thresholds_(thresholds) {}

  bool Process(float probability) noexcept TALKPATH_NONBLOCKING {
    if (probability < thresholds_.possible) {
      state_ = State::kNone;
    } else if (probability >= thresholds_.certain) {
      state_ = State::kCertain;
    } else if (state_ == State::kNone) {
      state_ = State::kPossible;
      blocks_ = 0;
    } else if (state_ == State::kCertain && probability < thresholds_.over) {
      state_ = State::kDoubted;
    }
    if (state_ == State::kPossible && ++blocks_ > kPossibleBlocks) state_ = State::kDoubted;
    return state_ == State::kPossible || state_ == State::kCertain;
  }

 private:
  enum class State { kNone, kPossible, kCertain, kDoubted };
  static constexpr int kPossibleBlocks = 3;  // half of the default speech_onset_ms: alone they interrupt nobody

  const Thresholds thresholds_;
  State state_ = State::kNone;
  int blocks_ = 0;
};

}  // namespace talkpath
