// All workers and sessions of the process. Sessions are pinned: a call stays on the core it began on.
//
// Thread: any but tick, from several at once.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "engine/bell.h"
#include "engine/spare_sessions.h"
#include "engine/worker.h"

namespace talkpath {

struct EngineConfig {
  int workers = 1;
  bool realtime_priority = false;
};

struct EngineSnapshot {
  size_t sessions = 0;
  uint64_t sessions_created = 0;
  std::vector<TickHistogram> tick_lateness;  // one a worker
  std::vector<TickHistogram> tick_duration;
};

class Engine {
 public:
  static Result<std::unique_ptr<Engine>> Create(const EngineConfig& config);
  ~Engine();

  using SessionId = uint64_t;  // never used twice

  // Creates a session and starts its clock: its first frame is due at once.
  Result<SessionId> Open(const SessionConfig& config);
  // Whether Open() would find a place for one more.
  bool HasRoom();
  // Takes hold of an open session; null when there is none of that id. It lives until the last hold is let go.
  std::shared_ptr<Session> Hold(SessionId id);
  // Stops the session. Holds stay valid, but nothing moves any more. A second call does nothing.
  void Close(SessionId id);

  Bell& bell() noexcept { return bell_; }
  EngineSnapshot Snapshot();

 private:
  struct Entry {
    std::shared_ptr<Session> session;
    Worker* worker;
  };

  explicit Engine(int workers);
  Worker& LeastBusy();
  std::vector<Entry> TakeReleased();

  const int64_t epoch_ns_;
  std::vector<std::unique_ptr<Worker>> workers_;
  Bell bell_;
  SpareSessions spares_;

  std::mutex mutex_;
  std::unordered_map<SessionId, Entry> open_;
  std::vector<Entry> leaving_;  // closed, but a tick may still be inside
  SessionId next_id_ = 1;
};

}  // namespace talkpath
