// Simulated calls with an echo through a whole session, as one line of JSON: how often the agent stops for nobody, and how
// often and how soon for a caller.
//   TALKPATH_SPEECH_DIR=$(node scripts/test/fetch.mjs speech) build/benchmarks-native/echo_turns
//       [CALLS [TURNS [SHARE_OF_BARGE_INS [never|always|auto [FIRST_CALL [RETURN_LOSS_DB]]]]]]       100 10 0 auto 0 6 (inf: no echo)
// Built by: node scripts/setup.mjs --for-benchmarks
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "session/echo_turns.h"
#include "support/recordings.h"

int main(int argc, char** argv) {
  using namespace talkpath;
  using namespace talkpath::test;
  if (!Recordings::Available()) {
    std::fprintf(stderr, "TALKPATH_SPEECH_DIR has no folder: node scripts/test/fetch.mjs speech\n");
    return 1;
  }
  EchoTurnsSpec spec;
  if (argc > 1) spec.calls = std::atoi(argv[1]);
  if (argc > 2) spec.turns = std::atoi(argv[2]);
  if (argc > 3) spec.barge_in_share = std::atof(argv[3]);
  if (argc > 4) spec.when = std::strcmp(argv[4], "never") == 0 ? EchoCancellation::kNever : std::strcmp(argv[4], "always") == 0 ? EchoCancellation::kAlways : EchoCancellation::kAuto;
  if (argc > 5) spec.first_call = std::atoi(argv[5]);
  if (argc > 6) spec.return_loss_db = std::atof(argv[6]);
  const EchoTurnCounts counts = RunEchoTurns(spec);
  const auto part = [&](double share) {
    return counts.stop_ms.empty() ? 0.0 : counts.stop_ms[static_cast<size_t>(share * static_cast<double>(counts.stop_ms.size() - 1))];
  };
  std::printf("{\"turns\":%d,\"selfInterrupted\":%d,\"bargeIns\":%d,\"caught\":%d,\"caughtWithin500Ms\":%d,\"stopMsP50\":%.0f,\"stopMsP95\":%.0f}\n",
              counts.turns, counts.self_interrupted, counts.barge_ins, counts.caught, counts.caught_within_500_ms, part(0.5), part(0.95));
}
