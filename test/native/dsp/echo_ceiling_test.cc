#include "dsp/echo_ceiling.h"

#include <gtest/gtest.h>

#include <vector>

namespace talkpath {
namespace {

constexpr size_t kLags = 20;
constexpr float kLoud = 1.0f;

// What is possible after the far end has had these powers and the near end those.
float CeilingAfter(const std::vector<float>& far, const std::vector<float>& near) {
  EchoCeiling ceiling(kLags, kLoud);
  for (size_t hop = 0; hop < far.size(); ++hop) ceiling.Add(far[hop], near[hop]);
  return ceiling.power();
}

TEST(EchoCeiling, IsTheLoudestOfTheFarEndWhereNothingIsKnown) {
  EXPECT_EQ(CeilingAfter({0.0f, 0.0f, 100.0f, 7.0f}, {0.0f, 0.0f, 50.0f, 50.0f}), 100.0f);
  EXPECT_EQ(CeilingAfter({0.0f, 9.0f, 0.0f}, {0.0f, 9.0f, 9.0f}), 9.0f);
  EXPECT_EQ(CeilingAfter({0.0f, 0.0f, 0.0f}, {5.0f, 5.0f, 5.0f}), 0.0f) << "the far end has been silent";
}

TEST(EchoCeiling, FallsWhereTheLineIsQuietWhileTheFarEndWasLoud) {
  EchoCeiling ceiling(kLags, kLoud);
  for (size_t hop = 0; hop < 2 * kLags; ++hop) ceiling.Add(100.0f, 0.01f);
  EXPECT_NEAR(ceiling.power(), 0.01f, 1e-6f);
  ceiling.Add(1000.0f, 500.0f);
  EXPECT_LE(ceiling.power(), 0.1f + 1e-6f) << "however loud the near end is now";
}

TEST(EchoCeiling, KeepsAnEchosGain) {
  constexpr size_t kDelay = 7;
  constexpr float kGain = 0.25f;
  EchoCeiling ceiling(kLags, kLoud);
  std::vector<float> far;
  for (size_t hop = 0; hop < 200; ++hop) {
    far.push_back(hop % 9 < 3 ? 0.0f : 100.0f + static_cast<float>(hop % 5));
    const float echo = hop < kDelay ? 0.0f : kGain * far[hop - kDelay];
    ceiling.Add(far.back(), echo);
    EXPECT_GE(ceiling.power(), echo * 0.999f) << hop;
  }
}

TEST(EchoCeiling, LearnsNothingFromAFarEndThatIsSoft) {
  EchoCeiling ceiling(kLags, kLoud);
  for (size_t hop = 0; hop < 2 * kLags; ++hop) ceiling.Add(0.5f * kLoud, 0.0f);
  ceiling.Add(10.0f * kLoud, 0.0f);
  ceiling.Add(0.0f, 0.0f);
  EXPECT_EQ(ceiling.power(), 10.0f * kLoud);
}

}  // namespace
}  // namespace talkpath
