// One call with an echo, run through the canceller: what it made of it.
#pragma once

#include <string>
#include <vector>

#include "dsp/echo_canceller.h"
#include "support/echo_line.h"
#include "support/signals.h"

namespace talkpath::test {

inline constexpr int kEchoRateHz = 16000;

// The agent speaks, 8 kHz, at this level where it speaks: prompts one after the other from the `first` one on.
Samples AgentSpeech(size_t first, int duration_ms, double level_dbfs = -20.0);
// A caller does, in the same way, over and over if need be.
Samples CallerSpeech(size_t caller, int duration_ms, double level_dbfs);

// 8 kHz to 16 kHz by the engine's own resampler.
Samples ToEchoRate(std::span<const float> at_8khz);

struct EchoTrace {
  Samples line;  // what the canceller was given
  Samples out;   // what it made of it, and
  std::vector<double> delay_ms;  // after each 10 ms, the echo's delay it had found; below 0 before
};

// Feeds 16 kHz in 10 ms blocks, one far, one near.
EchoTrace RunCanceller(EchoCanceller& canceller, std::span<const float> far_end, std::span<const float> line);

// Level in dBFS of each 10 ms block.
std::vector<double> BlockLevels(std::span<const float> samples, int rate_hz);

// Milliseconds of the agent's speech at the caller's end from block `from` until `delay_ms` was found within 4 ms plus
// `spread_ms`; below 0 if never.
double LockMs(const EchoTrace& trace, std::span<const float> far_end, double delay_ms, double spread_ms, size_t from = 0);

}  // namespace talkpath::test
