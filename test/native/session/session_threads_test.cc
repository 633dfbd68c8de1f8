// A session between its three threads, each as fast as it can: far more meetings than a real call has.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/clock.h"
#include "session/session.h"
#include "support/build.h"
#include "support/signals.h"

namespace talkpath {
namespace {

using namespace test;

class SessionThreads : public testing::Test {
 protected:
  // Ticks on a simulated clock until the ends are done.
  void TickUntil(const std::atomic<int>& ends_at_work) {
    for (; ends_at_work > 0; now_ns_ += kBlockMs * kNsPerMs) session_->Tick(now_ns_);
    for (int i = 0; i < 20; ++i, now_ns_ += kBlockMs * kNsPerMs) session_->Tick(now_ns_);
  }

  std::unique_ptr<Session> session_ = std::move(*Session::Create({}));
  int64_t now_ns_ = 5000 * kNsPerSecond;
};

TEST_F(SessionThreads, AccountForEverySampleAndEveryFrame) {
  session_->Start(now_ns_);
  const int rounds = Shortened(400'000, 40'000);
  std::atomic<int> ends_at_work{2};
  uint64_t line_sent = 0;
  uint64_t line_heard = 0;
  uint64_t agent_heard = 0;

  std::thread line_end([&] {
    Random random(1);
    Pcm samples(4096);
    for (int i = 0; i < rounds; ++i) {
      line_sent += session_->PushFromLine(Pcm(static_cast<size_t>(random.Between(1, 500)), 100), random.Chance(0.5) ? 8000 : 16000);
      line_heard += session_->DrainToLine(samples);
      (void)session_->Snapshot();
    }
    --ends_at_work;
  });
  std::thread agent_end([&] {
    Random random(2);
    Pcm samples(4096);
    session_->AttachAgent(8000, 40);
    uint32_t turn = 1;
    for (int i = 0; i < rounds; ++i) {
      const bool ends = random.Chance(0.05);
      (void)session_->PushFromAgent(turn, Pcm(static_cast<size_t>(random.Between(0, 500)), 100), random.Chance(0.1) ? 24000 : 8000, ends);
      if (random.Chance(0.02)) (void)session_->Send({.type = static_cast<SessionCommandType>(random.Between(0, 4)), .turn = turn});
      turn += ends;
      agent_heard += session_->DrainToAgent(samples);
      while (session_->NextEvent()) {
      }
    }
    --ends_at_work;
  });
  TickUntil(ends_at_work);
  line_end.join();
  agent_end.join();

  Pcm samples(16384);
  for (size_t count; (count = session_->DrainToLine(samples)) > 0;) line_heard += count;
  for (size_t count; (count = session_->DrainToAgent(samples)) > 0;) agent_heard += count;
  const SessionSnapshot snapshot = session_->Snapshot();
  EXPECT_EQ(snapshot.line_samples_in, line_sent);
  EXPECT_EQ(snapshot.frames_out * 160, line_heard);
  EXPECT_EQ((agent_heard + snapshot.agent_samples_dropped) % 80, 0u) << "whole blocks";
  EXPECT_GT(agent_heard, 0u);
}

// The agent does not know when the tick runs its flush, and goes on sending the turn.
TEST_F(SessionThreads, PlayNothingMoreOnceEveryTurnIsFlushed) {
  session_->Start(now_ns_);
  session_->AttachAgent(8000, 20);
  const uint32_t turns = static_cast<uint32_t>(Shortened(20'000, 2'000));
  std::atomic<int> ends_at_work{1};
  bool heard_something = false;
  int heard_of_the_dead = 0;
  std::thread ends([&] {
    Pcm samples(4096);
    for (uint32_t turn = 1; turn <= turns; ++turn) {
      (void)session_->PushFromAgent(turn, Pcm(640, 1000), 8000, false);
      while (!session_->Send({.type = SessionCommandType::kFlush, .turn = turn})) std::this_thread::yield();
      (void)session_->PushFromAgent(turn, Pcm(320, 1000), 8000, false);
      const size_t count = session_->DrainToLine(samples);
      heard_something = heard_something || std::ranges::count(std::span(samples).first(count), 1000) > 0;
      while (session_->NextEvent()) {
      }
    }
    for (int frames = 0; frames < 100;) {  // what is on its way, a last fade, and then nothing
      const size_t count = session_->DrainToLine(samples);
      frames += static_cast<int>(count / 160);
      for (size_t i = 0; i < count && frames > 80; ++i) heard_of_the_dead += samples[i] != 0;
    }
    --ends_at_work;
  });
  TickUntil(ends_at_work);
  ends.join();
  EXPECT_TRUE(heard_something);
  EXPECT_EQ(heard_of_the_dead, 0);
  EXPECT_EQ(session_->Snapshot().playout_depth_ms, 0.0);
}

}  // namespace
}  // namespace talkpath
