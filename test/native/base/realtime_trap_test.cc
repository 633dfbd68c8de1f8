// The trap itself: what it must catch, and what it must let pass.
#include "support/realtime_trap.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/realtime.h"
#include "support/build.h"
#include "support/syscall_trap.h"

namespace talkpath::test {
namespace {

// The address and thread sanitizers put their own allocator and their own locks and calls in the place where the
// trap stands in a plain build; of an allocation they tell it by a hook, of the rest they do not.
constexpr char kSanitizerStandsThere[] =
    "this sanitizer replaces what the trap replaces, and tells it of malloc and free alone: the plain build runs this "
    "test, and the realtime build its like against RealtimeSanitizer";
constexpr char kNoSyscallDispatch[] =
    "a sanitizer makes system calls of its own, and this kernel may not hand them over: the plain build runs this test";

// Whether `action`, run while a section is open, is seen; the report is then taken, so that the test passes.
template <typename Action>
bool Caught(Action action, const std::string& what) {
  {
    const RealtimeSection section;
    action();
  }
  const bool seen = RealtimeTrap::violations() > 0;
  const std::string report = RealtimeTrap::Take();
  return seen && report.find(what) != std::string::npos;
}

// The compiler knows that malloc looks at no variable of ours, and would take the section away around it.
[[gnu::noipa]] void* Malloc() { return std::malloc(10); }
[[gnu::noipa]] void Delete(int* value) { delete value; }
[[gnu::noipa]] void Allocate() {
  std::vector<int>* volatile values = new std::vector<int>(100);
  delete values;
}

TEST(RealtimeTrap, CatchesNew) { EXPECT_TRUE(Caught(Allocate, "malloc")); }

TEST(RealtimeTrap, CatchesDelete) {
  int* value = new int(1);
  EXPECT_TRUE(Caught([&] { Delete(value); }, "free"));
}

TEST(RealtimeTrap, CatchesMalloc) {
  void* memory = nullptr;
  EXPECT_TRUE(Caught([&] { memory = Malloc(); }, "malloc"));
  std::free(memory);
}

TEST(RealtimeTrap, CatchesAlignedAllocation) {
  if (kSanitized) GTEST_SKIP() << kSanitizerStandsThere;
  void* memory = nullptr;
  EXPECT_TRUE(Caught([&] { EXPECT_EQ(posix_memalign(&memory, 64, 64), 0); }, "posix_memalign"));
  std::free(memory);
}

TEST(RealtimeTrap, CatchesALock) {
  if (kSanitized) GTEST_SKIP() << kSanitizerStandsThere;
  std::mutex mutex;
  EXPECT_TRUE(Caught([&] { const std::lock_guard lock(mutex); }, "pthread_mutex_lock"));
}

TEST(RealtimeTrap, CatchesAWrite) {
  if (kSanitized) GTEST_SKIP() << kSanitizerStandsThere;
  EXPECT_TRUE(Caught([] { EXPECT_EQ(write(STDERR_FILENO, "", 0), 0); }, "write"));
}

TEST(RealtimeTrap, CatchesASleep) {
  if (kSanitized) GTEST_SKIP() << kSanitizerStandsThere;
  EXPECT_TRUE(Caught([] { usleep(1); }, "usleep"));
}

TEST(RealtimeTrap, SaysWhereItHappened) {
  {
    const RealtimeSection section;
    Allocate();
  }
  EXPECT_NE(RealtimeTrap::Take().find("Allocate()"), std::string::npos);
}

TEST(RealtimeTrap, LetsEverythingPassOutsideASection) {
  { const RealtimeSection section; }
  Allocate();
  std::mutex mutex;
  { const std::lock_guard lock(mutex); }
  EXPECT_EQ(RealtimeTrap::violations(), 0u);
}

TEST(RealtimeTrap, LetsOtherThreadsDoAsTheyLike) {
  std::atomic<bool> open{false};
  std::atomic<bool> done{false};
  std::thread other([&] {
    while (!open) std::this_thread::yield();
    Allocate();
    done = true;
  });
  {
    const RealtimeSection section;
    open = true;
    while (!done) {
    }
  }
  other.join();
  EXPECT_EQ(RealtimeTrap::violations(), 0u);
}

TEST(SyscallTrap, CatchesACallThatNoLibraryCouldSee) {
  if (!SyscallTrap::Available()) GTEST_SKIP() << kNoSyscallDispatch;
  pid_t parent = 0;
  {
    const SyscallTrap trap;
    parent = getppid();
  }
  EXPECT_EQ(RealtimeTrap::violations(), 1u);
  EXPECT_NE(RealtimeTrap::Take().find("system call"), std::string::npos);
  EXPECT_EQ(parent, getppid()) << "the call is made all the same";
}

TEST(SyscallTrap, LetsTheClockBeRead) {
  if (!SyscallTrap::Available()) GTEST_SKIP() << kNoSyscallDispatch;
  int64_t now_ns = 0;
  {
    const SyscallTrap trap;
    now_ns = MonotonicNs();
  }
  EXPECT_GT(now_ns, 0);
  EXPECT_EQ(RealtimeTrap::violations(), 0u);
}

}  // namespace
}  // namespace talkpath::test
