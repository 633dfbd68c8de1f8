#include "engine/tick_stats.h"

#include <gtest/gtest.h>

#include <numeric>

namespace talkpath {
namespace {

TEST(TickStats, PutsEachTimeIntoTheBucketThatBoundsIt) {
  TickStats stats;
  stats.Record(0);
  stats.Record(100'000);      // 100 µs: the bound belongs to its bucket
  stats.Record(100'001);
  stats.Record(9'999'999);    // below 10 ms
  stats.Record(500'000'000);  // beyond all bounds
  const TickHistogram histogram = stats.Snapshot();
  EXPECT_EQ(histogram.counts[0], 2u);
  EXPECT_EQ(histogram.counts[1], 1u);
  EXPECT_EQ(histogram.counts[6], 1u);
  EXPECT_EQ(histogram.counts.back(), 1u);
  EXPECT_EQ(std::accumulate(histogram.counts.begin(), histogram.counts.end(), uint64_t{0}), 5u);
}

TEST(TickStats, KeepsTheSumAndTheLongest) {
  TickStats stats;
  stats.Record(2'000'000);
  stats.Record(6'000'000);
  stats.Record(1'000'000);
  EXPECT_DOUBLE_EQ(stats.Snapshot().sum_seconds, 0.009);
  EXPECT_DOUBLE_EQ(stats.Snapshot().max_seconds, 0.006);
}

}  // namespace
}  // namespace talkpath
