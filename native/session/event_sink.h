// Where the tick leaves its events for the agent end. A full queue drops progress first, so that what
// changes the conversation still fits after a stall of the control thread.
//
// Thread: tick writes, agent end reads, any thread may ask what was lost.
#pragma once

#include "queue/spsc_queue.h"
#include "session/session_event.h"
#include "session/session_stats.h"

namespace talkpath {

class EventSink {
 public:
  void Push(const SessionEvent& event) noexcept TALKPATH_NONBLOCKING {
    const bool expendable = event.type == SessionEventType::kPlayoutProgressed;
    if (expendable && queue_.FreeSpace() < kReserved) return;
    if (!queue_.TryPush(event)) lost_.Add(1);
  }

  [[nodiscard]] std::optional<SessionEvent> Pop() noexcept { return queue_.TryPop(); }

  // Events that change the conversation and did not fit.
  uint64_t lost() const noexcept { return lost_.Get(); }

 private:
  static constexpr size_t kCapacity = 512;
  static constexpr size_t kReserved = kCapacity / 2;
  SpscQueue<SessionEvent> queue_{kCapacity};
  Counter<uint64_t> lost_;
};

}  // namespace talkpath
