#include "engine/worker.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <cstring>

#include "base/clock.h"
#include "engine/thread_priority.h"

namespace talkpath {
namespace {

constexpr int kRealtimePriority = 10;

}  // namespace

Result<void> Worker::Start(bool realtime_priority) {
  stopping_.store(false);
  thread_ = std::thread([this] { Run(); });
  pthread_setname_np(thread_.native_handle(), "talkpath-tick");
  if (!realtime_priority) return {};
  const sched_param parameters = {.sched_priority = kRealtimePriority};
  const int refused = pthread_setschedparam(thread_.native_handle(), SCHED_FIFO, &parameters);
  if (refused == 0) return {};
  Stop();
  return Fail(std::string("engine.realtime is true, but the system refuses SCHED_FIFO: ") + std::strerror(refused) +
              ". Give the process CAP_SYS_NICE or an rtprio limit of at least 10, or set engine.realtime to false");
}

void Worker::Stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true);
  thread_.join();
}

bool Worker::Add(Session* session) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].session.load(std::memory_order_acquire) != nullptr) continue;
    slots_[i].leaving.store(false, std::memory_order_relaxed);
    session->Start(NextTickNs());
    slots_[i].session.store(session, std::memory_order_release);
    if (slots_used_.load(std::memory_order_relaxed) < i + 1) slots_used_.store(i + 1, std::memory_order_release);
    session_count_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  return false;
}

// Off the grid of ticks, a tick that is a little late or not would decide which of two frames fall due in it.
int64_t Worker::NextTickNs() const noexcept { return epoch_ns_ + ((MonotonicNs() - epoch_ns_) / kTickNs + 1) * kTickNs; }

void Worker::Remove(Session* session) {
  for (Slot& slot : slots_) {
    if (slot.session.load(std::memory_order_acquire) == session) slot.leaving.store(true, std::memory_order_release);
  }
}

bool Worker::Released(const Session* session) const noexcept {
  for (const Slot& slot : slots_) {
    if (slot.session.load(std::memory_order_acquire) == session) return false;
  }
  return true;
}

void Worker::Run() noexcept {
  PreferThisThread();
  int64_t tick = (MonotonicNs() - epoch_ns_) / kTickNs + 1;
  while (!stopping_.load(std::memory_order_relaxed)) {
    SleepUntilNs(epoch_ns_ + tick * kTickNs);
    const RealtimeSection section;
    tick = RunTick(tick);
  }
}

// Returns the next tick to run. Ticks that passed meanwhile are not run in a burst: each session sees by the clock what it
// missed.
int64_t Worker::RunTick(int64_t tick) noexcept TALKPATH_NONBLOCKING {
  const int64_t due_ns = epoch_ns_ + tick * kTickNs;
  const int64_t started_ns = MonotonicNs();
  TickSessions(started_ns);
  const int64_t ended_ns = MonotonicNs();
  lateness_.Record(started_ns - due_ns);
  duration_.Record(ended_ns - started_ns);
  finished_after_ns_.store(ended_ns - due_ns, std::memory_order_relaxed);
  finished_tick_.store(tick, std::memory_order_release);
  return std::max(tick, (ended_ns - epoch_ns_) / kTickNs) + 1;
}

void Worker::TickSessions(int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  const size_t used = slots_used_.load(std::memory_order_acquire);
  for (size_t i = 0; i < used; ++i) {
    Session* session = slots_[i].session.load(std::memory_order_acquire);
    if (!session) continue;
    if (slots_[i].leaving.load(std::memory_order_acquire)) {
      slots_[i].session.store(nullptr, std::memory_order_release);
      session_count_.fetch_sub(1, std::memory_order_relaxed);
      continue;
    }
    session->Tick(now_ns);
  }
}

}  // namespace talkpath
