// Waits for something another thread does, with a deadline.
#pragma once

#include "base/clock.h"

namespace talkpath::test {

inline constexpr int64_t kDeadlineNs = 10 * kNsPerSecond;
inline constexpr int64_t kPollNs = kNsPerMs / 2;

// True as soon as `happened()` is; false when the deadline has passed.
template <typename Predicate>
[[nodiscard]] bool WaitUntil(Predicate happened, int64_t deadline_ns = kDeadlineNs) {
  const int64_t end_ns = MonotonicNs() + deadline_ns;
  while (!happened()) {
    if (MonotonicNs() > end_ns) return false;
    SleepUntilNs(MonotonicNs() + kPollNs);
  }
  return true;
}

}  // namespace talkpath::test
