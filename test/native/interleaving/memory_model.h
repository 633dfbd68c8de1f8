// What two threads may see of each other's memory, by the rules of C++ and not by those of one processor.
//
// An atomic is the list of all values it has had. A load may return any of them that is not older than what the
// thread has seen of it already, as if the newer ones were still on their way. What a thread has seen, its view, is
// handed over only where a load that acquires returns a value that was stored with release. Anything else that both
// touch is ordinary memory: unless one access was handed over to the other thread before its own, they race, and
// the program has no meaning.
//
// After: the view machines of Kang et al. (POPL 2017) without promises, that is RC11 (Lahav et al., PLDI 2017).
// What is left out: read-modify-write, fences, seq_cst, atomics that two threads write (each is refused), and loads
// that return what is stored later in the same thread of causes (RC11 forbids them; no hardware does it where each
// load of the other's atomic acquires and each store to it releases).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace talkpath::interleaving {

inline constexpr size_t kThreads = 2;
inline constexpr size_t kEverything = kThreads;  // the thread that sets up and looks at the end

struct View {
  std::array<size_t, 16> seen{};                // of each atomic: the newest value that was seen, by its place in the list
  std::array<uint32_t, kThreads + 1> known{};   // of each thread: how much of what it did is handed over
  void Join(const View& other);
};

class MemoryModel {
 public:
  // Forgets everything.
  void Reset();
  // The set-up is over: both threads know of it. And the threads are: the end knows of both.
  void StartThreads();
  void EndThreads();

  size_t NewAtomic(uint64_t value);
  // Places in the list that a load by `thread` may return, oldest first: from `first` on.
  struct Visible {
    size_t first;
    size_t count;
  };
  Visible VisibleTo(size_t thread, size_t atomic) const;
  uint64_t Load(size_t thread, size_t atomic, size_t place, bool acquire);
  void Store(size_t thread, size_t atomic, uint64_t value, bool release);
  // Whether only this thread has stored to it: what it loads is then what it stored last.
  bool IsOwn(size_t thread, size_t atomic) const;

  void ReadBytes(size_t thread, const void* address, size_t count) { Touch(thread, address, count, false); }
  void WriteBytes(size_t thread, const void* address, size_t count) { Touch(thread, address, count, true); }

  // What has gone wrong, empty when nothing has.
  const std::string& violation() const { return violation_; }
  void Violate(std::string what) {
    if (violation_.empty()) violation_ = std::move(what);
  }

 private:
  struct Value {
    uint64_t value;
    View handed_over;  // to whoever acquires it: nothing unless it was stored with release
  };
  struct Atomic {
    std::vector<Value> values;
    size_t writer = kEverything;
  };
  struct Accesses {
    size_t writer = kEverything;
    uint32_t written_at = 0;
    std::array<uint32_t, kThreads + 1> read_at{};
  };

  void Touch(size_t thread, const void* address, size_t count, bool writes);
  bool Knows(size_t thread, size_t other, uint32_t when) const { return views_[thread].known[other] >= when; }

  std::vector<Atomic> atomics_;
  std::unordered_map<uintptr_t, Accesses> memory_;  // by sample, two bytes
  std::array<View, kThreads + 1> views_{};
  std::string violation_;
};

}  // namespace talkpath::interleaving
