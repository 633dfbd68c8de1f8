// Every echo path of the tests through the canceller, as JSON: 8 hybrids of G.168 x return loss 6, 10, 15 dB x no codec,
// A-law, µ-law x 0 to 1000 ms of delay, with recordings of people.
//   TALKPATH_SPEECH_DIR=$(node scripts/test/fetch.mjs speech) build/benchmarks-native/echo_cases [EVERY]
// EVERY 7 takes every seventh case. Built by: node scripts/setup.mjs --for-benchmarks
#include <cstdio>
#include <optional>
#include <string>

#include "arguments.h"
#include "dsp/echo_case.h"
#include "support/recordings.h"

namespace {

std::string Json(const std::optional<double>& db) {
  char text[16] = "null";
  if (db) std::snprintf(text, sizeof(text), "%.2f", *db);
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace talkpath::test;
  if (!Recordings::Available()) {
    std::fprintf(stderr, "TALKPATH_SPEECH_DIR has no folder: node scripts/test/fetch.mjs speech\n");
    return 1;
  }
  const int every = talkpath::CountArgument(argc, argv, 1, 1, 1);
  std::printf("[");
  for (int i = 0; i < kEchoCases; i += every) {
    const EchoCase c = EchoCaseAt(i);
    const EchoCaseResult r = RunEchoCase(c, true);
    constexpr const char* kCodecs[] = {"none", "alaw", "mulaw"};
    // Never locked: below 0.
    std::printf("%s\n{\"hybrid\":\"D.%d\",\"returnLossDb\":%.0f,\"codec\":\"%s\",\"delayMs\":%d,\"lockMs\":%.0f,\"residualDbfs\":%.1f,"
                "\"worstDbfs\":%.1f,\"erleDb\":%.1f,\"callerLossDb\":%s,\"erleBy100ms\":[",
                i == 0 ? "" : ",", c.hybrid + 2, c.return_loss_db, kCodecs[static_cast<size_t>(c.codec)], c.delay_ms, r.lock_ms.value_or(-1.0), r.residual_dbfs,
                r.worst_dbfs, r.enhancement_db, Json(r.caller_loss_db).c_str());
    for (size_t k = 0; k < r.enhancement_by_100ms.size(); ++k) std::printf("%s%.1f", k == 0 ? "" : ",", r.enhancement_by_100ms[k]);
    std::printf("]}");
    std::fflush(stdout);
  }
  std::printf("\n]\n");
}
