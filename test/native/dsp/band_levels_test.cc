#include "dsp/band_levels.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/signals.h"

namespace talkpath {
namespace {

using namespace test;

BandLevelsDbfs Measure(std::span<const float> samples) {
  BandLevels bands;
  BandLevelsDbfs levels{};
  for (size_t at = 0; at + BandLevels::kBlock <= samples.size(); at += BandLevels::kBlock) {
    bands.Process(samples.subspan(at).first<BandLevels::kBlock>(), levels);
  }
  return levels;
}

TEST(BandLevels, AreHighestInTheBandOfATone) {
  size_t last = 0;
  for (double hz : {250.0, 500.0, 1000.0, 2000.0, 3500.0}) {
    const BandLevelsDbfs levels = Measure(Tone(hz, -20.0, BandLevels::kRateHz, 800));
    const auto highest = static_cast<size_t>(std::ranges::max_element(levels) - levels.begin());
    EXPECT_GT(highest, last) << hz;
    EXPECT_NEAR(levels[highest], -23.0, 6.0) << hz;
    last = highest;
  }
}

TEST(BandLevels, FollowTheLevel) {
  const BandLevelsDbfs loud = Measure(Tone(1000.0, -10.0, BandLevels::kRateHz, 800));
  const BandLevelsDbfs soft = Measure(Tone(1000.0, -40.0, BandLevels::kRateHz, 800));
  EXPECT_NEAR(std::ranges::max(loud) - std::ranges::max(soft), 30.0f, 0.1f);
}

TEST(BandLevels, OfSilenceAreAsLowAsTheyGo) {
  for (float level : Measure(Samples(800, 0.0f))) EXPECT_FLOAT_EQ(level, -90.0f);
}

}  // namespace
}  // namespace talkpath
