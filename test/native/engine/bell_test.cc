#include "engine/bell.h"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <thread>

#include "engine/engine.h"
#include "support/build.h"
#include "support/signals.h"
#include "support/waiting.h"

namespace talkpath {
namespace {

using namespace test;

std::unique_ptr<Engine> Started(int workers = 1) { return std::move(*Engine::Create({.workers = workers})); }

TEST(Bell, RingsAtMostOnceATickForAllSessionsTogether) {
  const auto engine = Started(2);
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(engine->Open({}));
  std::atomic<int> rings{0};
  const int64_t from_ns = MonotonicNs();
  engine->bell().AddDoorbell(Bell::When::kAtOnce, [&] { ++rings; });
  ASSERT_TRUE(WaitUntil([&] { return rings >= 20; }));
  const int64_t ticks = (MonotonicNs() - from_ns) / kTickNs + 2;
  EXPECT_LE(rings, ticks);
}

TEST(Bell, RingsNobodyWhileThereIsNoSession) {
  const auto engine = Started();
  std::atomic<int> rings{0};
  engine->bell().AddDoorbell(Bell::When::kAtOnce, [&] { ++rings; });
  const auto ticks = [&] {
    const EngineSnapshot snapshot = engine->Snapshot();
    const auto& counts = snapshot.tick_duration[0].counts;
    return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
  };
  const uint64_t before = ticks();
  ASSERT_TRUE(WaitUntil([&] { return ticks() >= before + 10; }));
  EXPECT_EQ(rings, 0);
}

TEST(Bell, RingsEveryDoorbell) {
  const auto engine = Started();
  ASSERT_TRUE(engine->Open({}));
  std::atomic<int> media{0};
  std::atomic<int> control{0};
  engine->bell().AddDoorbell(Bell::When::kSteadily, [&] { ++media; });
  engine->bell().AddDoorbell(Bell::When::kAtOnce, [&] { ++control; });
  ASSERT_TRUE(WaitUntil([&] { return media >= 5 && control >= 5; }));
}

TEST(Bell, RingsThoseWhoTakeAudioOnNoLaterThanThoseWhoKeepTheLinesTime) {
  const auto engine = Started();
  ASSERT_TRUE(engine->Open({}));
  std::atomic<int> at_once{0};
  std::atomic<int> steady{0};
  std::atomic<int> late{0};
  engine->bell().AddDoorbell(Bell::When::kSteadily, [&] {
    ++steady;
    late += at_once < steady;
  });
  engine->bell().AddDoorbell(Bell::When::kAtOnce, [&] { ++at_once; });
  ASSERT_TRUE(WaitUntil([&] { return steady >= 20; }));
  EXPECT_LE(late, 1) << "but for a tick in which only one of them was there";
}

TEST(Bell, NeverRingsADoorbellThatWasRemoved) {
  const auto engine = Started();
  ASSERT_TRUE(engine->Open({}));
  std::atomic<int> removed{0};
  std::atomic<int> kept{0};
  const int number = engine->bell().AddDoorbell(Bell::When::kAtOnce, [&] { ++removed; });
  engine->bell().AddDoorbell(Bell::When::kAtOnce, [&] { ++kept; });
  ASSERT_TRUE(WaitUntil([&] { return removed > 0; }));
  engine->bell().RemoveDoorbell(number);
  const int rings = removed;
  const int kept_then = kept;
  ASSERT_TRUE(WaitUntil([&] { return kept >= kept_then + 10; }));
  EXPECT_EQ(removed, rings);
}

// Whoever drains at each ring, and only then, gets every frame.
TEST(Bell, RingsAfterEachFrameThatWasMade) {
  const auto engine = Started();
  const auto session = engine->Hold(*engine->Open({}));
  std::atomic<uint64_t> drained{0};
  std::atomic<uint64_t> most_at_once{0};
  engine->bell().AddDoorbell(Bell::When::kAtOnce, [&] {
    Pcm samples(64 * 160);
    const uint64_t frames = session->DrainToLine(samples) / 160;
    drained += frames;
    most_at_once = std::max<uint64_t>(most_at_once, frames);
  });
  ASSERT_TRUE(WaitUntil([&] { return drained >= 25; }));
  EXPECT_LE(session->Snapshot().frames_out - drained, 10u) << "none waits for long";
  EXPECT_EQ(session->Snapshot().gaps[static_cast<size_t>(GapCause::kLineBackPressure)].ms, 0.0);
}

TEST(Bell, LetsDoorbellsComeAndGoWhileItRings) {
  const auto engine = Started();
  ASSERT_TRUE(engine->Open({}));
  std::atomic<int> rings{0};
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!over) {
        const int number = engine->bell().AddDoorbell(Bell::When::kAtOnce, [&] { ++rings; });
        std::this_thread::yield();
        engine->bell().RemoveDoorbell(number);
      }
    });
  }
  ASSERT_TRUE(WaitUntil([&] { return rings >= 20; }));
  over = true;
  for (std::thread& thread : threads) thread.join();
}

TEST(Bell, StopsMoreThanOnce) {
  const auto engine = Started();
  ASSERT_TRUE(engine->Open({}));
  std::atomic<int> rings{0};
  engine->bell().AddDoorbell(Bell::When::kAtOnce, [&] { ++rings; });
  ASSERT_TRUE(WaitUntil([&] { return rings > 0; }));
  engine->bell().Stop();
  const int then = rings;
  engine->bell().Stop();
  EXPECT_EQ(rings, then);
}

}  // namespace
}  // namespace talkpath
