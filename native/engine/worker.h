// One thread, many sessions, one tick every 10 ms on an absolute clock.
//
// Sessions come and go through a table of atomic slots: the tick thread neither locks nor frees.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <thread>

#include "base/result.h"
#include "engine/tick_stats.h"
#include "session/session.h"

namespace talkpath {

inline constexpr size_t kMaxSessionsPerWorker = 1024;
inline constexpr int64_t kTickNs = kBlockMs * kNsPerMs;

class Worker {
 public:
  // `epoch_ns` is when tick 0 is due; all workers and the bell share it.
  explicit Worker(int64_t epoch_ns) : epoch_ns_(epoch_ns) {}
  ~Worker() { Stop(); }

  // Thread: any but tick. With `realtime_priority` the thread asks for SCHED_FIFO; fails when it may not have it.
  Result<void> Start(bool realtime_priority);
  void Stop();

  // Thread: any but tick, one at a time (the engine's lock). False when the table is full.
  bool Add(Session* session);
  // From the next tick on the session is not touched; Released() tells when that is.
  void Remove(Session* session);
  bool Released(const Session* session) const noexcept;

  // Thread: any.
  size_t session_count() const noexcept { return session_count_.load(std::memory_order_relaxed); }
  // Number of the tick that was finished last.
  int64_t finished_tick() const noexcept { return finished_tick_.load(std::memory_order_acquire); }
  // How long after its due time that was.
  int64_t finished_after_ns() const noexcept { return finished_after_ns_.load(std::memory_order_relaxed); }
  TickHistogram Lateness() const noexcept { return lateness_.Snapshot(); }
  TickHistogram Duration() const noexcept { return duration_.Snapshot(); }

 private:
  struct Slot {
    std::atomic<Session*> session{nullptr};
    std::atomic<bool> leaving{false};
  };

  int64_t NextTickNs() const noexcept;
  void Run() noexcept;
  int64_t RunTick(int64_t tick) noexcept TALKPATH_NONBLOCKING;
  void TickSessions(int64_t now_ns) noexcept TALKPATH_NONBLOCKING;

  const int64_t epoch_ns_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::atomic<size_t> session_count_{0};
  std::atomic<size_t> slots_used_{0};  // no session beyond this slot
  std::array<Slot, kMaxSessionsPerWorker> slots_;

  // Written by the tick thread.
  alignas(kCacheLineBytes) std::atomic<int64_t> finished_tick_{-1};
  std::atomic<int64_t> finished_after_ns_{0};
  TickStats lateness_;
  TickStats duration_;
};

}  // namespace talkpath
