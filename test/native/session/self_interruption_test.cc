// The agent does not interrupt itself by its own echo, and is still interrupted by callers.
#include <gtest/gtest.h>

#include <limits>

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

// The first turns of calls: all that is known of the line is what it has not returned yet.
TEST(EchoTurns, InWhichACallerSpeaksOnALineWithoutAnEchoAreStoppedNearlyAsSoonAsWithoutCancellation) {
  TALKPATH_NEEDS_RECORDINGS();
  EchoTurnsSpec spec = {.calls = Shortened(100, 20), .turns = 1, .barge_in_share = 1.0, .return_loss_db = std::numeric_limits<double>::infinity()};
  const EchoTurnCounts looked_for = RunEchoTurns(spec);
  spec.when = EchoCancellation::kNever;
  const EchoTurnCounts not_looked_for = RunEchoTurns(spec);
  EXPECT_GE(looked_for.caught, not_looked_for.caught - 1);
  const auto middle = [](const EchoTurnCounts& counts) { return counts.stop_ms[counts.stop_ms.size() / 2]; };
  EXPECT_LE(middle(looked_for), middle(not_looked_for) + 80.0);
}

}  // namespace
}  // namespace talkpath
