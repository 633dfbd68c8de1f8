// Catches every system call of a stretch of code, whoever makes it: the kernel itself hands them over.
//
// After: Linux "syscall user dispatch". Linux 5.11 and x86-64 only, and not under a sanitizer, whose
// runtime makes system calls of its own.
#pragma once

namespace talkpath::test {

class SyscallTrap {
 public:
  // Whether this build and this kernel can watch. Readies the calling thread.
  static bool Available();

  // Watches the calling thread until the end of the scope, or until the first system call, which is recorded
  // with RealtimeTrap and then made. Available() must have answered true on this thread.
  SyscallTrap() noexcept;
  ~SyscallTrap();
  SyscallTrap(const SyscallTrap&) = delete;
  SyscallTrap& operator=(const SyscallTrap&) = delete;
};

}  // namespace talkpath::test
