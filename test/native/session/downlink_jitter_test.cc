// Agents whose audio comes unevenly: what is concealed, how deep the queue is, and what is trimmed or stretched.
//
// Jitter of J ms: each piece of 20 ms comes between 0 and J ms after its last sample was spoken, never before one
// that was spoken earlier. TALKPATH_FIGURES=1 prints what docs/engine/playout.md tells.
#include <gtest/gtest.h>

#include "session/scheduled_agent.h"
#include "support/figures.h"
#include "support/speech_like.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kDefaultStartMs = 80;
constexpr double kJitterMs = 60.0;

Pcm Speech(int duration_ms, uint64_t seed, int rate_hz = 8000) {
  return ToPcm(MakeSpeechLike({.rate_hz = rate_hz, .duration_ms = duration_ms, .seed = seed}).samples);
}

struct Replies {
  double concealed_ms = 0.0;
  double mean_depth_ms = 0.0;
  double settled_depth_ms = 0.0;  // of the last replies
};

using Lateness = double (*)(Random&, int);

// Twenty sessions of six replies each: the first reply of an agent that nobody knows, and those after it.
Replies Listen(Lateness late_ms) {
  constexpr int kSessions = 20;
  constexpr int kReplies = 6;
  Replies replies;
  for (uint64_t seed = 1; seed <= kSessions; ++seed) {
    Random random(seed);
    ScheduledAgent agent(kDefaultStartMs);
    for (uint64_t reply = 0; reply < kReplies; ++reply) {
      const int reply_ms = random.Between(600, 9000);
      const Schedule schedule = MakePaced({.reply_ms = reply_ms, .late_ms = [&](int n) { return late_ms(random, n); }});
      const Heard heard = agent.Say(Speech(reply_ms, seed + 100 * reply), schedule, kFrameMs * random.Uniform());
      replies.concealed_ms += heard.concealed_ms;
      replies.mean_depth_ms += heard.mean_depth_ms / (kSessions * kReplies);
      if (reply + 1 == kReplies) replies.settled_depth_ms += heard.mean_depth_ms / kSessions;
    }
  }
  return replies;
}

// How an agent's pieces come, and the most that may be concealed and queued for it.
struct Manner {
  const char* name;
  Lateness late_ms;
  double most_concealed_ms;
  double most_mean_depth_ms;
  double most_settled_depth_ms;
};

constexpr Manner kManners[] = {
    {"OnTime", [](Random&, int) { return 0.0; }, 0.0, 30.0, 5.0},
    {"UpToTwentyMillisecondsLate", [](Random& random, int) { return 20.0 * random.Uniform(); }, 0.0, 35.0, 20.0},
    {"UpToFortyMillisecondsLate", [](Random& random, int) { return 40.0 * random.Uniform(); }, 0.0, 40.0, 32.0},
    {"UpToSixtyMillisecondsLate", [](Random& random, int) { return kJitterMs * random.Uniform(); }, 0.0, 40.0, 45.0},
    {"OnTimeOrSixtyMillisecondsLate", [](Random& random, int) { return random.Chance(0.5) ? kJitterMs : 0.0; }, 0.0, 40.0, 40.0},
    // The worst that there is: what is early waits for the rare piece that is late.
    {"EveryTwentyFifthSixtyMillisecondsLate", [](Random&, int n) { return n % 25 == 24 ? kJitterMs : 0.0; }, 0.0, kJitterMs, kJitterMs},
    // More than an agent that nobody knows is credited with.
    {"UpToAHundredMillisecondsLate", [](Random& random, int) { return 100.0 * random.Uniform(); }, 600.0, 70.0, 70.0},
};

class DownlinkJitterOf : public testing::TestWithParam<Manner> {};
INSTANTIATE_TEST_SUITE_P(Agents, DownlinkJitterOf, testing::ValuesIn(kManners), [](const auto& test) { return std::string(test.param.name); });

TEST_P(DownlinkJitterOf, IsCoveredByNoMoreThanItTakes) {
  const Manner& manner = GetParam();
  const Replies replies = Listen(manner.late_ms);
  PrintFigure("ms concealed", replies.concealed_ms);
  PrintFigure("ms queued on average", replies.mean_depth_ms);
  PrintFigure("ms queued in the sixth reply", replies.settled_depth_ms);
  EXPECT_LE(replies.concealed_ms, manner.most_concealed_ms);
  EXPECT_LT(replies.mean_depth_ms, manner.most_mean_depth_ms);
  EXPECT_LT(replies.settled_depth_ms, manner.most_settled_depth_ms);
}

TEST(DownlinkJitter, StartsTheRepliesOfASteadyAgentWithOneFrame) {
  ScheduledAgent agent(kDefaultStartMs);
  const Pcm reply = Speech(3000, 1);
  double waited_ms = 0.0;
  for (int i = 0; i < 8; ++i) waited_ms = agent.Say(reply, MakePaced({.reply_ms = 3000})).first_sound_ms;
  EXPECT_LE(waited_ms, 2 * kFrameMs) << "the first piece is 20 ms old when it comes";
}

TEST(DownlinkJitter, StartsTheRepliesOfAnAgentThatIsFasterThanSpeechWithOneFrame) {
  ScheduledAgent agent(kDefaultStartMs);
  const Pcm reply = Speech(3000, 1);
  for (int i = 0; i < 8; ++i) agent.Say(reply, MakePaced({.reply_ms = 3000, .fast_ppm = 1e6}));
  EXPECT_LT(agent.driver().Snapshot().playout_start_ms, 1.1 * kFrameMs);
}

TEST(DownlinkJitter, ForgetsAnUneasyHourAfterSomeCalmReplies) {
  ScheduledAgent agent(kDefaultStartMs);
  Random random(1);
  const Pcm reply = Speech(3000, 1);
  agent.Say(reply, MakePaced({.reply_ms = 3000, .late_ms = [&](int) { return 100.0 * random.Uniform(); }}));
  EXPECT_GT(agent.driver().Snapshot().playout_start_ms, 100.0);
  for (int i = 0; i < 4; ++i) agent.Say(reply, MakePaced({.reply_ms = 3000}));
  EXPECT_LT(agent.driver().Snapshot().playout_start_ms, 40.0);
}

TEST(DownlinkJitter, QueuesNoMoreThanItsBoundHoweverUnevenlyTheAudioComes) {
  ScheduledAgent agent(kDefaultStartMs);
  Random random(1);
  const Pcm reply = Speech(8000, 1);
  agent.Say(reply, MakePaced({.reply_ms = 8000, .late_ms = [&](int) { return 800.0 * random.Uniform(); }}));
  EXPECT_LE(agent.driver().Snapshot().playout_start_ms, kFrameMs + ProviderPace::kLongestJitterMs);
}

// Ten minutes without a pause long enough to hide anything in would drift by 600 ms.
TEST(DownlinkJitter, KeepsUpWithAnAgentWhoseClockIsFastOrSlow) {
  for (double ppm : {-1000.0, 1000.0}) {
    ScheduledAgent agent(kDefaultStartMs);
    constexpr int kReplyMs = 600'000;
    Random random(1);
    const Heard heard = agent.Say(Speech(kReplyMs, 1), MakePaced({.reply_ms = kReplyMs, .fast_ppm = ppm, .late_ms = [&](int) {
                                                                     return 20.0 * random.Uniform();
                                                                   }}));
    PrintFigure(ppm > 0.0 ? "fast: ms queued on average" : "slow: ms queued on average", heard.mean_depth_ms);
    EXPECT_EQ(heard.concealed_ms, 0.0) << ppm;
    EXPECT_LT(heard.mean_depth_ms, 40.0) << ppm;
    EXPECT_GT(ppm > 0.0 ? heard.trimmed_ms : heard.stretched_ms, 500.0) << ppm;
  }
}

}  // namespace
}  // namespace talkpath
