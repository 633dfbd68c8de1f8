#include "queue/spsc_queue.h"

#include <gtest/gtest.h>

#include <thread>

#include "support/build.h"

namespace talkpath {
namespace {

TEST(SpscQueue, GivesValuesBackInOrder) {
  SpscQueue<int> queue(4);
  ASSERT_TRUE(queue.TryPush(1));
  ASSERT_TRUE(queue.TryPush(2));
  EXPECT_EQ(queue.TryPop(), 1);
  EXPECT_EQ(queue.TryPop(), 2);
  EXPECT_EQ(queue.TryPop(), std::nullopt);
}

TEST(SpscQueue, RefusesAValueWhenItIsFullAndKeepsTheOthers) {
  SpscQueue<int> queue(2);
  ASSERT_TRUE(queue.TryPush(1));
  ASSERT_TRUE(queue.TryPush(2));
  EXPECT_EQ(queue.FreeSpace(), 0u);
  EXPECT_FALSE(queue.TryPush(3));
  EXPECT_EQ(queue.TryPop(), 1);
  EXPECT_TRUE(queue.TryPush(4));
  EXPECT_EQ(queue.TryPop(), 2);
  EXPECT_EQ(queue.TryPop(), 4);
}

TEST(SpscQueue, HandsEveryValueFromOneThreadToAnother) {
  const int total = test::Shortened(1'000'000, 100'000);
  SpscQueue<int> queue(64);
  std::thread writer([&] {
    for (int next = 0; next < total;) {
      if (queue.TryPush(next)) ++next;
      else std::this_thread::yield();
    }
  });
  int wrong = 0;
  for (int expected = 0; expected < total;) {
    if (const std::optional<int> value = queue.TryPop()) wrong += *value != expected++;
    else std::this_thread::yield();
  }
  writer.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace talkpath
