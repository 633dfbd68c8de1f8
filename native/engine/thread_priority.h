// What a thread that keeps time asks of the system.
#pragma once

#include <sys/prctl.h>
#include <sys/resource.h>

namespace talkpath {

// For the calling thread: timers without the default slack of 50 µs, and, where the process may (CAP_SYS_NICE),
// precedence over ordinary threads. Refusal is no error: the thread runs as it is.
inline void PreferThisThread() noexcept {
  constexpr int kNice = -15;
  prctl(PR_SET_TIMERSLACK, 1UL);
  (void)setpriority(PRIO_PROCESS, 0, kNice);
}

}  // namespace talkpath
