#include "playout/comfort_noise.h"

#include <gtest/gtest.h>

#include "base/audio_format.h"
#include "support/clicks.h"
#include "support/signals.h"
#include "support/test_names.h"

namespace talkpath {
namespace {

using namespace test;

class ComfortNoiseAtRate : public testing::TestWithParam<int> {
 protected:
  // `frames` of 20 ms on top of nothing.
  Samples Listen(ComfortNoise& noise, int frames, bool agent_is_silent = true) {
    Samples heard;
    for (int i = 0; i < frames; ++i) {
      Samples frame(SamplesPerFrame(GetParam()), 0.0f);
      noise.AddTo(frame, agent_is_silent);
      heard.insert(heard.end(), frame.begin(), frame.end());
    }
    return heard;
  }
};
INSTANTIATE_TEST_SUITE_P(, ComfortNoiseAtRate, testing::Values(8000, 16000, 24000), kByNumber);

TEST_P(ComfortNoiseAtRate, HasTheLevelThatWasAskedFor) {
  for (float dbfs : {-70.0f, -55.0f, -40.0f}) {
    ComfortNoise noise(dbfs, GetParam());
    const Samples heard = Listen(noise, 500);
    EXPECT_NEAR(LevelDbfs(std::span(heard).subspan(SamplesPerFrame(GetParam()))), dbfs, 0.3);
  }
}

TEST_P(ComfortNoiseAtRate, IsNothingWhenItIsOff) {
  ComfortNoise noise(0.0f, GetParam());
  EXPECT_EQ(Listen(noise, 10), Samples(10 * SamplesPerFrame(GetParam()), 0.0f));
}

TEST_P(ComfortNoiseAtRate, IsGoneAFrameAfterTheAgentBeganAndBackAFrameAfterItEnded) {
  ComfortNoise noise(-50.0f, GetParam());
  Listen(noise, 10);
  const double before = LevelDbfs(Listen(noise, 10));
  const Samples fading = Listen(noise, 1, false);
  EXPECT_NE(fading.front(), 0.0f);
  EXPECT_NEAR(fading.back(), 0.0f, 1.0f);
  EXPECT_EQ(Listen(noise, 5, false), Samples(5 * SamplesPerFrame(GetParam()), 0.0f));
  EXPECT_NEAR(Listen(noise, 1).front(), 0.0f, 3.0f);
  EXPECT_NEAR(LevelDbfs(Listen(noise, 10)), before, 1.0);
}

TEST_P(ComfortNoiseAtRate, DoesNotClickWhereItBeginsOrEnds) {
  ComfortNoise noise(-45.0f, GetParam());
  Listen(noise, 2);
  const double sharpest = FindSharpestBend(Listen(noise, 100)).second_difference;
  for (int i = 0; i < 50; ++i) {
    const Samples out = Listen(noise, 2, false);
    EXPECT_LE(FindSharpestBend(out).second_difference, sharpest);
    const Samples in = Listen(noise, 2);
    EXPECT_LE(FindSharpestBend(in).second_difference, sharpest);
  }
}

// As on a line: less of it the higher it is, and none of a hum or a whistle.
TEST_P(ComfortNoiseAtRate, IsDarkerThanWhiteNoise) {
  ComfortNoise noise(-50.0f, GetParam());
  const Samples heard = Listen(noise, 500);
  double change = 0.0;
  double power = 0.0;
  for (size_t i = 1; i < heard.size(); ++i) {
    change += (heard[i] - heard[i - 1]) * (heard[i] - heard[i - 1]);
    power += heard[i] * heard[i];
  }
  EXPECT_LT(change / power, 1.2) << "white noise has 2";
}

}  // namespace
}  // namespace talkpath
