#include "session/far_end_reference.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/random.h"

namespace talkpath {
namespace {

// Blocks of one sample, which say their own number; 0 is silence.
class Blocks {
 public:
  void Push(int count = 1) {
    for (int i = 0; i < count; ++i) {
      const float block = ++pushed_;
      reference_.Push({&block, 1});
    }
  }
  int Next() { return static_cast<int>(reference_.Next()[0]); }
  FarEndReference& reference() { return reference_; }

 private:
  FarEndReference reference_{1};
  float pushed_ = 0.0f;
};

TEST(FarEndReference, PairsBlockWithBlock) {
  Blocks blocks;
  for (int i = 1; i <= 1000; ++i) {
    blocks.Push();
    ASSERT_EQ(blocks.Next(), i);
  }
}

TEST(FarEndReference, KeepsThePairsWhenTheLineSendsNothingAndThenEverything) {
  test::Random random(3);
  Blocks blocks;
  blocks.Push(2);
  EXPECT_EQ(blocks.Next(), 1);
  int expected = 2;
  int owed = 0;
  for (int tick = 1; tick < 2000; ++tick) {
    if (tick % 2 == 0) blocks.Push(2);
    ++owed;
    if (random.Chance(0.6) || owed > 9) {
      for (; owed > 0; --owed) ASSERT_EQ(blocks.Next(), expected++);
    }
  }
}

TEST(FarEndReference, GivesSilenceWhereTheLineWasHandedNothing) {
  Blocks blocks;
  blocks.Push();
  EXPECT_EQ(blocks.Next(), 1);
  EXPECT_EQ(blocks.Next(), 0);
  blocks.Push();
  EXPECT_EQ(blocks.Next(), 2);
}

TEST(FarEndReference, ComesBackToTheLineWithinASecondOfItsLosingFrames) {
  Blocks blocks;
  for (int i = 0; i < 100; ++i) {
    blocks.Push();
    (void)blocks.Next();
  }
  blocks.Push(6);  // 60 ms that the caller's line has lost
  int last = 0;
  for (int i = 0; i < 100; ++i) {
    blocks.Push();
    last = blocks.Next();
  }
  EXPECT_EQ(last, 206) << "the newest";
  EXPECT_EQ(blocks.reference().waiting(), 0u);
}

TEST(FarEndReference, DropsWhatBelongsToADroppedBlock) {
  Blocks blocks;
  blocks.Push(3);
  EXPECT_EQ(blocks.Next(), 2) << "before the near end began only the last frame is kept";
  blocks.Push(2);
  blocks.reference().Skip();
  EXPECT_EQ(blocks.Next(), 4);
}

TEST(FarEndReference, HoldsAtMostASecondAndAQuarter) {
  Blocks blocks;
  (void)blocks.Next();
  blocks.Push(1000);
  EXPECT_EQ(blocks.reference().waiting(), 128u);
  EXPECT_EQ(blocks.Next(), 1000 - 127);
}

}  // namespace
}  // namespace talkpath
