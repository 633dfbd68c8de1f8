// Simulated calls with an echo through a whole session, as one line of JSON: how often the agent stops for nobody, and how
// often and how soon for a caller.
//   TALKPATH_SPEECH_DIR=$(node scripts/test/fetch.mjs speech) build/benchmarks-native/echo_turns [NAME=VALUE ...]
// calls=100, from the one numbered first=0; turns=10 in each; callers=0 is the share of turns in which a caller speaks over
// the agent; noisy=0 is 1 for as much noise where nobody does; cancels=auto, always or never; loss=6 dB come back weaker
// (inf: no echo).
// Built by: node scripts/setup.mjs --for-benchmarks
#include <cstdio>
#include <string_view>

#include "arguments.h"
#include "session/echo_turns.h"
#include "support/recordings.h"

namespace {

using talkpath::EchoCancellation;
using talkpath::NumberOf;

// False if it is none.
bool Set(talkpath::test::EchoTurnsSpec& spec, std::string_view setting) {
  const size_t equals = setting.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = setting.substr(0, equals);
  const std::string_view value = setting.substr(equals + 1);
  const int count = NumberOf<int>(value).value_or(-1);
  const double number = NumberOf<double>(value).value_or(-1.0);
  if (name == "calls" && count > 0) spec.calls = count;
  else if (name == "first" && count >= 0) spec.first_call = count;
  else if (name == "turns" && count > 0) spec.turns = count;
  else if (name == "callers" && number >= 0.0 && number <= 1.0) spec.barge_in_share = number;
  else if (name == "noisy" && (count == 0 || count == 1)) spec.noisy = count == 1;
  else if (name == "loss" && number >= 0.0) spec.return_loss_db = number;
  else if (name == "cancels" && value == "auto") spec.when = EchoCancellation::kAuto;
  else if (name == "cancels" && value == "always") spec.when = EchoCancellation::kAlways;
  else if (name == "cancels" && value == "never") spec.when = EchoCancellation::kNever;
  else return false;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace talkpath;
  using namespace talkpath::test;
  if (!Recordings::Available()) {
    std::fprintf(stderr, "TALKPATH_SPEECH_DIR has no folder: node scripts/test/fetch.mjs speech\n");
    return 1;
  }
  EchoTurnsSpec spec;
  for (int i = 1; i < argc; ++i) {
    if (Set(spec, argv[i])) continue;
    std::fprintf(stderr, "echo_turns: cannot be set to %s; its source tells what can\n", argv[i]);
    return 1;
  }
  const EchoTurnCounts counts = RunEchoTurns(spec);
  const auto part = [&](double share) {
    return counts.stop_ms.empty() ? 0.0 : counts.stop_ms[static_cast<size_t>(share * static_cast<double>(counts.stop_ms.size() - 1))];
  };
  std::printf("{\"turns\":%d,\"selfInterrupted\":%d,\"bargeIns\":%d,\"caught\":%d,\"caughtWithin500Ms\":%d,\"stopMsP50\":%.0f,\"stopMsP95\":%.0f}\n",
              counts.turns, counts.self_interrupted, counts.barge_ins, counts.caught, counts.caught_within_500_ms, part(0.5), part(0.95));
}
