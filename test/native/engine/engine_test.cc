#include "engine/engine.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "support/build.h"
#include "support/signals.h"
#include "support/waiting.h"

namespace talkpath {
namespace {

using namespace test;

std::unique_ptr<Engine> Started(int workers = 1) { return std::move(*Engine::Create({.workers = workers})); }

TEST(Engine, NamesTheSettingThatItRefuses) {
  for (int workers : {0, -1, 65}) {
    const auto engine = Engine::Create({.workers = workers});
    ASSERT_FALSE(engine);
    EXPECT_NE(engine.error().message.find("engine.workers"), std::string::npos);
    EXPECT_NE(engine.error().message.find(std::to_string(workers)), std::string::npos);
  }
}

TEST(Engine, StartsTheClockOfASessionAtOnce) {
  const auto engine = Started();
  const auto session = engine->Hold(*engine->Open({}));
  ASSERT_TRUE(session);
  EXPECT_TRUE(WaitUntil([&] { return session->Snapshot().frames_out >= 3; }));
}

TEST(Engine, CarriesAudioFromTheAgentToTheLine) {
  const auto engine = Started();
  const auto session = engine->Hold(*engine->Open({}));
  session->AttachAgent(8000, 40);
  ASSERT_EQ(session->PushFromAgent(1, Ramp(1, 3200), 8000, true), 3200u);
  Pcm heard;
  ASSERT_TRUE(WaitUntil([&] {
    Pcm samples(1600);
    samples.resize(session->DrainToLine(samples));
    heard.insert(heard.end(), samples.begin(), samples.end());
    return std::ranges::find(heard, 3200) != heard.end();
  }));
  const auto first = std::ranges::find(heard, 1);
  EXPECT_EQ(Pcm(first, first + 3200), Ramp(1, 3200));
}

TEST(Engine, RefusesASessionWhoseSettingsAreWrong) {
  const auto engine = Started();
  const auto id = engine->Open({.line_rate_hz = 7});
  ASSERT_FALSE(id);
  EXPECT_NE(id.error().message.find("line_rate_hz"), std::string::npos);
  EXPECT_EQ(engine->Snapshot().sessions, 0u);
}

TEST(Engine, NeverGivesAnIdTwice) {
  const auto engine = Started();
  std::set<Engine::SessionId> ids;
  for (int i = 0; i < 20; ++i) {
    const Engine::SessionId id = *engine->Open({});
    EXPECT_TRUE(ids.insert(id).second);
    if (i % 2 == 0) engine->Close(id);
  }
}

TEST(Engine, KnowsOnlyOpenSessions) {
  const auto engine = Started();
  EXPECT_FALSE(engine->Hold(1));
  const Engine::SessionId id = *engine->Open({});
  EXPECT_TRUE(engine->Hold(id));
  engine->Close(id);
  EXPECT_FALSE(engine->Hold(id));
}

TEST(Engine, StopsASessionThatIsClosedAndKeepsItForItsHolder) {
  const auto engine = Started();
  const Engine::SessionId id = *engine->Open({});
  const auto session = engine->Hold(id);
  ASSERT_TRUE(WaitUntil([&] { return session->Snapshot().frames_out > 0; }));
  engine->Close(id);
  engine->Close(id);
  // Two ticks later nothing moves any more.
  uint64_t frames = 0;
  ASSERT_TRUE(WaitUntil([&] {
    const uint64_t before = session->Snapshot().frames_out;
    SleepUntilNs(MonotonicNs() + 5 * kTickNs);
    frames = session->Snapshot().frames_out;
    return frames == before;
  }));
  EXPECT_EQ(session->PushFromLine(Ramp(0, 160), 8000), 160u);
  EXPECT_EQ(session->Snapshot().frames_out, frames);
}

TEST(Engine, FreesAClosedSessionOnceItsLastHoldIsGone) {
  const auto engine = Started();
  const Engine::SessionId id = *engine->Open({});
  auto held = engine->Hold(id);
  const std::weak_ptr<Session> watched = held;
  engine->Close(id);
  ASSERT_TRUE(WaitUntil([&] { return engine->Snapshot().sessions == 0 && watched.use_count() == 1; })) << "only ours is left";
  held.reset();
  EXPECT_TRUE(watched.expired());
}

TEST(Engine, CountsSessions) {
  const auto engine = Started(2);
  const Engine::SessionId first = *engine->Open({});
  ASSERT_TRUE(engine->Open({}));
  engine->Close(first);
  const EngineSnapshot snapshot = engine->Snapshot();
  EXPECT_EQ(snapshot.sessions, 1u);
  EXPECT_EQ(snapshot.sessions_created, 2u);
  EXPECT_EQ(snapshot.tick_lateness.size(), 2u);
  EXPECT_EQ(snapshot.tick_duration.size(), 2u);
}

TEST(Engine, EndsWithSessionsOpenAndLeavesThemToTheirHolders) {
  std::shared_ptr<Session> session;
  {
    const auto engine = Started(2);
    session = engine->Hold(*engine->Open({}));
    ASSERT_TRUE(engine->Open({}));
    ASSERT_TRUE(WaitUntil([&] { return session->Snapshot().frames_out > 0; }));
  }
  const uint64_t frames = session->Snapshot().frames_out;
  EXPECT_EQ(session->PushFromLine(Ramp(0, 160), 8000), 160u);
  EXPECT_EQ(session->Snapshot().frames_out, frames);
}

// Calls as they are: each with a thread at either end, while others come and go.
TEST(Engine, LetsCallsComeAndGoFromManyThreads) {
  const auto engine = Started(2);
  std::atomic<bool> over{false};
  std::atomic<int> calls{0};
  std::atomic<uint64_t> frames{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 3; ++thread) {
    threads.emplace_back([&, thread] {
      Random random(static_cast<uint64_t>(thread));
      while (!over) {
        const Engine::SessionId id = *engine->Open({.line_rate_hz = kLineRatesHz[static_cast<size_t>(random.Between(0, 2))]});
        const auto session = engine->Hold(id);
        std::thread agent_end([&, seed = random.Next()] {
          Random luck(seed);
          session->AttachAgent(kStreamRatesHz[static_cast<size_t>(luck.Between(0, 7))], 40);
          Pcm samples(4096);
          for (uint32_t turn = 1; turn < 8; ++turn) {
            (void)session->PushFromAgent(turn, Ramp(0, 2000), kStreamRatesHz[static_cast<size_t>(luck.Between(0, 7))], true);
            (void)session->Send({.type = static_cast<SessionCommandType>(luck.Between(0, 4)), .turn = turn});
            (void)session->DrainToAgent(samples);
            while (session->NextEvent()) {
            }
            SleepUntilNs(MonotonicNs() + luck.Between(0, 15) * kNsPerMs);
          }
        });
        Pcm samples(4096);
        for (int i = 0; i < 10; ++i) {
          (void)session->PushFromLine(Ramp(0, 300), 8000);
          (void)session->DrainToLine(samples);
          (void)engine->Snapshot();
          SleepUntilNs(MonotonicNs() + random.Between(0, 15) * kNsPerMs);
        }
        if (random.Chance(0.5)) engine->Close(id);
        agent_end.join();
        frames += session->Snapshot().frames_out;
        engine->Close(id);
        ++calls;
      }
    });
  }
  EXPECT_TRUE(WaitUntil([&] { return calls >= Shortened(30, 15); }));
  over = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(frames, 0u);
  EXPECT_TRUE(WaitUntil([&] { return engine->Snapshot().sessions == 0; }));
}

}  // namespace
}  // namespace talkpath
