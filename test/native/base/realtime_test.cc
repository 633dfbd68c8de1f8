#include "base/realtime.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/clock.h"

namespace talkpath {
namespace {

TEST(RealtimeSection, IsOpenFromItsBeginningToTheEndOfItsScope) {
  EXPECT_FALSE(RealtimeSection::Open());
  {
    const RealtimeSection section;
    EXPECT_TRUE(RealtimeSection::Open());
  }
  EXPECT_FALSE(RealtimeSection::Open());
}

TEST(RealtimeSection, StaysOpenUntilTheOutermostEnds) {
  bool open_after_inner = false;
  {
    const RealtimeSection outer;
    { const RealtimeSection inner; }
    open_after_inner = RealtimeSection::Open();
  }
  EXPECT_TRUE(open_after_inner);
}

TEST(RealtimeSection, IsOpenOnItsOwnThreadAlone) {
  std::atomic<bool> asked{false};
  std::atomic<bool> answered{false};
  std::atomic<bool> open_elsewhere{true};
  std::thread other([&] {
    while (!asked) std::this_thread::yield();
    open_elsewhere = RealtimeSection::Open();
    answered = true;
  });
  {
    const RealtimeSection section;
    asked = true;
    while (!answered) {
    }
  }
  other.join();
  EXPECT_FALSE(open_elsewhere);
}

TEST(Clock, NeverGoesBack) {
  int64_t last_ns = MonotonicNs();
  for (int i = 0; i < 10'000; ++i) {
    const int64_t now_ns = MonotonicNs();
    ASSERT_GE(now_ns, last_ns);
    last_ns = now_ns;
  }
}

TEST(Clock, SleepsUntilTheTimeGiven) {
  const int64_t due_ns = MonotonicNs() + 2 * kNsPerMs;
  SleepUntilNs(due_ns);
  EXPECT_GE(MonotonicNs(), due_ns);
}

TEST(Clock, DoesNotSleepForATimeInThePast) {
  const int64_t before_ns = MonotonicNs();
  SleepUntilNs(before_ns - kNsPerSecond);
  EXPECT_LT(MonotonicNs() - before_ns, kNsPerSecond);
}

}  // namespace
}  // namespace talkpath
