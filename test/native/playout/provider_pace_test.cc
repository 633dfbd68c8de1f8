#include "playout/provider_pace.h"

#include <gtest/gtest.h>

namespace talkpath {
namespace {

constexpr double kPieceMs = 20.0;

class Provider {
 public:
  ProviderPace pace;

  // `count` pieces, one every `every_ms`; the last is `last_late_ms` late.
  void Say(int count, double every_ms = kPieceMs, double last_late_ms = 0.0) {
    for (int i = 0; i < count; ++i) {
      pace.Arrived(kPieceMs, now_ms_ + (i + 1 == count ? last_late_ms : 0.0));
      now_ms_ += every_ms;
    }
  }
  // Nothing comes for a while, and then all that is owed at once.
  void Stall(int pieces) {
    now_ms_ += pieces * kPieceMs;
    for (int i = 0; i < pieces; ++i) pace.Arrived(kPieceMs, now_ms_);
  }
  double now_ms() const { return now_ms_; }

 private:
  double now_ms_ = 1000.0;
};

TEST(ProviderPace, HasTheJitterThatWasExpectedUntilItWasShown) {
  Provider provider;
  provider.pace.Expect(60.0);
  EXPECT_EQ(provider.pace.jitter_ms(), 60.0);
  for (int reply = 0; reply < 5; ++reply) {
    provider.pace.StartReply();
    provider.Say(100);
  }
  EXPECT_EQ(provider.pace.jitter_ms(), 0.0);
}

TEST(ProviderPace, KnowsHowLateTheLatestPieceWasAtOnce) {
  Provider provider;
  provider.pace.StartReply();
  provider.Say(20, kPieceMs, 45.0);
  EXPECT_DOUBLE_EQ(provider.pace.jitter_ms(), 45.0);
}

TEST(ProviderPace, ForgetsWhatWasNotShownForFourWindows) {
  Provider provider;
  provider.pace.StartReply();
  provider.Say(20, kPieceMs, 45.0);
  provider.Say(700);  // 14 s
  EXPECT_DOUBLE_EQ(provider.pace.jitter_ms(), 45.0);
  provider.Say(700);
  EXPECT_DOUBLE_EQ(provider.pace.jitter_ms(), 0.0);
}

TEST(ProviderPace, TakesNoOutageForJitter) {
  Provider provider;
  provider.pace.StartReply();
  provider.Say(20);
  provider.Stall(25);
  provider.Say(20);
  EXPECT_EQ(provider.pace.jitter_ms(), 0.0);
  EXPECT_TRUE(provider.pace.live()) << "it has caught up";
}

TEST(ProviderPace, CallsAReplyLiveOnceItHasComeAsItIsSpokenForAWhile) {
  Provider provider;
  provider.pace.StartReply();
  provider.Say(9);
  EXPECT_FALSE(provider.pace.live());
  provider.Say(1);
  EXPECT_TRUE(provider.pace.live());
}

TEST(ProviderPace, CallsNothingLiveThatComesFasterThanItIsSpoken) {
  for (double every_ms : {0.0, 5.0, 18.0}) {
    Provider provider;
    provider.pace.StartReply();
    provider.Say(200, every_ms);
    EXPECT_FALSE(provider.pace.live()) << every_ms;
    EXPECT_EQ(provider.pace.jitter_ms(), 0.0);
  }
}

// It gave a second in advance, and now goes on as it is spoken: what waits is its own wish, for two windows.
TEST(ProviderPace, CallsAReplyThatWasAheadLiveAgainAfterTwoWindows) {
  Provider provider;
  provider.pace.StartReply();
  provider.Say(50, 0.0);
  provider.Say(400);
  EXPECT_FALSE(provider.pace.live());
  provider.Say(400);
  EXPECT_TRUE(provider.pace.live());
}

TEST(ProviderPace, TellsHowLongWhatComesOnTimeWaits) {
  Provider provider;
  provider.pace.StartReply();
  provider.Say(50);
  EXPECT_DOUBLE_EQ(provider.pace.DelayMs(1000.0, provider.now_ms()), 0.0);
  EXPECT_DOUBLE_EQ(provider.pace.DelayMs(940.0, provider.now_ms()), 60.0);
  EXPECT_DOUBLE_EQ(provider.pace.DelayMs(940.0, provider.now_ms() + 20.0), 80.0);
}

}  // namespace
}  // namespace talkpath
