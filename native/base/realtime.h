// Marks code that must keep time: no allocation, no lock, no log, no exception, no system call.
//
// Every function that the tick thread calls carries TALKPATH_NONBLOCKING where it is declared and where it is
// defined; accessors, named like the field, need not. Clang's effect analysis and RealtimeSanitizer read it;
// everywhere else the tests replace the allocator and the locks by traps that fire while a RealtimeSection is open.
#pragma once

#if defined(__clang__) && __has_cpp_attribute(clang::nonblocking)
#define TALKPATH_NONBLOCKING [[clang::nonblocking]]
#else
#define TALKPATH_NONBLOCKING
#endif

namespace talkpath {

// Open on the tick thread while it works, closed while it sleeps.
class RealtimeSection {
 public:
  RealtimeSection() noexcept { ++depth_; }
  ~RealtimeSection() { --depth_; }
  RealtimeSection(const RealtimeSection&) = delete;
  RealtimeSection& operator=(const RealtimeSection&) = delete;

  static bool Open() noexcept { return depth_ > 0; }

 private:
  static inline thread_local int depth_ = 0;
};

}  // namespace talkpath
