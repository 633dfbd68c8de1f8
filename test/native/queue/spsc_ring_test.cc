#include "queue/spsc_ring.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <numeric>
#include <thread>
#include <vector>

#include "support/build.h"
#include "support/random.h"

namespace talkpath {
namespace {

using test::Random;

std::vector<int> Counted(int first, size_t count) {
  std::vector<int> values(count);
  std::iota(values.begin(), values.end(), first);
  return values;
}

TEST(SpscRing, HoldsAtLeastWhatItWasAskedTo) {
  for (size_t capacity : {1u, 2u, 3u, 100u, 128u, 129u}) {
    SpscRing<int> ring(capacity);
    EXPECT_GE(ring.capacity(), capacity);
    EXPECT_EQ(ring.Write(Counted(0, 1000)), ring.capacity());
  }
}

TEST(SpscRing, GivesBackWhatWasPutInInOrder) {
  SpscRing<int> ring(16);
  ASSERT_EQ(ring.Write(Counted(5, 10)), 10u);
  std::vector<int> out(10);
  ASSERT_EQ(ring.Read(out), 10u);
  EXPECT_EQ(out, Counted(5, 10));
}

TEST(SpscRing, TakesWhatFitsAndSaysHowMuch) {
  SpscRing<int> ring(8);
  EXPECT_EQ(ring.Write(Counted(0, 6)), 6u);
  EXPECT_EQ(ring.Write(Counted(6, 6)), 2u);
  EXPECT_EQ(ring.Write(Counted(9, 1)), 0u);
  std::vector<int> out(8);
  ASSERT_EQ(ring.Read(out), 8u);
  EXPECT_EQ(out, Counted(0, 8));
}

TEST(SpscRing, GivesWhatIsThereAndSaysHowMuch) {
  SpscRing<int> ring(8);
  ASSERT_EQ(ring.Write(Counted(0, 3)), 3u);
  std::vector<int> out(8, -1);
  EXPECT_EQ(ring.Read(out), 3u);
  EXPECT_EQ(out[3], -1) << "nothing is written beyond what was read";
  EXPECT_EQ(ring.Read(out), 0u);
}

TEST(SpscRing, KeepsOrderWhereItWrapsAround) {
  SpscRing<int> ring(8);
  int written = 0;
  int read = 0;
  for (int round = 0; round < 100; ++round) {
    const size_t count = 1 + static_cast<size_t>(round % 7);
    written += static_cast<int>(ring.Write(Counted(written, count)));
    std::vector<int> out(count);
    const size_t got = ring.Read(out);
    for (size_t i = 0; i < got; ++i) ASSERT_EQ(out[i], read++);
  }
  EXPECT_EQ(read, written);
}

TEST(SpscRing, DropsUnreadWhatItIsToldTo) {
  SpscRing<int> ring(8);
  ASSERT_EQ(ring.Write(Counted(0, 6)), 6u);
  EXPECT_EQ(ring.Discard(4), 4u);
  std::array<int, 1> out;
  ASSERT_EQ(ring.Read(out), 1u);
  EXPECT_EQ(out[0], 4);
  EXPECT_EQ(ring.Discard(10), 1u) << "no more than is there";
}

TEST(SpscRing, CountsFreeSpaceAndWhatIsAvailable) {
  SpscRing<int> ring(8);
  EXPECT_EQ(ring.FreeSpace(), 8u);
  EXPECT_EQ(ring.Available(), 0u);
  ASSERT_EQ(ring.Write(Counted(0, 5)), 5u);
  EXPECT_EQ(ring.FreeSpace(), 3u);
  EXPECT_EQ(ring.Available(), 5u);
}

TEST(SpscRing, TakesAndGivesNothingWhenAskedForNothing) {
  SpscRing<int> ring(4);
  EXPECT_EQ(ring.Write({}), 0u);
  EXPECT_EQ(ring.Read({}), 0u);
  EXPECT_EQ(ring.Discard(0), 0u);
}

// Every element carries its number: one lost, doubled, torn or moved would show.
TEST(SpscRing, LosesNothingBetweenTwoThreads) {
  struct Element {
    uint64_t number;
    uint64_t check;
  };
  const uint64_t total = static_cast<uint64_t>(test::Shortened(4'000'000, 400'000));
  constexpr uint64_t kMask = 0x5DEECE66D1234567u;
  SpscRing<Element> ring(1024);
  std::thread writer([&] {
    Random random(1);
    std::array<Element, 300> batch;
    for (uint64_t next = 0; next < total;) {
      const size_t count = std::min<size_t>(static_cast<size_t>(random.Between(1, 300)), total - next);
      for (size_t i = 0; i < count; ++i) batch[i] = {next + i, (next + i) ^ kMask};
      const size_t taken = ring.Write(std::span(batch).first(count));
      if (taken == 0) std::this_thread::yield();
      next += taken;
    }
  });
  Random random(2);
  std::array<Element, 300> batch;
  uint64_t wrong = 0;
  for (uint64_t expected = 0; expected < total;) {
    if (random.Chance(0.05)) {
      expected += ring.Discard(static_cast<size_t>(random.Between(0, 50)));
      continue;
    }
    const size_t count = ring.Read(std::span(batch).first(static_cast<size_t>(random.Between(1, 300))));
    if (count == 0) std::this_thread::yield();
    for (size_t i = 0; i < count; ++i, ++expected) wrong += batch[i].number != expected || batch[i].check != (expected ^ kMask);
  }
  writer.join();
  EXPECT_EQ(wrong, 0u);
  EXPECT_EQ(ring.Available(), 0u);
}

}  // namespace
}  // namespace talkpath
