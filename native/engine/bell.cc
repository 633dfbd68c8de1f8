#include "engine/bell.h"

#include <pthread.h>

#include <algorithm>

#include "base/clock.h"
#include "engine/thread_priority.h"

namespace talkpath {
namespace {

constexpr int64_t kPollNs = 50'000;
constexpr int64_t kLongestWaitNs = 8 * kNsPerMs;  // a worker that takes longer is rung for at its next tick
constexpr auto kLongestExpectationNs = static_cast<int64_t>(Bell::kLongestExpectationMs * kNsPerMs);
// Of the way back to what ticks take, each tick: some 20 s, so that frames keep one place on the clock.
constexpr int64_t kForgetting = 2048;

}  // namespace

void Bell::Start() {
  stopping_.store(false);
  thread_ = std::thread([this] { Run(); });
  pthread_setname_np(thread_.native_handle(), "talkpath-bell");
}

void Bell::Stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true);
  thread_.join();
}

int Bell::AddDoorbell(When when, Ring ring) {
  const std::lock_guard lock(doorbells_mutex_);
  doorbells_.push_back({next_number_, when, std::move(ring)});
  return next_number_++;
}

void Bell::RemoveDoorbell(int number) {
  const std::lock_guard lock(doorbells_mutex_);
  std::erase_if(doorbells_, [number](const Doorbell& doorbell) { return doorbell.number == number; });
}

void Bell::Run() {
  PreferThisThread();
  int64_t tick = (MonotonicNs() - epoch_ns_) / kTickNs + 1;
  while (!stopping_.load(std::memory_order_relaxed)) {
    const int64_t due_ns = epoch_ns_ + tick * kTickNs;
    // Half of what the last tick took is early enough to look, and seldom.
    SleepUntilNs(due_ns + std::min(took_ns_ / 2, expected_ns_));
    if (AnySession()) {
      WaitForWorkers(tick, due_ns);
      RingThose(When::kAtOnce);
      SleepUntilNs(due_ns + expected_ns_);
      RingThose(When::kSteadily);
    }
    tick = std::max(tick, (MonotonicNs() - epoch_ns_) / kTickNs) + 1;
  }
}

void Bell::WaitForWorkers(int64_t tick, int64_t due_ns) {
  const auto finished = [this, tick] {
    return std::ranges::all_of(workers_, [tick](const auto& worker) { return worker->finished_tick() >= tick; });
  };
  while (!finished() && MonotonicNs() - due_ns < kLongestWaitNs) SleepUntilNs(MonotonicNs() + kPollNs);
  took_ns_ = 0;
  for (const auto& worker : workers_) took_ns_ = std::max(took_ns_, worker->finished_after_ns());
  const int64_t less_ns = std::max<int64_t>(expected_ns_ - took_ns_, 0);
  expected_ns_ = std::min(std::max(expected_ns_ - less_ns / kForgetting, took_ns_), kLongestExpectationNs);
}

bool Bell::AnySession() const noexcept {
  return std::ranges::any_of(workers_, [](const auto& worker) { return worker->session_count() > 0; });
}

void Bell::RingThose(When when) {
  const std::lock_guard lock(doorbells_mutex_);
  for (const Doorbell& doorbell : doorbells_) {
    if (doorbell.when == when) doorbell.ring();
  }
}

}  // namespace talkpath
