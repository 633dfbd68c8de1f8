#include "playout/pacer.h"

#include <gtest/gtest.h>

#include "support/random.h"

namespace talkpath {
namespace {

using test::Random;

constexpr int64_t kStartNs = 1000 * kNsPerSecond;
constexpr int64_t AtMs(int64_t ms) { return kStartNs + ms * kNsPerMs; }

Pacer Started() {
  Pacer pacer;
  pacer.Start(kStartNs);
  return pacer;
}

TEST(Pacer, GivesTheFirstFrameAtOnce) {
  Pacer pacer = Started();
  EXPECT_TRUE(pacer.Advance(kStartNs).due);
}

TEST(Pacer, GivesNothingBeforeItIsDue) {
  Pacer pacer = Started();
  EXPECT_FALSE(pacer.Advance(kStartNs - 1).due);
  EXPECT_TRUE(pacer.Advance(kStartNs).due);
  EXPECT_FALSE(pacer.Advance(AtMs(20) - 1).due);
  EXPECT_TRUE(pacer.Advance(AtMs(20)).due);
}

TEST(Pacer, GivesAFrameEverySecondTick) {
  Pacer pacer = Started();
  for (int tick = 0; tick < 1000; ++tick) EXPECT_EQ(pacer.Advance(AtMs(10 * tick)).due, tick % 2 == 0);
}

TEST(Pacer, MakesALateTickGoodOneFrameATick) {
  Pacer pacer = Started();
  (void)pacer.Advance(AtMs(0));
  // 20, 40 and 60 are due at once; each of the following ticks gives one.
  EXPECT_TRUE(pacer.Advance(AtMs(65)).due);
  EXPECT_TRUE(pacer.Advance(AtMs(70)).due);
  EXPECT_TRUE(pacer.Advance(AtMs(80)).due);
  EXPECT_TRUE(pacer.Advance(AtMs(90)).due);  // that of 80
  EXPECT_FALSE(pacer.Advance(AtMs(95)).due);
  EXPECT_TRUE(pacer.Advance(AtMs(100)).due);
}

TEST(Pacer, DoesNotDriftWhenTicksAreNeverPunctual) {
  Random random(1);
  Pacer pacer = Started();
  int frames = 0;
  for (int tick = 0; tick <= 100'000; ++tick) frames += pacer.Advance(AtMs(10 * tick) + random.Between(0, 9'000'000)).due;
  EXPECT_EQ(frames, 50'001);
}

TEST(Pacer, GivesUpFramesOnlyAfterALongStop) {
  Pacer pacer = Started();
  EXPECT_EQ(pacer.Advance(AtMs(100)).given_up, 0);
  pacer = Started();
  EXPECT_EQ(pacer.Advance(AtMs(101)).given_up, 5);
}

TEST(Pacer, CountsEveryFrameAsGivenOrGivenUp) {
  Random random(2);
  Pacer pacer = Started();
  int64_t frames = 0;
  int64_t given_up = 0;
  int64_t ms = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Pacer::Verdict verdict = pacer.Advance(AtMs(ms));
    frames += verdict.due;
    given_up += verdict.given_up;
    ms += random.Chance(0.01) ? random.Between(10, 5000) : 10;
  }
  for (; pacer.Advance(AtMs(ms)).due;) ++frames;
  EXPECT_EQ(frames + given_up, ms / kFrameMs + 1);
}

TEST(Pacer, IsBackOnItsGridAfterAStop) {
  Pacer pacer = Started();
  (void)pacer.Advance(AtMs(0));
  EXPECT_TRUE(pacer.Advance(AtMs(5007)).due);
  EXPECT_FALSE(pacer.Advance(AtMs(5019)).due);
  EXPECT_TRUE(pacer.Advance(AtMs(5020)).due);
}

}  // namespace
}  // namespace talkpath
