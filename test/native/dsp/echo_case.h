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

// One of the 432: eight hybrids, three return losses, three codecs, six delays.
struct EchoCase {
  int hybrid = 0;
  double return_loss_db = 10.0;
  Codec codec = Codec::kNone;
  int delay_ms = 0;
};
inline constexpr int kEchoCases = 8 * 3 * 3 * 6;
EchoCase EchoCaseAt(int index);
std::string NameOf(const EchoCase& c);

struct EchoCaseResult {
  double lock_ms = -1.0;        // of the agent's speech at the caller's end until the delay was found within 4 ms
  double residual_dbfs = 0.0;   // mean power after one second of that speech
  double worst_dbfs = 0.0;      // of single 10 ms, 99 of 100 are below
  double enhancement_db = 0.0;  // of the return loss, over the same time
  double caller_loss_db = 0.0;  // of the caller in double talk, where he speaks
  std::vector<double> enhancement_by_100ms;
};

// The agent speaks for seven seconds. With `double_talk` the caller speaks over the second half, in a second run.
EchoCaseResult RunEchoCase(const EchoCase& c, bool double_talk);

// How late the hybrid's strongest part is, at most: what a found delay may exceed the line's by.
inline constexpr double kLatestPeakMs = 4.5;

}  // namespace talkpath::test
