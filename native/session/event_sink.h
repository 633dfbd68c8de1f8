// Where the tick leaves its events for the agent end. A full queue drops progress first, so that what
// changes the conversation still fits after a stall of the control thread.
//
// Thread: tick writes, agent end reads.
#pragma once

#include "queue/spsc_queue.h"
#include "session/session_event.h"

namespace talkpath {

class EventSink {
 public:
  void Push(const SessionEvent& event) noexcept TALKPATH_NONBLOCKING {
    const bool expendable = event.type == SessionEventType::kPlayoutProgressed;
    if (expendable && queue_.FreeSpace() < kReserved) return;
    (void)queue_.TryPush(event);
  }

  [[nodiscard]] std::optional<SessionEvent> Pop() noexcept { return queue_.TryPop(); }

 private:
  static constexpr size_t kCapacity = 512;
  static constexpr size_t kReserved = kCapacity / 2;
  SpscQueue<SessionEvent> queue_{kCapacity};
};

}  // namespace talkpath
