// Simulated calls with an echo through a whole session, as one line of JSON: how often the agent stops for nobody, and how
// often and how soon for a caller.
//   TALKPATH_SPEECH_DIR=$(node scripts/test/fetch.mjs speech) build/benchmarks-native/echo_turns [NAME=VALUE ...]
// calls=100, from the one numbered first=0; turns=10 in each; callers=0 is the share of turns in which a caller speaks over
// the agent; noisy=0 is 1 for as much noise where nobody does; cancels=auto, always or never; loss=6 dB come back weaker
// (inf: no echo).
// Built by: node scripts/setup.mjs --for-benchmarks
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "session/echo_turns.h"
#include "support/recordings.h"

namespace {

using talkpath::EchoCancellation;

// False if it is none.
bool Set(talkpath::test::EchoTurnsSpec& spec, std::string_view setting) {
  const size_t equals = setting.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = setting.substr(0, equals);
  const std::string value(setting.substr(equals + 1));
  const int whole = std::atoi(value.c_str());
  if (name == "calls") spec.calls = whole;
  else if (name == "first") spec.first_call = whole;
  else if (name == "turns") spec.turns = whole;
  else if (name == "callers") spec.barge_in_share = std::atof(value.c_str());
  else if (name == "noisy") spec.noisy = whole != 0;
  else if (name == "loss") spec.return_loss_db = std::atof(value.c_str());
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
    std::fprintf(stderr, "echo_turns: no setting %s; its source tells them\n", argv[i]);
    return 1;
  }
  const EchoTurnCounts counts = RunEchoTurns(spec);
  const auto part = [&](double share) {
    return counts.stop_ms.empty() ? 0.0 : counts.stop_ms[static_cast<size_t>(share * static_cast<double>(counts.stop_ms.size() - 1))];
  };
  std::printf("{\"turns\":%d,\"selfInterrupted\":%d,\"bargeIns\":%d,\"caught\":%d,\"caughtWithin500Ms\":%d,\"stopMsP50\":%.0f,\"stopMsP95\":%.0f}\n",
              counts.turns, counts.self_interrupted, counts.barge_ins, counts.caught, counts.caught_within_500_ms, part(0.5), part(0.95));
}
