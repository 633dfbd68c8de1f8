// Says when a frame is due: every 20 ms of an absolute clock, from the first moment of the call.
//
// A late tick is made good one frame a tick, so the line's clock does not drift and no burst is sent. After
// a long stop (the process was suspended) the missed frames are given up and counted.
//
// Thread: tick. Nothing allocates, locks, logs or throws.
#pragma once

#include <cstdint>

#include "base/audio_format.h"
#include "base/clock.h"
#include "base/realtime.h"

namespace talkpath {

class Pacer {
 public:
  static constexpr int64_t kFrameNs = kFrameMs * kNsPerMs;
  static constexpr int64_t kLongestCatchUpNs = 100 * kNsPerMs;
  // What is ready waits at most this long for its frame.
  static constexpr int kMostDelayMs = kFrameMs;

  // The first frame is due at `start_ns`.
  void Start(int64_t start_ns) noexcept TALKPATH_NONBLOCKING { due_ns_ = start_ns; }

  struct Verdict {
    bool due = false;
    int64_t given_up = 0;  // frames that will never be sent
  };

  // Whether one frame is due at `now_ns`; the next call asks about the next frame.
  Verdict Advance(int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
    if (now_ns < due_ns_) return {};
    Verdict verdict{.due = true};
    if (now_ns - due_ns_ > kLongestCatchUpNs) {
      verdict.given_up = (now_ns - due_ns_) / kFrameNs;
      due_ns_ += verdict.given_up * kFrameNs;
    }
    due_ns_ += kFrameNs;
    return verdict;
  }

 private:
  int64_t due_ns_ = 0;
};

}  // namespace talkpath
