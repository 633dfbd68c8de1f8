// One reply in the jitter buffer: start, starvation, end, order.
#include "playout/jitter_buffer.h"

#include <gtest/gtest.h>

#include "playout/jitter_buffer_driver.h"

namespace talkpath {
namespace {

using namespace test;

TEST(JitterBuffer, IsIdleWhenNothingWasSaid) {
  Buffer buffer;
  const Frame frame = TakeFrame(buffer);
  EXPECT_EQ(frame.pulled.status, PullStatus::kIdle);
  EXPECT_EQ(frame.pulled.sample_count, 0u);
  EXPECT_FALSE(buffer.playing());
  EXPECT_EQ(buffer.rate_hz(), 0);
}

TEST(JitterBuffer, StartsAReplyOnceItsStartDepthIsQueued) {
  Buffer buffer;
  Send(buffer, {.samples = Ramp(0, 319)});
  EXPECT_EQ(TakeFrame(buffer).pulled.status, PullStatus::kIdle);
  Send(buffer, {.samples = Ramp(319, 1)});
  const Frame frame = TakeFrame(buffer);
  EXPECT_EQ(frame.pulled.status, PullStatus::kPlaying);
  EXPECT_TRUE(frame.pulled.reply_started);
  EXPECT_EQ(frame.samples, Ramp(0, 160));
}

TEST(JitterBuffer, StartsAShortReplyAtOnceWhenItIsComplete) {
  Buffer buffer;
  Send(buffer, {.samples = Ramp(0, 50), .ends_reply = true});
  const Frame frame = TakeFrame(buffer);
  EXPECT_TRUE(frame.pulled.reply_started);
  EXPECT_TRUE(frame.pulled.reply_ended);
  EXPECT_EQ(frame.samples, Ramp(0, 50));
  EXPECT_EQ(TakeFrame(buffer).pulled.status, PullStatus::kIdle);
}

TEST(JitterBuffer, EndsAReplyWithoutSamplesThatNeverStarted) {
  Buffer buffer;
  Send(buffer, {.turn = 4, .ends_reply = true});
  const Frame frame = TakeFrame(buffer);
  EXPECT_FALSE(frame.pulled.reply_started);
  EXPECT_TRUE(frame.pulled.reply_ended);
  EXPECT_EQ(frame.pulled.sample_count, 0u);
  EXPECT_EQ(buffer.turn(), 4u);
  EXPECT_FALSE(buffer.playing());
}

TEST(JitterBuffer, SaysThatAReplyStartsOnlyOnce) {
  Buffer buffer;
  Send(buffer, {.samples = Ramp(0, 800)});
  EXPECT_TRUE(TakeFrame(buffer).pulled.reply_started);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(TakeFrame(buffer).pulled.reply_started);
}

TEST(JitterBuffer, GivesEverySampleOnceAndInOrder) {
  Random random(1);
  Buffer buffer;
  Pcm heard;
  const size_t total = 30'000;
  for (size_t sent = 0; sent < total || buffer.playing();) {
    if (sent < total) {
      const size_t count = std::min(static_cast<size_t>(random.Between(1, 400)), total - sent);
      ASSERT_EQ(Send(buffer, {.samples = Ramp(static_cast<int>(sent), count), .ends_reply = sent + count == total}), count);
      sent += count;
    }
    const Frame frame = TakeFrame(buffer);
    heard.insert(heard.end(), frame.samples.begin(), frame.samples.end());
  }
  EXPECT_EQ(heard, Ramp(0, total));
}

TEST(JitterBuffer, StarvesWhenTheAudioIsLate) {
  Buffer buffer;
  Send(buffer, {.samples = Ramp(0, 400)});
  TakeFrame(buffer);
  TakeFrame(buffer);
  const Frame last = TakeFrame(buffer);
  EXPECT_EQ(last.pulled.status, PullStatus::kStarved);
  EXPECT_EQ(last.samples, Ramp(320, 80)) << "what is there is given";
  EXPECT_EQ(TakeFrame(buffer).pulled.status, PullStatus::kStarved);
  EXPECT_TRUE(buffer.playing());
}

TEST(JitterBuffer, DoesNotStarveWhileTheAudioJustSuffices) {
  Buffer buffer;
  Send(buffer, {.samples = Ramp(0, 320)});
  TakeFrame(buffer);
  EXPECT_EQ(TakeFrame(buffer).pulled.status, PullStatus::kPlaying);
  Send(buffer, {.samples = Ramp(320, 160)});
  const Frame frame = TakeFrame(buffer);
  EXPECT_EQ(frame.pulled.status, PullStatus::kPlaying);
  EXPECT_EQ(frame.samples, Ramp(320, 160));
}

TEST(JitterBuffer, WaitsForItsStartDepthAgainAfterItStarved) {
  Buffer buffer;
  Send(buffer, {.samples = Ramp(0, 320)});
  for (int i = 0; i < 3; ++i) TakeFrame(buffer);
  Send(buffer, {.samples = Ramp(320, 200)});
  EXPECT_EQ(TakeFrame(buffer).pulled.status, PullStatus::kStarved);
  Send(buffer, {.samples = Ramp(520, 120)});
  const Frame frame = TakeFrame(buffer);
  EXPECT_EQ(frame.pulled.status, PullStatus::kPlaying);
  EXPECT_FALSE(frame.pulled.reply_started) << "it goes on";
  EXPECT_EQ(frame.samples, Ramp(320, 160));
}

TEST(JitterBuffer, PlaysTheRestOfAStarvedReplyThatHasEnded) {
  Buffer buffer;
  Send(buffer, {.samples = Ramp(0, 320)});
  for (int i = 0; i < 3; ++i) TakeFrame(buffer);
  Send(buffer, {.samples = Ramp(320, 40), .ends_reply = true});
  const Frame frame = TakeFrame(buffer);
  EXPECT_EQ(frame.samples, Ramp(320, 40));
  EXPECT_TRUE(frame.pulled.reply_ended);
}

TEST(JitterBuffer, EndsAReplyWhoseEndComesAfterItsLastSample) {
  Buffer buffer;
  Send(buffer, {.samples = Ramp(0, 320)});
  TakeFrame(buffer);
  EXPECT_FALSE(TakeFrame(buffer).pulled.reply_ended);
  Send(buffer, {.ends_reply = true});
  const Frame frame = TakeFrame(buffer);
  EXPECT_TRUE(frame.pulled.reply_ended);
  EXPECT_NE(frame.pulled.status, PullStatus::kStarved) << "nothing is missing";
  EXPECT_FALSE(buffer.playing());
}

TEST(JitterBuffer, CountsWhatItHasPlayed) {
  Buffer buffer;
  Send(buffer, {.samples = Ramp(0, 1000), .ends_reply = true});
  TakeFrame(buffer);
  EXPECT_DOUBLE_EQ(buffer.played_ms(), 20.0);
  while (buffer.playing()) TakeFrame(buffer);
  EXPECT_DOUBLE_EQ(buffer.played_ms(), 125.0);
}

TEST(JitterBuffer, SaysHowMuchIsQueued) {
  Buffer buffer;
  Send(buffer, {.turn = 1, .samples = Ramp(0, 800)});
  Send(buffer, {.turn = 2, .samples = Ramp(0, 2400), .rate_hz = 24000});
  buffer.CollectNow();
  EXPECT_DOUBLE_EQ(buffer.depth_ms(), 200.0);
  TakeFrame(buffer);
  EXPECT_DOUBLE_EQ(buffer.depth_ms(), 180.0);
}

TEST(JitterBuffer, TakesWhatFitsAndKeepsItsOrder) {
  Buffer buffer(1024);
  EXPECT_EQ(Send(buffer, {.samples = Ramp(0, 3000)}), 1024u);
  EXPECT_EQ(Send(buffer, {.samples = Ramp(1024, 1000)}), 0u);
  Pcm heard = TakeFrame(buffer).samples;
  EXPECT_EQ(Send(buffer, {.samples = Ramp(1024, 1000)}), 160u);
  for (int i = 0; i < 8; ++i) {
    const Frame frame = TakeFrame(buffer);
    heard.insert(heard.end(), frame.samples.begin(), frame.samples.end());
  }
  EXPECT_EQ(heard, Ramp(0, 1184));
}

}  // namespace
}  // namespace talkpath
