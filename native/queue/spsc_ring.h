// A wait-free ring for one writing and one reading thread, moving many elements at a time.
//
// Write() and Read() finish in a bounded number of steps, allocate nothing and take what fits.
// After: rigtorp/SPSCQueue (indices cached on the other side's cache line); what differs is bulk transfer
// by indices that never wrap, so that full and empty need no spare slot.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <type_traits>

#include "base/realtime.h"

namespace talkpath {

inline constexpr size_t kCacheLineBytes = 64;

template <typename T>
class SpscRing {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // Holds at least `capacity` elements, rounded up to a power of two. Memory is not touched before it is used.
  explicit SpscRing(size_t capacity)
      : capacity_(std::bit_ceil(std::max<size_t>(capacity, 2))), slots_(new T[capacity_]) {}

  // Thread: before any other. Maps the memory in now: a writer that keeps time may not wait for a page.
  void Touch() noexcept { std::memset(slots_.get(), 0, capacity_ * sizeof(T)); }

  size_t capacity() const noexcept { return capacity_; }

  // Thread: writer. Returns how many elements were taken.
  [[nodiscard]] size_t Write(std::span<const T> elements) noexcept TALKPATH_NONBLOCKING {
    const size_t tail = tail_.load(std::memory_order_relaxed);
    if (capacity_ - (tail - cached_head_) < elements.size()) cached_head_ = head_.load(std::memory_order_acquire);
    const size_t count = std::min(elements.size(), capacity_ - (tail - cached_head_));
    if (count == 0) return 0;  // an empty span may have no address, which memcpy does not take
    Copy(elements.data(), tail, count);
    tail_.store(tail + count, std::memory_order_release);
    return count;
  }

  // Thread: writer. Elements that a Write() would take now, at least.
  size_t FreeSpace() noexcept TALKPATH_NONBLOCKING {
    cached_head_ = head_.load(std::memory_order_acquire);
    return capacity_ - (tail_.load(std::memory_order_relaxed) - cached_head_);
  }

  // Thread: reader. Returns how many elements were copied out.
  [[nodiscard]] size_t Read(std::span<T> elements) noexcept TALKPATH_NONBLOCKING {
    const size_t head = head_.load(std::memory_order_relaxed);
    const size_t count = std::min(elements.size(), AvailableFrom(head, elements.size()));
    if (count == 0) return 0;
    const size_t offset = head & (capacity_ - 1);
    const size_t first = std::min(count, capacity_ - offset);
    std::memcpy(elements.data(), &slots_[offset], first * sizeof(T));
    if (first < count) std::memcpy(elements.data() + first, &slots_[0], (count - first) * sizeof(T));
    head_.store(head + count, std::memory_order_release);
    return count;
  }

  // Thread: reader. Drops up to `count` elements unread; returns how many.
  size_t Discard(size_t count) noexcept TALKPATH_NONBLOCKING {
    const size_t head = head_.load(std::memory_order_relaxed);
    const size_t dropped = std::min(count, AvailableFrom(head, count));
    head_.store(head + dropped, std::memory_order_release);
    return dropped;
  }

  // Thread: reader. Elements that a Read() would copy now, at least.
  size_t Available() noexcept TALKPATH_NONBLOCKING {
    cached_tail_ = tail_.load(std::memory_order_acquire);
    return cached_tail_ - head_.load(std::memory_order_relaxed);
  }

 private:
  size_t AvailableFrom(size_t head, size_t wanted) noexcept TALKPATH_NONBLOCKING {
    if (cached_tail_ - head < wanted) cached_tail_ = tail_.load(std::memory_order_acquire);
    return cached_tail_ - head;
  }

  void Copy(const T* from, size_t position, size_t count) noexcept TALKPATH_NONBLOCKING {
    const size_t offset = position & (capacity_ - 1);
    const size_t first = std::min(count, capacity_ - offset);
    std::memcpy(&slots_[offset], from, first * sizeof(T));
    if (first < count) std::memcpy(&slots_[0], from + first, (count - first) * sizeof(T));
  }

  const size_t capacity_;
  const std::unique_ptr<T[]> slots_;

  // Written by the writer.
  alignas(kCacheLineBytes) std::atomic<size_t> tail_{0};
  size_t cached_head_ = 0;
  // Written by the reader.
  alignas(kCacheLineBytes) std::atomic<size_t> head_{0};
  size_t cached_tail_ = 0;
};

}  // namespace talkpath
