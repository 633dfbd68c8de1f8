#include "dsp/delay_belief.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "support/signals.h"

namespace talkpath {
namespace {

using namespace test;

constexpr size_t kBlock = DelayBelief::kBlock;
constexpr size_t kFarthest = 2000;
constexpr float kEvidence = 3.5f;

// What is heard of `sound` so late, block by block, with noise of its own.
class Heard {
 public:
  Heard(Samples sound, double noise_dbfs) : sound_(std::move(sound)), noise_(Noise(noise_dbfs, sound_.size(), random_)) {}

  // The lag that is believed in after `blocks` more, in which the echo is `late` samples late.
  size_t Believed(DelayBelief& belief, size_t late, int blocks) {
    size_t lag = 0;
    for (int i = 0; i < blocks; ++i, at_ += kBlock) {
      Samples near(kBlock);
      for (size_t n = 0; n < kBlock; ++n) near[n] = sound_[at_ + n - late] + noise_[at_ + n];
      const size_t count = kBlock + belief.last_lag() - belief.first_lag();
      lag = belief.Weigh(near, std::span(sound_).subspan(at_ - belief.last_lag(), count));
    }
    return lag;
  }

 private:
  Random random_{7};
  Samples sound_;
  Samples noise_;
  size_t at_ = kFarthest;
};

Samples Unlike(size_t count) {
  Random random(3);
  return Noise(-30.0, count, random);
}

DelayBelief SureOf(size_t lag) {
  DelayBelief belief(kFarthest, kEvidence);
  belief.BeSureOf(lag);
  return belief;
}

constexpr double kLouderThanTheEcho = -24.0;

TEST(DelayBelief, FindsAClearEchoElsewhereWithinTwoBlocks) {
  Heard heard(Unlike(40'000), -90.0);
  DelayBelief belief = SureOf(900);
  EXPECT_EQ(heard.Believed(belief, 900, 10), 900u);
  EXPECT_EQ(heard.Believed(belief, 1130, 2), 1130u);
  EXPECT_EQ(heard.Believed(belief, 700, 2), 700u);
}

TEST(DelayBelief, AddsUpTheEvidenceOfManyBlocksWhereNoiseIsLouderThanTheEcho) {
  Heard heard(Unlike(40'000), kLouderThanTheEcho);
  DelayBelief belief = SureOf(900);
  EXPECT_EQ(heard.Believed(belief, 1130, 1), 900u) << "one block tells nothing";
  EXPECT_EQ(heard.Believed(belief, 1130, 60), 1130u);
  EXPECT_EQ(heard.Believed(belief, 1130, 300), 1130u);
}

TEST(DelayBelief, StaysWithAnEchoUnderWhichSomethingElseIsAsLoud) {
  Heard heard(Unlike(40'000), -30.0);
  DelayBelief belief = SureOf(900);
  int astray = 0;
  for (int block = 0; block < 800; ++block) astray += heard.Believed(belief, 900, 1) != 900;
  EXPECT_EQ(astray, 0);
}

// A vowel is as much like itself a period later: what was known goes on, and nothing leads by much.
TEST(DelayBelief, KeepsTheLagOfAPeriodicSoundAndKnowsThatOthersFitAsWell) {
  Samples vowel(40'000);
  for (size_t i = 0; i < vowel.size(); ++i) {
    for (int harmonic = 1; harmonic <= 8; ++harmonic) vowel[i] += static_cast<float>(1000.0 / harmonic * std::sin(2.0 * std::numbers::pi * harmonic * static_cast<double>(i) / 32.0));
  }
  Heard heard(vowel, -60.0);
  DelayBelief belief = SureOf(900);
  EXPECT_EQ(heard.Believed(belief, 900, 100), 900u);
  belief.BeSureOf(900);
  (void)heard.Believed(belief, 910, 20);
  EXPECT_LT(belief.lead(), 4.0f);
}

TEST(DelayBelief, LooksNoFurtherThanItsReachAndTheFarthestLag) {
  DelayBelief belief = SureOf(100);
  EXPECT_EQ(belief.first_lag(), 0u);
  EXPECT_EQ(belief.last_lag(), 100u + DelayBelief::kReachSamples);
  belief.BeSureOf(kFarthest);
  EXPECT_EQ(belief.first_lag(), kFarthest - DelayBelief::kReachSamples);
  EXPECT_EQ(belief.last_lag(), kFarthest);
}

TEST(DelayBelief, RemembersWhatItBelievedWhereItStillLooks) {
  Heard heard(Unlike(40'000), kLouderThanTheEcho);
  DelayBelief belief = SureOf(900);
  belief.LookAround(1000);
  EXPECT_EQ(heard.Believed(belief, 1130, 1), 900u) << "what was believed outweighs one block";
  EXPECT_EQ(heard.Believed(belief, 1130, 60), 1130u);
  belief.LookAround(1000);
  EXPECT_EQ(heard.Believed(belief, 900, 1), 1130u) << "and so does what is believed now";
}

TEST(DelayBelief, ForgetsWhatItHasLookedAwayFrom) {
  Heard heard(Unlike(40'000), kLouderThanTheEcho);
  DelayBelief belief = SureOf(900);
  EXPECT_EQ(heard.Believed(belief, 900, 30), 900u);
  belief.LookAround(1700);
  EXPECT_EQ(heard.Believed(belief, 1600, 60), 1600u);
  belief.LookAround(1200);
  EXPECT_EQ(heard.Believed(belief, 1600, 1), 1600u) << "900 is in reach again, and worth nothing";
}

}  // namespace
}  // namespace talkpath
