// Many calls with an echo: how often the agent stopped for nobody, how often and how soon for a caller.
//
// Each call has another line (LineOfCall in dsp/echo_case.h); 6 dB of return loss, and a delay that moves by up to 40 ms every
// half to three seconds.
#pragma once

#include <vector>

#include "dsp/echo_canceller.h"

namespace talkpath::test {

struct EchoTurnsSpec {
  int calls = 100;
  int turns = 10;  // a call
  double barge_in_share = 0.0;  // of turns in which a caller speaks; in noise, 5 to 25 dB below the voice
  bool noisy = false;  // in the same noise where nobody speaks
  EchoCancellation when = EchoCancellation::kAuto;
  double return_loss_db = 6.0;  // infinite: the line returns nothing
  int jitter_ms = 40;
  int first_call = 0;
};

struct EchoTurnCounts {
  int turns = 0;
  int self_interrupted = 0;  // turns with one or more pauses while nobody spoke
  int barge_ins = 0;
  int caught = 0;  // within 1.8 s of the caller's first sound, of which a second and a half is speech
  int caught_within_500_ms = 0;
  std::vector<double> stop_ms;  // in ascending order
};

EchoTurnCounts RunEchoTurns(const EchoTurnsSpec& spec);

}  // namespace talkpath::test
