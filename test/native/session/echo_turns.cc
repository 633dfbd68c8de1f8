#include "session/echo_turns.h"

#include <algorithm>
#include <cmath>

#include "dsp/echo_case.h"
#include "session/echo_call.h"
#include "support/hybrids.h"

namespace talkpath::test {

EchoTurnCounts RunEchoTurns(const EchoTurnsSpec& spec) {
  EchoTurnCounts counts;
  const Samples agent = AgentSpeech(5, 20'000);
  for (int call = spec.first_call; call < spec.first_call + spec.calls; ++call) {
    Random random(static_cast<uint64_t>(call) * 77 + 5);
    EchoCallSpec c{.turns = spec.turns, .barge_in_share = spec.barge_in_share, .jitter_ms = spec.jitter_ms, .arrival_jitter_ms = 15, .seed = static_cast<uint64_t>(call) + 1};
    c.caller_dbfs = -15.0 - 15.0 * random.Uniform();
    const double snr_db = 5.0 + 20.0 * random.Uniform();
    const bool returns = std::isfinite(spec.return_loss_db);
    c.line = {.response = returns ? ScaledToLose(HybridResponse(call % kHybrids), agent) : std::vector<float>(),
              .return_loss_db = spec.return_loss_db,
              .delay_ms = random.Between(60, 600),
              .codec = call % 2 == 0 ? Codec::kAlaw : Codec::kMulaw,
              .noise_dbfs = spec.noisy || spec.barge_in_share > 0.0 ? c.caller_dbfs - snr_db : -65.0,
              .seed = static_cast<uint64_t>(call)};
    c.config.echo_cancellation = spec.when;
    for (const EchoTurn& turn : RunEchoCall(c)) {
      ++counts.turns;
      counts.self_interrupted += turn.self_interruptions > 0;
      if (!turn.caller_spoke) continue;
      ++counts.barge_ins;
      if (turn.stop_ms < 0.0) continue;
      ++counts.caught;
      counts.caught_within_500_ms += turn.stop_ms <= 500.0;
      counts.stop_ms.push_back(turn.stop_ms);
    }
  }
  std::ranges::sort(counts.stop_ms);
  return counts;
}

}  // namespace talkpath::test
