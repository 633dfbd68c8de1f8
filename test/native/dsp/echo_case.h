// One call with an echo, run through the canceller: what it made of it.
#pragma once

#include <optional>
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

// Of each 10 ms block, whether the agent's speech comes back in it over a path of this delay.
std::vector<bool> AgentReturns(std::span<const float> far_end, double delay_ms);

// Milliseconds of that speech from block `from` until the echo is locked: its delay is found within 4 ms plus `spread_ms`
// and stays so, and the residual is below -50 dBFS, for the next 300 ms of that speech. Nothing if that never comes.
std::optional<double> LockMs(const EchoTrace& trace, const std::vector<bool>& returns, double delay_ms, double spread_ms, size_t from = 0);

// The block before which one second of that speech has come back, counted from block `from`.
size_t SettledFrom(const std::vector<bool>& returns, size_t from = 0);

// By how much what was `said` is quieter in what is `heard`, in its frames above -40 dBFS: of each the part that is like it,
// so that nothing else that is heard counts as kept. `heard` may be a frame late. Nothing where nothing was said.
std::optional<double> LossDb(std::span<const float> said, std::span<const float> heard);

// Of one simulated call of many: each has another hybrid, delay (60 to 600 ms), codec and caller. In noise that is 5 to 25 dB
// below the caller's voice, or hardly any.
struct CallLine {
  EchoLineSpec line;
  double caller_dbfs = 0.0;
};
CallLine LineOfCall(int call, double return_loss_db, bool noisy);

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
  std::optional<double> lock_ms;  // LockMs()
  double residual_dbfs = 0.0;   // mean power after one second of that speech
  double worst_dbfs = 0.0;      // of single 10 ms, 99 of 100 are below
  double enhancement_db = 0.0;  // of the return loss, over the same time
  std::optional<double> caller_loss_db;  // LossDb() of the caller in double talk
  std::vector<double> enhancement_by_100ms;
};

// The agent speaks for seven seconds. With `double_talk` the caller speaks over the second half, in a second run.
EchoCaseResult RunEchoCase(const EchoCase& c, bool double_talk);

// How late the hybrid's strongest part is, at most: what a found delay may exceed the line's by.
inline constexpr double kLatestPeakMs = 4.5;

}  // namespace talkpath::test
