// Marks code that must keep time: no allocation, no lock, no log, no exception, no system call.
//
// Every function that the tick thread calls carries TALKPATH_NONBLOCKING where it is declared and where it is
// defined; accessors, named like the field, need not. Clang's effect analysis and RealtimeSanitizer read it;
// everywhere else the tests replace the allocator and the locks by traps that fire while a RealtimeSection is open.
#pragma once

#if defined(__clang__) && __has_cpp_attribute(clang::nonblocking)
#define TALKPATH_NONBLOCKING [[clang::nonblocking]]
#define TALKPATH_BLOCKING [[clang::blocking]]  // waits: not to be called from there
#else
#define TALKPATH_NONBLOCKING
#define TALKPATH_BLOCKING
#endif

// A call into a library that carries no such mark: the effect analysis passes over it. What the library does is
// seen when it runs, by RealtimeSanitizer and by the traps.
#ifdef __clang__
#define TALKPATH_UNMARKED(...)                                                                 \
  _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wunknown-warning-option\"") \
  _Pragma("clang diagnostic ignored \"-Wfunction-effects\"") __VA_ARGS__ _Pragma("clang diagnostic pop")
#else
#define TALKPATH_UNMARKED(...) __VA_ARGS__
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
