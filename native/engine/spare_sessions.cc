#include "engine/spare_sessions.h"

#include <pthread.h>

#include <algorithm>

namespace talkpath {

SpareSessions::SpareSessions() : thread_([this] { Run(); }) { pthread_setname_np(thread_.native_handle(), "talkpath-spare"); }

SpareSessions::~SpareSessions() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changes_.release();
  thread_.join();
}

Result<std::unique_ptr<Session>> SpareSessions::Take(const SessionConfig& config) {
  std::unique_ptr<Session> session;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(spares_, config, &Spare::config);
    if (found != spares_.end()) {
      session = std::move(found->session);
      spares_.erase(found);
      wanted_ = config;
    }
  }
  if (!session) {
    auto made = Session::Create(config);
    if (!made) return made;
    session = std::move(*made);
    const std::lock_guard lock(mutex_);
    wanted_ = config;
  }
  changes_.release();
  return session;
}

size_t SpareSessions::count() {
  const std::lock_guard lock(mutex_);
  return spares_.size();
}

bool SpareSessions::NeedsOne() const {
  return wanted_ && std::ranges::count(spares_, *wanted_, &Spare::config) < static_cast<ptrdiff_t>(kOfOneKind);
}

void SpareSessions::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (!NeedsOne()) {
      lock.unlock();
      changes_.acquire();
      lock.lock();
      continue;
    }
    const SessionConfig config = *wanted_;
    Spare surplus;
    lock.unlock();
    auto made = Session::Create(config);
    lock.lock();
    if (!made) {  // it could be made before: the process is out of memory or threads, and will say so elsewhere
      wanted_.reset();
      continue;
    }
    spares_.push_back({.config = config, .session = std::move(*made)});
    if (spares_.size() <= kOfAllKinds) continue;
    surplus = std::move(spares_.front());
    spares_.pop_front();
    lock.unlock();
    surplus.session.reset();
    lock.lock();
  }
}

}  // namespace talkpath
