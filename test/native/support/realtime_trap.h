// Catches what real-time code may not do: while a RealtimeSection is open, an allocation, a lock or a
// blocking call is recorded with its backtrace, and the test in which it happened fails.
//
// In a plain build the allocator and the blocking calls of libc are replaced (trapped_*.cc); under a
// sanitizer, which replaces them itself, only allocations are seen. SyscallTrap sees the rest.
#pragma once

#include <cstddef>
#include <string>

namespace talkpath::test {

class RealtimeTrap {
 public:
  // Records a violation if a RealtimeSection is open on this thread. Does not allocate. `what` is a literal.
  static void Forbid(const char* what) noexcept;
  // Records a violation whatever is open.
  static void Record(const char* what, long number = -1) noexcept;

  static size_t violations() noexcept;
  // What was done, and from where. Then forgets it.
  static std::string Take();

  // Loads what a first backtrace would allocate.
  static void Prepare();
};

}  // namespace talkpath::test
