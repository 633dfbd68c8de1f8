// The agent does not interrupt itself by its own echo, and is still interrupted by callers.
#include <gtest/gtest.h>

#include "session/echo_turns.h"
#include "support/build.h"
#include "support/recordings.h"

namespace talkpath {
namespace {

using namespace test;

// A part of what echo_turns does; the figures of all of it are in docs/engine/echo.md.
TEST(EchoTurns, InWhichNobodySpeaksAreNeverInterrupted) {
  TALKPATH_NEEDS_RECORDINGS();
  const EchoTurnCounts counts = RunEchoTurns({.calls = Shortened(8, 1), .turns = Shortened(10, 2)});
  EXPECT_EQ(counts.self_interrupted, 0);
}

TEST(EchoTurns, WithoutCancellationAreInterruptedByTheirEcho) {
  TALKPATH_NEEDS_RECORDINGS();
  const EchoTurnCounts counts = RunEchoTurns({.calls = 1, .turns = Shortened(6, 2), .when = EchoCancellation::kNever});
  EXPECT_EQ(counts.self_interrupted, counts.turns) << "else the test above shows nothing";
}

TEST(EchoTurns, InWhichACallerSpeaksAreStopped) {
  TALKPATH_NEEDS_RECORDINGS();
  const EchoTurnCounts counts = RunEchoTurns({.calls = Shortened(6, 1), .turns = Shortened(10, 2), .barge_in_share = 1.0});
  EXPECT_GE(static_cast<double>(counts.caught), 0.95 * counts.barge_ins);
}

}  // namespace
}  // namespace talkpath
