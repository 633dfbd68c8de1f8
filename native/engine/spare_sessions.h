// Sessions made ahead of the calls that will want them, on a thread of their own: the thread that sets calls up need not
// wait while a canceller, a detector and queues are made.
//
// What is made is what was asked for last; nothing before the first call. A session is used once: none has to be proved
// clean of the call before.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <thread>

#include "base/result.h"
#include "session/session.h"

namespace talkpath {

class SpareSessions {
 public:
  static constexpr size_t kOfOneKind = 2;
  static constexpr size_t kOfAllKinds = 4;

  SpareSessions();
  ~SpareSessions();

  // Thread: any but tick. Takes a spare of these settings, or makes one where there is none; fails as Session::Create().
  Result<std::unique_ptr<Session>> Take(const SessionConfig& config);
  // How many are there, of all kinds.
  size_t count();

 private:
  struct Spare {
    SessionConfig config;
    std::unique_ptr<Session> session;
  };

  bool NeedsOne() const;
  void Run();

  std::counting_semaphore<> changes_{0};  // a condition variable would ask for a newer C++ library than the package promises
  std::mutex mutex_;
  bool stopping_ = false;
  std::optional<SessionConfig> wanted_;
  std::deque<Spare> spares_;  // oldest first
  std::thread thread_;
};

}  // namespace talkpath
