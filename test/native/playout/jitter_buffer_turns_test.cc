// Several turns, and several rates, in the jitter buffer.
#include <gtest/gtest.h>

#include "playout/jitter_buffer_driver.h"

namespace talkpath {
namespace {

using namespace test;

TEST(JitterBufferTurns, PlaysOneAfterTheOther) {
  Buffer buffer;
  Send(buffer, {.turn = 1, .samples = Ramp(0, 160), .ends_reply = true});
  Send(buffer, {.turn = 2, .samples = Ramp(5000, 160), .ends_reply = true});
  const Frame first = TakeFrame(buffer);
  EXPECT_TRUE(first.pulled.reply_ended);
  EXPECT_EQ(buffer.turn(), 1u);
  const Frame second = TakeFrame(buffer);
  EXPECT_TRUE(second.pulled.reply_started);
  EXPECT_EQ(second.samples, Ramp(5000, 160));
  EXPECT_EQ(buffer.turn(), 2u);
}

TEST(JitterBufferTurns, NeverMixesTwoInOneFrame) {
  Buffer buffer;
  Send(buffer, {.turn = 1, .samples = Ramp(0, 100), .ends_reply = true});
  Send(buffer, {.turn = 2, .samples = Ramp(5000, 400)});
  EXPECT_EQ(TakeFrame(buffer).samples, Ramp(0, 100));
  EXPECT_EQ(TakeFrame(buffer).samples, Ramp(5000, 160));
}

TEST(JitterBufferTurns, CountsWhatEachHasPlayed) {
  Buffer buffer;
  Send(buffer, {.turn = 1, .samples = Ramp(0, 320), .ends_reply = true});
  Send(buffer, {.turn = 2, .samples = Ramp(0, 320), .ends_reply = true});
  TakeFrame(buffer);
  TakeFrame(buffer);
  EXPECT_DOUBLE_EQ(buffer.played_ms(), 40.0);
  TakeFrame(buffer);
  EXPECT_DOUBLE_EQ(buffer.played_ms(), 20.0);
}

TEST(JitterBufferTurns, EndsAReplyThatIsReplacedBeforeItsEnd) {
  Buffer buffer;
  Send(buffer, {.turn = 1, .samples = Ramp(0, 330)});
  Send(buffer, {.turn = 2, .samples = Ramp(5000, 320)});
  TakeFrame(buffer);
  EXPECT_FALSE(TakeFrame(buffer).pulled.reply_ended);
  const Frame last = TakeFrame(buffer);
  EXPECT_TRUE(last.pulled.reply_ended);
  EXPECT_EQ(last.samples, Ramp(320, 10));
  EXPECT_TRUE(TakeFrame(buffer).pulled.reply_started);
}

TEST(JitterBufferTurns, EndsAStarvedReplyWhenAnotherFollows) {
  Buffer buffer;
  Send(buffer, {.turn = 1, .samples = Ramp(0, 320)});
  for (int i = 0; i < 3; ++i) TakeFrame(buffer);
  Send(buffer, {.turn = 2, .samples = Ramp(5000, 320)});
  EXPECT_TRUE(TakeFrame(buffer).pulled.reply_ended);
  const Frame next = TakeFrame(buffer);
  EXPECT_TRUE(next.pulled.reply_started);
  EXPECT_EQ(next.samples, Ramp(5000, 160));
}

TEST(JitterBufferTurns, DropsWhatIsQueuedOfAFlushedTurn) {
  Buffer buffer;
  Send(buffer, {.turn = 1, .samples = Ramp(0, 800)});
  TakeFrame(buffer);
  buffer.FlushThrough(1);
  EXPECT_FALSE(buffer.playing());
  EXPECT_EQ(buffer.depth_ms(), 0.0);
  EXPECT_EQ(TakeFrame(buffer).pulled.status, PullStatus::kIdle);
}

TEST(JitterBufferTurns, DropsLateAudioOfAFlushedTurn) {
  Buffer buffer;
  Send(buffer, {.turn = 1, .samples = Ramp(0, 800)});
  TakeFrame(buffer);
  buffer.FlushThrough(1);
  Send(buffer, {.turn = 1, .samples = Ramp(800, 800), .ends_reply = true});
  const Frame frame = TakeFrame(buffer);
  EXPECT_EQ(frame.pulled.status, PullStatus::kIdle);
  EXPECT_EQ(frame.pulled.sample_count, 0u);
  EXPECT_FALSE(frame.pulled.reply_ended);
}

TEST(JitterBufferTurns, KeepsTurnsAfterTheFlushedOne) {
  Buffer buffer;
  Send(buffer, {.turn = 1, .samples = Ramp(0, 800)});
  Send(buffer, {.turn = 2, .samples = Ramp(5000, 800)});
  TakeFrame(buffer);
  buffer.FlushThrough(1);
  const Frame frame = TakeFrame(buffer);
  EXPECT_TRUE(frame.pulled.reply_started);
  EXPECT_EQ(frame.samples, Ramp(5000, 160));
}

TEST(JitterBufferTurns, FlushesAllThatCameBefore) {
  Buffer buffer;
  for (uint32_t turn = 1; turn <= 5; ++turn) Send(buffer, {.turn = turn, .samples = Ramp(static_cast<int>(1000 * turn), 400)});
  buffer.CollectNow();
  buffer.FlushThrough(4);
  EXPECT_EQ(TakeFrame(buffer).samples, Ramp(5000, 160));
}

TEST(JitterBufferTurns, NeverTakesAFlushBack) {
  Buffer buffer;
  buffer.FlushThrough(5);
  buffer.FlushThrough(2);
  Send(buffer, {.turn = 4, .samples = Ramp(0, 800)});
  EXPECT_EQ(TakeFrame(buffer).pulled.status, PullStatus::kIdle);
}

TEST(JitterBufferTurns, LeavesALaterTurnPlayingWhenAnEarlierOneIsFlushed) {
  Buffer buffer;
  Send(buffer, {.turn = 3, .samples = Ramp(0, 800)});
  TakeFrame(buffer);
  buffer.FlushThrough(2);
  EXPECT_TRUE(buffer.playing());
  EXPECT_EQ(TakeFrame(buffer).samples, Ramp(160, 160));
}

// The provider's connection still delivers what it had on its way when the turn was flushed.
TEST(JitterBufferTurns, PlaysALiveReplyThroughLateAudioOfADeadOne) {
  Buffer buffer;
  buffer.FlushThrough(1);
  Send(buffer, {.turn = 2, .samples = Ramp(0, 320)});
  Send(buffer, {.turn = 1, .samples = Ramp(9000, 320)});
  Send(buffer, {.turn = 2, .samples = Ramp(320, 320), .ends_reply = true});
  Pcm heard;
  int started = 0;
  int ended = 0;
  for (int i = 0; i < 6; ++i) {
    const Frame frame = TakeFrame(buffer);
    heard.insert(heard.end(), frame.samples.begin(), frame.samples.end());
    started += frame.pulled.reply_started;
    ended += frame.pulled.reply_ended;
  }
  EXPECT_EQ(heard, Ramp(0, 640));
  EXPECT_EQ(started, 1);
  EXPECT_EQ(ended, 1);
  EXPECT_DOUBLE_EQ(buffer.played_ms(), 80.0);
}

TEST(JitterBufferTurns, WaitsForMoreOfALiveReplyBehindLateAudioOfADeadOne) {
  Buffer buffer;
  buffer.FlushThrough(1);
  Send(buffer, {.turn = 2, .samples = Ramp(0, 320)});
  Send(buffer, {.turn = 1, .samples = Ramp(9000, 320)});
  for (int i = 0; i < 2; ++i) TakeFrame(buffer);
  const Frame frame = TakeFrame(buffer);
  EXPECT_EQ(frame.pulled.status, PullStatus::kStarved);
  EXPECT_FALSE(frame.pulled.reply_ended);
  EXPECT_TRUE(buffer.playing());
}

TEST(JitterBufferTurns, PlaysAReplyThatChangesItsRate) {
  Buffer buffer;
  Send(buffer, {.samples = Ramp(0, 960), .rate_hz = 24000});
  Send(buffer, {.samples = Ramp(7000, 640), .ends_reply = true, .rate_hz = 16000});
  Pcm slow;
  Pcm fast;
  int ended = 0;
  for (int i = 0; i < 4; ++i) {
    const Frame frame = TakeFrame(buffer);
    Pcm& heard = frame.rate_hz == 24000 ? fast : slow;
    heard.insert(heard.end(), frame.samples.begin(), frame.samples.end());
    ended += frame.pulled.reply_ended;
  }
  EXPECT_EQ(fast, Ramp(0, 960));
  EXPECT_EQ(slow, Ramp(7000, 640));
  EXPECT_EQ(ended, 1);
  EXPECT_DOUBLE_EQ(buffer.played_ms(), 80.0);
}

TEST(JitterBufferTurns, CountsBothRatesTowardsTheStartDepth) {
  Buffer buffer;
  Send(buffer, {.samples = Ramp(0, 240), .rate_hz = 24000});
  Send(buffer, {.samples = Ramp(0, 800), .rate_hz = 16000});
  EXPECT_EQ(TakeFrame(buffer).samples, Ramp(0, 240));
}

TEST(JitterBufferTurns, GoesOnAtAnotherRateAfterItStarved) {
  Buffer buffer;
  Send(buffer, {.samples = Ramp(0, 960), .rate_hz = 24000});
  for (int i = 0; i < 3; ++i) TakeFrame(buffer);
  Send(buffer, {.samples = Ramp(7000, 800), .ends_reply = true, .rate_hz = 16000});
  Pcm heard;
  for (int i = 0; i < 5; ++i) {
    const Frame frame = TakeFrame(buffer);
    heard.insert(heard.end(), frame.samples.begin(), frame.samples.end());
  }
  EXPECT_EQ(heard, Ramp(7000, 800));
  EXPECT_FALSE(buffer.playing());
}

TEST(JitterBufferTurns, KeepsMoreTurnsThanItCanLookAtInTheQueue) {
  Buffer buffer;
  constexpr uint32_t kTurns = 200;
  for (uint32_t turn = 1; turn <= kTurns; ++turn) {
    ASSERT_EQ(Send(buffer, {.turn = turn, .samples = Ramp(static_cast<int>(100 * turn), 100), .ends_reply = true}), 100u);
  }
  for (uint32_t turn = 1; turn <= kTurns; ++turn) {
    const Frame frame = TakeFrame(buffer);
    ASSERT_EQ(buffer.turn(), turn);
    ASSERT_EQ(frame.samples, Ramp(static_cast<int>(100 * turn), 100));
  }
}

TEST(JitterBufferTurns, FlushesMoreTurnsThanItCanLookAt) {
  Buffer buffer;
  for (uint32_t turn = 1; turn <= 200; ++turn) {
    Send(buffer, {.turn = turn, .samples = Ramp(static_cast<int>(100 * turn), 100), .ends_reply = true});
  }
  buffer.CollectNow();
  buffer.FlushThrough(199);
  for (int tick = 0; tick < 10 && !buffer.playing() && buffer.turn() != 200; ++tick) {
    const Frame frame = TakeFrame(buffer);
    if (frame.pulled.sample_count > 0) {
      EXPECT_EQ(frame.samples, Ramp(20'000, 100));
    }
  }
  EXPECT_EQ(buffer.turn(), 200u);
}

}  // namespace
}  // namespace talkpath
