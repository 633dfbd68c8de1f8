#include "dsp/noise_floor.h"

#include <gtest/gtest.h>

#include "support/signals.h"

namespace talkpath {
namespace {

using namespace test;

constexpr size_t kBlock = 80;

void Hear(NoiseFloor& floor, std::span<const float> samples) {
  for (size_t at = 0; at + kBlock <= samples.size(); at += kBlock) floor.Process(samples.subspan(at, kBlock));
}

TEST(NoiseFloor, CoversWhatIsNoLouderThanTheNoiseOfLate) {
  Random random(4);
  NoiseFloor floor;
  const Samples noise = Noise(-40.0, kBlock, random);
  EXPECT_FALSE(floor.Covers(noise)) << "a line that was never heard is taken for a quiet one";
  Hear(floor, Noise(-40.0, 2000 * kBlock, random));
  EXPECT_TRUE(floor.Covers(noise)) << "after 20 s of it";
  EXPECT_FALSE(floor.Covers(Noise(-30.0, kBlock, random)));
}

TEST(NoiseFloor, TakesNoNoteOfWhatItIsAskedAbout) {
  Random random(4);
  NoiseFloor floor;
  const Samples noise = Noise(-40.0, kBlock, random);
  for (int i = 0; i < 5000; ++i) EXPECT_FALSE(floor.Covers(noise));
}

TEST(NoiseFloor, CoversWhatIsTooQuietForSpeechWhateverTheNoise) {
  Random random(5);
  NoiseFloor floor;
  EXPECT_TRUE(floor.Covers(Samples(kBlock, 0.0f)));
  EXPECT_TRUE(floor.Covers(Noise(-54.0, kBlock, random)));
}

TEST(NoiseFloor, FollowsAQuieterLineWithinASecond) {
  Random random(6);
  NoiseFloor floor;
  Hear(floor, Noise(-30.0, 3000 * kBlock, random));
  Hear(floor, Noise(-60.0, 100 * kBlock, random));
  EXPECT_FALSE(floor.Covers(Noise(-45.0, kBlock, random)));
}

}  // namespace
}  // namespace talkpath
