// A wait-free queue of single values (events, commands) for one writing and one reading thread.
#pragma once

#include <optional>

#include "queue/spsc_ring.h"

namespace talkpath {

template <typename T>
class SpscQueue {
 public:
  explicit SpscQueue(size_t capacity) : ring_(capacity) {}

  // Thread: writer. False when the queue is full: the value was not taken.
  [[nodiscard]] bool TryPush(const T& value) noexcept TALKPATH_NONBLOCKING { return ring_.Write({&value, 1}) == 1; }

  // Thread: reader.
  [[nodiscard]] std::optional<T> TryPop() noexcept TALKPATH_NONBLOCKING {
    T value;
    if (ring_.Read({&value, 1}) == 0) return std::nullopt;
    return value;
  }

  // Thread: writer.
  size_t FreeSpace() noexcept TALKPATH_NONBLOCKING { return ring_.FreeSpace(); }

 private:
  SpscRing<T> ring_;
};

}  // namespace talkpath
