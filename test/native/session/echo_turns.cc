#include "session/echo_turns.h"

#include <algorithm>

#include "dsp/echo_case.h"
#include "session/echo_call.h"

namespace talkpath::test {

EchoTurnCounts RunEchoTurns(const EchoTurnsSpec& spec) {
  EchoTurnCounts counts;
  for (int call = spec.first_call; call < spec.first_call + spec.calls; ++call) {
    const CallLine of_call = LineOfCall(call, spec.return_loss_db, spec.noisy || spec.barge_in_share > 0.0);
    EchoCallSpec c{.line = of_call.line,
                   .turns = spec.turns,
                   .barge_in_share = spec.barge_in_share,
                   .caller_dbfs = of_call.caller_dbfs,
                   .jitter_ms = spec.jitter_ms,
                   .arrival_jitter_ms = 15,
                   .seed = static_cast<uint64_t>(call) + 1};
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
