#include "dsp/voice_belief.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/realtime.h"

namespace talkpath {
namespace {

constexpr VoiceBelief::Thresholds kThresholds = {.possible = 0.4f, .certain = 0.7f, .over = 0.6f};

std::vector<bool> Believed(std::initializer_list<float> probabilities) {
  VoiceBelief belief(kThresholds);
  std::vector<bool> believed;
  believed.reserve(probabilities.size());
  const RealtimeSection section;
  for (const float probability : probabilities) believed.push_back(belief.Process(probability));
  return believed;
}

using Expected = std::vector<bool>;

TEST(VoiceBelief, BelievesABeginningAtOnceAndKeepsWhatBecomesCertain) {
  EXPECT_EQ(Believed({0.3f, 0.4f, 0.5f, 0.8f, 0.65f, 0.6f}), (Expected{false, true, true, true, true, true}));
}

TEST(VoiceBelief, DoubtsWhatDoesNotBecomeCertainWithin30Ms) {
  EXPECT_EQ(Believed({0.5f, 0.5f, 0.5f, 0.5f, 0.6f}), (Expected{true, true, true, false, false}));
}

TEST(VoiceBelief, BelievesAfterAllWhatWasDoubted) {
  EXPECT_EQ(Believed({0.5f, 0.5f, 0.5f, 0.5f, 0.7f, 0.6f}), (Expected{true, true, true, false, true, true}));
}

TEST(VoiceBelief, EndsWhatWasCertainWhileItIsStillPossible) {
  EXPECT_EQ(Believed({0.9f, 0.59f, 0.65f, 0.5f}), (Expected{true, false, false, false}));
}

TEST(VoiceBelief, HearsTheNextBeginningOnceItWasImpossible) {
  EXPECT_EQ(Believed({0.9f, 0.5f, 0.39f, 0.4f}), (Expected{true, false, false, true}));
}

}  // namespace
}  // namespace talkpath
