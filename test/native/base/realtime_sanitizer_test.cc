// RealtimeSanitizer itself: each thing that real-time code may not do ends the program with a report. Built in
// the realtime build alone; if it reported nothing here, its silence elsewhere would prove nothing.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/realtime.h"

namespace talkpath {
namespace {

constexpr int kReportExitCode = 43;

// The compiler knows what malloc does, and leaves one out that nobody uses.
[[gnu::noinline]] void* Allocate() {
  void* volatile memory = std::malloc(10);
  return memory;
}

// Does what the tick thread may not, as a function of it would. The compiler, which would refuse, is not asked.
void InRealTime(const std::function<void()>& action) noexcept TALKPATH_NONBLOCKING { TALKPATH_UNMARKED(action()); }

// Whether the program ends for `action` with a report that has `what` in it.
void ExpectReport(const std::function<void()>& action, const std::string& what) {
  EXPECT_EXIT(InRealTime(action), testing::ExitedWithCode(kReportExitCode), "RealtimeSanitizer: (unsafe-library|blocking)-call(.|\n)*" + what);
}

TEST(RealtimeSanitizer, ReportsAnAllocation) {
  ExpectReport([] { (void)Allocate(); }, "malloc");
  ExpectReport([] { std::vector<int>* volatile values = new std::vector<int>(100); (void)values; }, "malloc");
}

TEST(RealtimeSanitizer, ReportsARelease) {
  int* value = new int(1);
  ExpectReport([&] { delete value; }, "free");
  delete value;
}

TEST(RealtimeSanitizer, ReportsALock) {
  std::mutex mutex;
  ExpectReport([&] { const std::lock_guard lock(mutex); }, "pthread_mutex_lock");
}

TEST(RealtimeSanitizer, ReportsASleep) {
  ExpectReport([] { usleep(1); }, "usleep");
  ExpectReport([] { SleepUntilNs(MonotonicNs() + 1000); }, "SleepUntilNs");
}

TEST(RealtimeSanitizer, ReportsAWrite) {
  ExpectReport([] { (void)!write(STDERR_FILENO, "", 0); }, "write");
}

TEST(RealtimeSanitizer, LetsWhatKeepsTimePass) {
  int64_t now_ns = 0;
  InRealTime([&] { now_ns = MonotonicNs(); });
  EXPECT_GT(now_ns, 0);
  std::free(Allocate());
}

}  // namespace
}  // namespace talkpath
