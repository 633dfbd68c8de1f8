// The recordings that other tests rely on are there, are speech, and are what their names say.
#include "support/recordings.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace talkpath {
namespace {

using namespace test;

double SecondsOf(const std::vector<Recording>& recordings) {
  double seconds = 0.0;
  for (const Recording& recording : recordings) seconds += static_cast<double>(recording.samples.size()) / recording.rate_hz;
  return seconds;
}

TEST(Recordings, OfTheAgentsAreLongEnoughForManyTurns) {
  TALKPATH_NEEDS_RECORDINGS();
  for (const auto& prompts : {Recordings::Agent(1500, 15'000), Recordings::FrenchAgent(1500, 15'000)}) {
    EXPECT_GT(prompts.size(), 100u);
    EXPECT_GT(SecondsOf(prompts), 500.0);
    for (const Recording& prompt : prompts) {
      EXPECT_EQ(prompt.rate_hz, 8000) << prompt.name;
      EXPECT_GT(LevelDbfs(prompt.samples), -50.0) << prompt.name;
    }
  }
}

TEST(Recordings, OfCallersAreOfManyPeople) {
  TALKPATH_NEEDS_RECORDINGS();
  const std::vector<Recording> callers = Recordings::Callers();
  EXPECT_GE(callers.size(), 24u);
  EXPECT_GT(SecondsOf(callers), 280.0);
  for (const Recording& caller : callers) {
    EXPECT_TRUE(caller.rate_hz == 8000 || caller.rate_hz == 16000) << caller.name << " " << caller.rate_hz;
    EXPECT_GT(LevelDbfs(caller.samples), -50.0) << caller.name;
  }
}

TEST(Recordings, OfMusicAreMinutesLong) {
  TALKPATH_NEEDS_RECORDINGS();
  EXPECT_GT(SecondsOf(Recordings::Music()), 300.0);
}

TEST(Recordings, ThatAreNotThereOrAreOfAnotherFormatAreRefused) {
  TALKPATH_NEEDS_RECORDINGS();
  EXPECT_THROW((void)Recordings::Read("usr/share/none.wav"), std::runtime_error);
  EXPECT_THROW((void)Recordings::Read("usr/share/codec2/wav/cross.wav"), std::runtime_error) << "A-law or µ-law";
}

}  // namespace
}  // namespace talkpath
