#include "rings.h"

#include <array>
#include <atomic>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/clock.h"
#include "queue/spsc_ring.h"

namespace talkpath::benchmarks {
namespace {

constexpr size_t kFrameSamples = 160;
constexpr size_t kCapacity = 64;  // frames, or numbers

using Frame = std::array<int16_t, kFrameSamples>;

// The engine's ring: a frame is 160 elements that travel together, in two parts where only one fits.
template <typename T>
class OurRing {
 public:
  bool TryPush(const T& value) {
    written_ += ring_.Write({reinterpret_cast<const Element*>(&value) + written_, kElements - written_});
    if (written_ < kElements) return false;
    written_ = 0;
    return true;
  }
  bool TryPop(T& value) {
    read_ += ring_.Read({reinterpret_cast<Element*>(&value) + read_, kElements - read_});
    if (read_ < kElements) return false;
    read_ = 0;
    return true;
  }

 private:
  using Element = std::conditional_t<std::is_same_v<T, Frame>, int16_t, T>;
  static constexpr size_t kElements = sizeof(T) / sizeof(Element);

  SpscRing<Element> ring_{kCapacity * kElements};
  alignas(kCacheLineBytes) size_t written_ = 0;
  alignas(kCacheLineBytes) size_t read_ = 0;
};

// The baseline: slots of whole values, indices that wrap, each side's view of the other cached on its own line.
template <typename T>
class SlotRing {
 public:
  bool TryPush(const T& value) {
    const size_t tail = tail_.load(std::memory_order_relaxed);
    const size_t next = tail + 1 == slots_.size() ? 0 : tail + 1;
    if (next == seen_head_ && next == (seen_head_ = head_.load(std::memory_order_acquire))) return false;
    slots_[tail] = value;
    tail_.store(next, std::memory_order_release);
    return true;
  }
  bool TryPop(T& value) {
    const size_t head = head_.load(std::memory_order_relaxed);
    if (head == seen_tail_ && head == (seen_tail_ = tail_.load(std::memory_order_acquire))) return false;
    value = slots_[head];
    head_.store(head + 1 == slots_.size() ? 0 : head + 1, std::memory_order_release);
    return true;
  }

 private:
  std::vector<T> slots_ = std::vector<T>(kCapacity + 1);
  alignas(kCacheLineBytes) std::atomic<size_t> tail_{0};
  size_t seen_head_ = 0;
  alignas(kCacheLineBytes) std::atomic<size_t> head_{0};
  size_t seen_tail_ = 0;
};

// What is written first, and what a tick thread may not use.
template <typename T>
class MutexQueue {
 public:
  bool TryPush(const T& value) {
    const std::lock_guard lock(mutex_);
    if (count_ == slots_.size()) return false;
    slots_[(first_ + count_++) % slots_.size()] = value;
    return true;
  }
  bool TryPop(T& value) {
    const std::lock_guard lock(mutex_);
    if (count_ == 0) return false;
    value = slots_[first_];
    first_ = (first_ + 1) % slots_.size();
    --count_;
    return true;
  }

 private:
  std::mutex mutex_;
  std::vector<T> slots_ = std::vector<T>(kCapacity);
  size_t first_ = 0;
  size_t count_ = 0;
};

// Spins, but not through a time slice in which the other thread may not run at all.
class Patience {
 public:
  void Wait() {
    if (++waited_ % kSpins == 0) {
      std::this_thread::yield();
    } else {
      __builtin_ia32_pause();
    }
  }

 private:
  static constexpr int kSpins = 4000;
  int waited_ = 0;
};

template <typename Queue, typename T>
double TransferNs(int64_t count) {
  Queue queue;
  std::atomic<bool> ready{false};
  Patience patience;
  std::thread reader([&] {
    Patience readers;
    T value{};
    ready.store(true);
    for (int64_t i = 0; i < count; ++i) {
      while (!queue.TryPop(value)) readers.Wait();
    }
  });
  while (!ready.load()) patience.Wait();
  const T value{};
  const int64_t started_ns = MonotonicNs();
  for (int64_t i = 0; i < count; ++i) {
    while (!queue.TryPush(value)) patience.Wait();
  }
  reader.join();
  return static_cast<double>(MonotonicNs() - started_ns) / static_cast<double>(count);
}

template <typename Queue, typename T>
double AloneNs(int64_t count) {
  Queue queue;
  T value{};
  const int64_t started_ns = MonotonicNs();
  for (int64_t i = 0; i < count; ++i) {
    while (!queue.TryPush(value)) {
    }
    while (!queue.TryPop(value)) {
    }
  }
  return static_cast<double>(MonotonicNs() - started_ns) / static_cast<double>(count);
}

template <typename Queue>
double ThereAndBackNs(int64_t count) {
  Queue there;
  Queue back;
  std::atomic<bool> ready{false};
  Patience patience;
  std::thread other([&] {
    Patience others;
    int64_t value = 0;
    ready.store(true);
    for (int64_t i = 0; i < count; ++i) {
      while (!there.TryPop(value)) others.Wait();
      while (!back.TryPush(value)) others.Wait();
    }
  });
  while (!ready.load()) patience.Wait();
  const int64_t started_ns = MonotonicNs();
  for (int64_t i = 0; i < count; ++i) {
    int64_t value = i;
    while (!there.TryPush(value)) patience.Wait();
    while (!back.TryPop(value)) patience.Wait();
  }
  const int64_t took_ns = MonotonicNs() - started_ns;
  other.join();
  return static_cast<double>(took_ns) / static_cast<double>(count);
}

}  // namespace

double FrameTransferNs(const std::string& queue, int64_t count) {
  if (queue == "ours") return TransferNs<OurRing<Frame>, Frame>(count);
  if (queue == "slots") return TransferNs<SlotRing<Frame>, Frame>(count);
  if (queue == "mutex") return TransferNs<MutexQueue<Frame>, Frame>(count);
  return -1.0;
}

double FrameAloneNs(const std::string& queue, int64_t count) {
  if (queue == "ours") return AloneNs<OurRing<Frame>, Frame>(count);
  if (queue == "slots") return AloneNs<SlotRing<Frame>, Frame>(count);
  if (queue == "mutex") return AloneNs<MutexQueue<Frame>, Frame>(count);
  return -1.0;
}

double RoundTripNs(const std::string& queue, int64_t count) {
  if (queue == "ours") return ThereAndBackNs<OurRing<int64_t>>(count);
  if (queue == "slots") return ThereAndBackNs<SlotRing<int64_t>>(count);
  if (queue == "mutex") return ThereAndBackNs<MutexQueue<int64_t>>(count);
  return -1.0;
}

}  // namespace talkpath::benchmarks
