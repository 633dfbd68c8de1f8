#include "queue/audio_queue.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

#include "support/build.h"
#include "support/random.h"
#include "support/signals.h"

namespace talkpath {
namespace {

using test::Pcm;
using test::Ramp;
using test::Random;

TEST(AudioQueue, SaysRateAndTurnOfTheSamplesThatFollow) {
  AudioQueue queue(1000, 10);
  ASSERT_EQ(queue.Write({.rate_hz = 24000, .turn = 3}, Ramp(100, 50)), 50u);
  const std::optional<AudioSegment> segment = queue.PopSegment();
  ASSERT_TRUE(segment);
  EXPECT_EQ(segment->rate_hz, 24000);
  EXPECT_EQ(segment->turn, 3u);
  EXPECT_EQ(segment->sample_count, 50u);
  EXPECT_FALSE(segment->ends_reply);
  Pcm samples(50);
  ASSERT_EQ(queue.Read(samples), 50u);
  EXPECT_EQ(samples, Ramp(100, 50));
}

TEST(AudioQueue, KeepsSegmentsApart) {
  AudioQueue queue(1000, 10);
  ASSERT_EQ(queue.Write({.rate_hz = 8000, .turn = 1}, Ramp(0, 10)), 10u);
  ASSERT_EQ(queue.Write({.rate_hz = 16000, .turn = 2}, Ramp(500, 20)), 20u);
  ASSERT_EQ(queue.PopSegment()->sample_count, 10u);
  EXPECT_EQ(queue.Discard(10), 10u);
  ASSERT_EQ(queue.PopSegment()->turn, 2u);
  Pcm samples(20);
  ASSERT_EQ(queue.Read(samples), 20u);
  EXPECT_EQ(samples, Ramp(500, 20));
  EXPECT_FALSE(queue.PopSegment());
}

TEST(AudioQueue, CarriesTheEndOfAReplyWithoutSamples) {
  AudioQueue queue(1000, 10);
  EXPECT_EQ(queue.Write({.rate_hz = 8000, .turn = 1, .ends_reply = true}, {}), 0u);
  const std::optional<AudioSegment> segment = queue.PopSegment();
  ASSERT_TRUE(segment);
  EXPECT_TRUE(segment->ends_reply);
  EXPECT_EQ(segment->sample_count, 0u);
}

TEST(AudioQueue, KeepsTheEndMarkBackUntilAllSamplesFit) {
  AudioQueue queue(64, 10);
  EXPECT_EQ(queue.Write({.rate_hz = 8000, .turn = 1, .ends_reply = true}, Ramp(0, 100)), 64u);
  const std::optional<AudioSegment> segment = queue.PopSegment();
  ASSERT_TRUE(segment);
  EXPECT_EQ(segment->sample_count, 64u);
  EXPECT_FALSE(segment->ends_reply);
}

TEST(AudioQueue, LeavesNoSegmentForSamplesThatDidNotFit) {
  AudioQueue queue(4, 10);
  ASSERT_EQ(queue.Write({.rate_hz = 8000, .turn = 1}, Ramp(0, 4)), 4u);
  EXPECT_EQ(queue.Write({.rate_hz = 8000, .turn = 2}, Ramp(0, 4)), 0u);
  EXPECT_EQ(queue.PopSegment()->turn, 1u);
  EXPECT_FALSE(queue.PopSegment());
}

TEST(AudioQueue, TakesNothingWhenTheSegmentsAreFull) {
  AudioQueue queue(1000, 2);
  ASSERT_EQ(queue.Write({.rate_hz = 8000, .turn = 1}, Ramp(0, 1)), 1u);
  ASSERT_EQ(queue.Write({.rate_hz = 8000, .turn = 1}, Ramp(1, 1)), 1u);
  EXPECT_FALSE(queue.HasSegmentSpace());
  EXPECT_EQ(queue.Write({.rate_hz = 8000, .turn = 1}, Ramp(2, 1)), 0u);
  (void)queue.PopSegment();
  EXPECT_TRUE(queue.HasSegmentSpace());
}

TEST(AudioQueue, HoldsAllSamplesOfASegmentThatWasPopped) {
  const int segments = test::Shortened(200'000, 20'000);
  AudioQueue queue(4096, 64);
  std::thread writer([&] {
    Random random(7);
    for (int number = 0; number < segments;) {
      const size_t count = static_cast<size_t>(random.Between(1, 200));
      Pcm samples(count, static_cast<int16_t>(number));
      const AudioSegment segment = {.rate_hz = 8000, .turn = static_cast<uint32_t>(number)};
      if (queue.Write(segment, samples) > 0) ++number;  // or a part of it
      else std::this_thread::yield();
    }
  });
  int wrong = 0;
  for (int number = 0; number < segments;) {
    const std::optional<AudioSegment> segment = queue.PopSegment();
    if (!segment) {
      std::this_thread::yield();
      continue;
    }
    std::array<int16_t, 200> samples{};
    const size_t count = queue.Read(std::span(samples).first(segment->sample_count));
    wrong += count != segment->sample_count || segment->turn != static_cast<uint32_t>(number);
    for (size_t i = 0; i < count; ++i) wrong += samples[i] != static_cast<int16_t>(number);
    ++number;
  }
  writer.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace talkpath
