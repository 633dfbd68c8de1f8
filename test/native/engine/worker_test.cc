#include "engine/worker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "base/clock.h"
#include "support/build.h"
#include "support/waiting.h"

namespace talkpath {
namespace {

using namespace test;

std::unique_ptr<Session> NewSession() { return std::move(*Session::Create({})); }

uint64_t Ticks(const TickHistogram& histogram) { return std::accumulate(histogram.counts.begin(), histogram.counts.end(), uint64_t{0}); }

TEST(Worker, GivesASessionAFrameEvery20Milliseconds) {
  const auto session = NewSession();
  Worker worker(MonotonicNs());
  ASSERT_TRUE(worker.Start(false));
  const int64_t started_ns = MonotonicNs();
  ASSERT_TRUE(worker.Add(session.get()));
  ASSERT_TRUE(WaitUntil([&] { return session->Snapshot().frames_out >= 15; }));
  const double elapsed_ms = static_cast<double>(MonotonicNs() - started_ns) / kNsPerMs;
  EXPECT_GE(elapsed_ms, 14 * kFrameMs) << "not in a burst";
  worker.Stop();
}

TEST(Worker, GivesFramesInTheSameTicksHoweverLateEachTickIs) {
  const int64_t epoch_ns = MonotonicNs();
  for (int start = 0; start < 20; ++start) {
    SleepUntilNs(MonotonicNs() + 700'000);  // another place between two ticks
    Worker worker(epoch_ns);
    const auto session = NewSession();
    ASSERT_TRUE(worker.Add(session.get()));
    const int64_t begin = (MonotonicNs() - epoch_ns) / kTickNs + 2;
    std::vector<uint64_t> frames;
    for (int64_t tick = begin; tick < begin + 100; ++tick) {
      session->Tick(epoch_ns + tick * kTickNs + (tick % 3 == 0 ? 8 * kNsPerMs : 0));
      frames.push_back(session->Snapshot().frames_out);
      std::array<int16_t, SamplesPerFrame(8000)> line;
      (void)session->DrainToLine(line);
    }
    for (size_t i = 10; i < frames.size(); ++i) ASSERT_EQ(frames[i], frames[i - 2] + 1) << "tick " << i;
  }
}

TEST(Worker, TicksEverySessionThatItHolds) {
  std::vector<std::unique_ptr<Session>> sessions;
  for (int i = 0; i < 5; ++i) sessions.push_back(NewSession());
  Worker worker(MonotonicNs());
  ASSERT_TRUE(worker.Start(false));
  for (const auto& session : sessions) ASSERT_TRUE(worker.Add(session.get()));
  const auto frames = [](const auto& session) { return session->Snapshot().frames_out; };
  EXPECT_TRUE(WaitUntil([&] { return std::ranges::all_of(sessions, [&](const auto& session) { return frames(session) >= 3; }); }));
  worker.Remove(sessions[0].get());
  ASSERT_TRUE(WaitUntil([&] { return worker.Released(sessions[0].get()); }));
  const uint64_t then = frames(sessions[4]);
  EXPECT_TRUE(WaitUntil([&] { return frames(sessions[4]) >= then + 3; })) << "behind a slot that is empty";
  worker.Stop();
}

TEST(Worker, TicksPunctuallyMoreOftenThanNot) {
  Worker worker(MonotonicNs());
  ASSERT_TRUE(worker.Start(false));
  ASSERT_TRUE(WaitUntil([&] { return Ticks(worker.Lateness()) >= 40; }));
  worker.Stop();
  const TickHistogram lateness = worker.Lateness();
  const uint64_t within_5_ms = std::accumulate(lateness.counts.begin(), lateness.counts.begin() + 6, uint64_t{0});
  EXPECT_GT(2 * within_5_ms, Ticks(lateness));
  EXPECT_EQ(Ticks(worker.Duration()), Ticks(lateness));
}

TEST(Worker, CountsItsTicksFromTheEpoch) {
  const int64_t epoch_ns = MonotonicNs() - 1000 * kTickNs;
  Worker worker(epoch_ns);
  EXPECT_EQ(worker.finished_tick(), -1);
  ASSERT_TRUE(worker.Start(false));
  ASSERT_TRUE(WaitUntil([&] { return worker.finished_tick() > 1000; }));
  EXPECT_LE(worker.finished_tick(), (MonotonicNs() - epoch_ns) / kTickNs);
  worker.Stop();
}

TEST(Worker, LetsGoOfASessionThatWasRemoved) {
  auto session = NewSession();
  Worker worker(MonotonicNs());
  ASSERT_TRUE(worker.Start(false));
  ASSERT_TRUE(worker.Add(session.get()));
  EXPECT_EQ(worker.session_count(), 1u);
  EXPECT_FALSE(worker.Released(session.get()));
  worker.Remove(session.get());
  ASSERT_TRUE(WaitUntil([&] { return worker.Released(session.get()); }));
  const uint64_t frames = session->Snapshot().frames_out;
  const int64_t tick = worker.finished_tick();
  ASSERT_TRUE(WaitUntil([&] { return worker.finished_tick() >= tick + 4; }));
  EXPECT_EQ(session->Snapshot().frames_out, frames) << "it is not touched any more";
  EXPECT_EQ(worker.session_count(), 0u);
  session.reset();
  ASSERT_TRUE(WaitUntil([&] { return worker.finished_tick() >= tick + 6; }));
  worker.Stop();
}

TEST(Worker, TakesSessionsForAsLongAsItHasSlots) {
  const auto session = NewSession();
  Worker worker(MonotonicNs());  // not started: nothing ticks the one session that stands for all
  for (size_t i = 0; i < kMaxSessionsPerWorker; ++i) ASSERT_TRUE(worker.Add(session.get()));
  EXPECT_FALSE(worker.Add(session.get()));
  EXPECT_EQ(worker.session_count(), kMaxSessionsPerWorker);
}

TEST(Worker, GivesASlotToAnotherSessionOnceItIsFree) {
  Worker worker(MonotonicNs());
  ASSERT_TRUE(worker.Start(false));
  for (int i = 0; i < Shortened(20, 10); ++i) {
    const auto session = NewSession();
    ASSERT_TRUE(worker.Add(session.get()));
    worker.Remove(session.get());
    ASSERT_TRUE(WaitUntil([&] { return worker.Released(session.get()); }));
  }
  worker.Stop();
}

TEST(Worker, StopsWithSessionsInsideAndMoreThanOnce) {
  const auto session = NewSession();
  Worker worker(MonotonicNs());
  ASSERT_TRUE(worker.Start(false));
  ASSERT_TRUE(worker.Add(session.get()));
  ASSERT_TRUE(WaitUntil([&] { return session->Snapshot().frames_out > 0; }));
  worker.Stop();
  const uint64_t frames = session->Snapshot().frames_out;
  worker.Stop();
  EXPECT_EQ(session->Snapshot().frames_out, frames);
}

TEST(Worker, SaysSoWhenItMayNotHaveRealtimePriority) {
  Worker worker(MonotonicNs());
  const Result<void> started = worker.Start(true);
  if (!started) {
    EXPECT_NE(started.error().message.find("SCHED_FIFO"), std::string::npos);
  }
  worker.Stop();
}

}  // namespace
}  // namespace talkpath
