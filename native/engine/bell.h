// Wakes the Node threads after a tick, because the tick thread itself may make no system call.
//
// A thread of its own sleeps on the same absolute clock as the workers, looks at their counters, and rings each
// doorbell once a tick: those who take audio on when the workers are done, those who keep a line's time at a
// moment that stays the same from tick to tick. With no session it rings nothing.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/worker.h"

namespace talkpath {

class Bell {
 public:
  enum class When { kAtOnce, kSteadily };
  // However slow the ticks of late: the steady ones are rung this long after a tick was due, if the workers are done.
  static constexpr double kLongestExpectationMs = 3.0;

  using Ring = std::function<void()>;  // called on the bell's thread; must not block

  Bell(int64_t epoch_ns, const std::vector<std::unique_ptr<Worker>>& workers) : epoch_ns_(epoch_ns), workers_(workers) {}
  ~Bell() { Stop(); }

  void Start();
  void Stop();

  // Thread: any but tick. Returns a number to take the doorbell away by; after Remove() it is never rung again.
  int AddDoorbell(When when, Ring ring);
  void RemoveDoorbell(int number);

 private:
  struct Doorbell {
    int number;
    When when;
    Ring ring;
  };

  void Run();
  void WaitForWorkers(int64_t tick, int64_t due_ns);
  bool AnySession() const noexcept;
  void RingThose(When when);

  const int64_t epoch_ns_;
  const std::vector<std::unique_ptr<Worker>>& workers_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  // From a tick's due time to the workers' end of it.
  int64_t took_ns_ = 0;      // at the last tick
  int64_t expected_ns_ = 0;  // at the slowest of late

  std::mutex doorbells_mutex_;
  std::vector<Doorbell> doorbells_;
  int next_number_ = 1;
};

}  // namespace talkpath
