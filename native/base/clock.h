// The only clock of the engine: monotonic nanoseconds, immune to changes of the wall clock.
#pragma once

#include <cstdint>
#include <ctime>

#include "base/realtime.h"

namespace talkpath {

inline constexpr int64_t kNsPerMs = 1'000'000;
inline constexpr int64_t kNsPerSecond = 1'000 * kNsPerMs;

// Thread: any. A vDSO read, not a system call.
inline int64_t MonotonicNs() noexcept TALKPATH_NONBLOCKING {
  timespec now;
  TALKPATH_UNMARKED(clock_gettime(CLOCK_MONOTONIC, &now));
  return now.tv_sec * kNsPerSecond + now.tv_nsec;
}

// Sleeps until an absolute time, so that delays never add up. Returns at once for a time in the past.
inline void SleepUntilNs(int64_t due_ns) noexcept TALKPATH_BLOCKING {
  const timespec due = {.tv_sec = due_ns / kNsPerSecond, .tv_nsec = due_ns % kNsPerSecond};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr) != 0) {
  }
}

}  // namespace talkpath
