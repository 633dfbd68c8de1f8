#include "engine/engine.h"

#include <algorithm>

#include "base/clock.h"
#include "dsp/resampler_kernel.h"

namespace talkpath {

Result<std::unique_ptr<Engine>> Engine::Create(const EngineConfig& config) {
  if (config.workers < 1 || config.workers > 64) {
    return Fail("Expected integer between 1 and 64 for engine.workers but received " + std::to_string(config.workers));
  }
  // Whatever rate a line sends, the media thread finds its filter built.
  for (const int line_rate_hz : kStreamRatesHz) {
    for (const int rate_hz : kProcessingRatesHz) (void)ResamplerKernel::Get(line_rate_hz, rate_hz);
  }
  std::unique_ptr<Engine> engine(new Engine(config.workers));
  for (const auto& worker : engine->workers_) {
    if (auto started = worker->Start(config.realtime_priority); !started) return std::unexpected(started.error());
  }
  engine->bell_.Start();
  return engine;
}

Engine::Engine(int workers) : epoch_ns_(MonotonicNs()), bell_(epoch_ns_, workers_) {
  for (int i = 0; i < workers; ++i) workers_.push_back(std::make_unique<Worker>(epoch_ns_));
}

Engine::~Engine() {
  bell_.Stop();
  for (const auto& worker : workers_) worker->Stop();
}

Result<Engine::SessionId> Engine::Open(const SessionConfig& config) {
  auto session = spares_.Take(config);
  if (!session) return std::unexpected(session.error());

  const std::vector<Entry> released = TakeReleased();
  const std::lock_guard lock(mutex_);
  Entry entry{.session = std::move(*session), .worker = &LeastBusy()};
  if (!entry.worker->Add(entry.session.get())) {
    return Fail("Expected at most " + std::to_string(kMaxSessionsPerWorker) + " sessions for each of engine.workers but " +
                std::to_string(open_.size()) + " are open for " + std::to_string(workers_.size()) +
                ": the engine is full. Raise engine.workers, or lower audiosocket.max_calls");
  }
  const SessionId id = next_id_++;
  open_.emplace(id, std::move(entry));
  return id;
}

bool Engine::HasRoom() {
  const std::lock_guard lock(mutex_);
  return LeastBusy().session_count() < kMaxSessionsPerWorker;
}

Worker& Engine::LeastBusy() {
  return **std::ranges::min_element(workers_, {}, [](const auto& worker) { return worker->session_count(); });
}

std::shared_ptr<Session> Engine::Hold(SessionId id) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(id);
  return found == open_.end() ? nullptr : found->second.session;
}

void Engine::Close(SessionId id) {
  const std::vector<Entry> released = TakeReleased();
  const std::lock_guard lock(mutex_);
  if (const auto found = open_.find(id); found != open_.end()) {
    found->second.worker->Remove(found->second.session.get());
    leaving_.push_back(std::move(found->second));
    open_.erase(found);
  }
}

// Sessions that no tick touches any more. The caller lets go of them without the lock: others wait for it.
std::vector<Engine::Entry> Engine::TakeReleased() {
  const std::lock_guard lock(mutex_);
  const auto released = std::ranges::partition(leaving_, [](const Entry& entry) { return !entry.worker->Released(entry.session.get()); });
  std::vector<Entry> taken(std::make_move_iterator(released.begin()), std::make_move_iterator(released.end()));
  leaving_.erase(released.begin(), released.end());
  return taken;
}

EngineSnapshot Engine::Snapshot() {
  const std::vector<Entry> released = TakeReleased();
  EngineSnapshot snapshot;
  {
    const std::lock_guard lock(mutex_);
    snapshot.sessions = open_.size();
    snapshot.sessions_created = next_id_ - 1;
  }
  for (const auto& worker : workers_) {
    snapshot.tick_lateness.push_back(worker->Lateness());
    snapshot.tick_duration.push_back(worker->Duration());
  }
  return snapshot;
}

}  // namespace talkpath
