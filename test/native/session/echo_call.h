// A call with an echo, on a simulated clock: the agent speaks turn after turn through a whole Session, the line returns
// it, and in some turns a caller speaks over it.
#pragma once

#include <vector>

#include "session/session.h"
#include "support/echo_line.h"
#include "support/signals.h"

namespace talkpath::test {

struct EchoCallSpec {
  SessionConfig config;
  EchoLineSpec line;
  int turns = 10;
  double barge_in_share = 0.0;  // of the turns in which the caller speaks
  double caller_dbfs = -22.0;   // where the caller speaks
  int jitter_ms = 0;            // the line's delay moves by up to this, every half to three seconds
  int arrival_jitter_ms = 0;    // the line's frames come late by up to this
  uint64_t seed = 1;
};

struct EchoTurn {
  bool caller_spoke = false;
  double stop_ms = -1.0;      // from the caller's first sound until the agent stopped; below 0 if it did not
  int self_interruptions = 0; // pauses while nobody spoke
  double at_ms = 0.0;         // of the first of them, into the call
};

std::vector<EchoTurn> RunEchoCall(const EchoCallSpec& spec);

}  // namespace talkpath::test
