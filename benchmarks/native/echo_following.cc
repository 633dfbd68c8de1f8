// How well the echo of a delay that keeps moving is followed, quiet and in noise, as JSON: the share of the agent's speech
// in which the tracker removes less than 3 and 10 dB of its echo, and how soon after a step it removes 5 dB again, if before the next.
//   TALKPATH_SPEECH_DIR=$(node scripts/test/fetch.mjs speech) build/benchmarks-native/echo_following [CALLS [FIRST_CALL]]       60 0
// Calls of 40 s on the lines of echo_turns, but the agent speaks all the time. Built by: node scripts/setup.mjs --for-benchmarks
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "arguments.h"
#include "base/audio_format.h"
#include "base/pcm.h"
#include "dsp/caller_detector.h"
#include "dsp/echo_case.h"
#include "dsp/echo_path_finder.h"
#include "dsp/hop_spectrum.h"
#include "support/echo_line.h"
#include "support/random.h"
#include "support/recordings.h"
#include "support/signals.h"

namespace {

using namespace talkpath;
using namespace talkpath::test;

constexpr int kLineHz = EchoLine::kRateHz;
constexpr int kMaxDelayMs = 1200;
constexpr int kCallMs = 40'000;
constexpr size_t kBlock = SamplesPerBlock(kLineHz);
// Echo that is weaker, or far below the noise, disturbs nobody.
constexpr double kAudibleDbfs = -45.0;
constexpr double kBelowNoiseDb = 3.0;
// Of the error's and the echo's power: some 30 ms are remembered.
constexpr double kKeep = 0.67;
constexpr double kFollowedDb = 5.0;
constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr size_t kSecondBlocks = 1000 / kBlockMs;

struct Condition {
  const char* name;
  bool noisy;
  bool caller_speaks;
};

struct Followed {
  size_t seconds = 0;
  size_t below_3_db = 0;
  size_t below_10_db = 0;
  std::vector<double> again_ms;  // of audible echo since each step, or kNever
};

struct CallSignals {
  Samples far_end;
  Samples line;
  Samples echo;  // of the line's, alone
  double noise_dbfs = 0.0;
  std::vector<bool> steps;  // by 10 ms: the delay has just moved
};

CallSignals MakeCall(int call, const Condition& condition) {
  Random random(static_cast<uint64_t>(call));
  const CallLine of_call = LineOfCall(call, 6.0, condition.noisy);
  EchoLineSpec spec = of_call.line;
  CallSignals signals{.far_end = AgentSpeech(static_cast<size_t>(random.Between(0, 10'000)), kCallMs), .noise_dbfs = spec.noise_dbfs};
  EchoLine line(spec);
  spec.noise_dbfs = -200.0;
  EchoLine echo(spec);
  Samples caller(signals.far_end.size(), 0.0f);
  if (condition.caller_speaks) {
    // Two seconds of every five.
    const Samples speech = CallerSpeech(static_cast<size_t>(call), kCallMs, of_call.caller_dbfs);
    for (size_t i = 0; i < caller.size(); ++i) caller[i] = i / (kLineHz / 2) % 10 < 6 ? 0.0f : speech[i];
  }
  int blocks_to_step = 100;
  for (size_t at = 0; at + kBlock <= signals.far_end.size(); at += kBlock) {
    const bool steps = --blocks_to_step == 0;
    if (steps) {
      blocks_to_step = random.Between(50, 300);
      const int delay_ms = spec.delay_ms + random.Between(-40, 40);
      line.set_delay_ms(delay_ms);
      echo.set_delay_ms(delay_ms);
    }
    const std::span far = std::span(signals.far_end).subspan(at, kBlock);
    const auto append = [](Samples& all, const Samples& more) { all.insert(all.end(), more.begin(), more.end()); };
    append(signals.line, line.Process(far, std::span(caller).subspan(at, kBlock)));
    append(signals.echo, echo.Process(far));
    signals.steps.push_back(steps);
  }
  return signals;
}

// The detector's near end at 8 kHz is not to be had: what it gets is brought down in the same way.
Samples AsTheTrackerHears(std::span<const float> at_echo_rate) {
  Resampler down;
  down.SetKernel(*ResamplerKernel::Get(kEchoRateHz, EchoTracker::kRateHz));
  Samples out(CallerDetector::kHeadStart + at_echo_rate.size(), 0.0f);
  size_t made = CallerDetector::kHeadStart;
  constexpr size_t kPiece = HopSpectrum::kBlockSamples;
  for (size_t at = 0; at + kPiece <= at_echo_rate.size(); at += kPiece) made += down.Process(at_echo_rate.subspan(at, kPiece), std::span(out).subspan(made));
  out.resize(made);
  return out;
}

void Follow(const CallSignals& signals, Followed& followed) {
  const Samples far = ToEchoRate(signals.far_end);
  const Samples near = ToEchoRate(signals.line);
  const Samples near_heard = AsTheTrackerHears(near);
  const Samples echo_heard = AsTheTrackerHears(ToEchoRate(signals.echo));
  EchoPathFinder finder(kMaxDelayMs);
  CallerDetector detector(kMaxDelayMs);
  double error_recently = 0.0;
  double echo_recently = 0.0;
  double error_of_second = 0.0;
  double echo_of_second = 0.0;
  size_t blocks_of_second = 0;
  bool lost = false;
  double lost_ms = 0.0;
  const double audible_dbfs = std::max(kAudibleDbfs, signals.noise_dbfs - kBelowNoiseDb);
  constexpr size_t kPiece = HopSpectrum::kBlockSamples;
  for (size_t at = 0; at + kPiece <= near.size(); at += kPiece) {
    const std::span far_piece = std::span(far).subspan(at, kPiece);
    const std::span near_piece = std::span(near).subspan(at, kPiece);
    const auto block = static_cast<size_t>(detector.blocks());
    const bool found = finder.Process(far_piece, near_piece, detector.known());
    detector.Process(far_piece, near_piece, finder, found);
    if (static_cast<size_t>(detector.blocks()) == block || block >= signals.steps.size()) continue;
    const std::span echo = std::span(echo_heard).subspan(block * kBlock, kBlock);
    double error = 0.0;
    for (size_t i = 0; i < kBlock; ++i) {
      const double left = echo[i] - (near_heard[block * kBlock + i] - detector.tracker().residual()[i]);
      error += left * left;
    }
    const double power = MeanSquare(echo) * kBlock;
    if (signals.steps[block]) {
      if (lost) followed.again_ms.push_back(kNever);
      lost = true;
      lost_ms = error_recently = echo_recently = 0.0;
    }
    if (LevelDbfs(echo) < audible_dbfs) continue;
    error_recently = kKeep * error_recently + error;
    echo_recently = kKeep * echo_recently + power;
    if (lost) {
      lost_ms += kBlockMs;
      lost = echo_recently < std::pow(10.0, kFollowedDb / 10.0) * error_recently;
      if (!lost) followed.again_ms.push_back(lost_ms);
    }
    error_of_second += error;
    echo_of_second += power;
    if (++blocks_of_second < kSecondBlocks) continue;
    const double removed_db = 10.0 * std::log10(echo_of_second / (error_of_second + 1.0));
    ++followed.seconds;
    followed.below_3_db += removed_db < 3.0;
    followed.below_10_db += removed_db < 10.0;
    error_of_second = echo_of_second = 0.0;
    blocks_of_second = 0;
  }
}

std::string Json(double ms) { return ms < kNever ? std::to_string(static_cast<int>(ms)) : "null"; }

}  // namespace

int main(int argc, char** argv) {
  if (!Recordings::Available()) {
    std::fprintf(stderr, "TALKPATH_SPEECH_DIR has no folder: node scripts/test/fetch.mjs speech\n");
    return 1;
  }
  const int calls = CountArgument(argc, argv, 1, 1, 60);
  const int first_call = CountArgument(argc, argv, 2, 0, 0);
  constexpr Condition kConditions[] = {{"quiet", false, false}, {"noise", true, false}, {"noise and a caller", true, true}};
  const char* separator = "[";
  for (const Condition& condition : kConditions) {
    Followed followed;
    for (int call = first_call; call < first_call + calls; ++call) Follow(MakeCall(call, condition), followed);
    std::ranges::sort(followed.again_ms);
    const auto part = [&](double share) {
      return followed.again_ms.empty() ? kNever : followed.again_ms[static_cast<size_t>(share * static_cast<double>(followed.again_ms.size() - 1))];
    };
    const double steps = static_cast<double>(std::max<size_t>(1, followed.again_ms.size()));
    const auto again = static_cast<double>(std::ranges::count_if(followed.again_ms, [](double ms) { return ms < kNever; }));
    const double seconds = static_cast<double>(std::max<size_t>(1, followed.seconds));
    std::printf("%s\n{\"line\":\"%s\",\"seconds\":%zu,\"below3DbPercent\":%.1f,\"below10DbPercent\":%.1f,\"steps\":%zu,\"againPercent\":%.1f,\"againMsP50\":%s,\"againMsP90\":%s}",
                separator, condition.name, followed.seconds, 100.0 * static_cast<double>(followed.below_3_db) / seconds,
                100.0 * static_cast<double>(followed.below_10_db) / seconds, followed.again_ms.size(), 100.0 * again / steps, Json(part(0.5)).c_str(), Json(part(0.9)).c_str());
    separator = ",";
  }
  std::printf("\n]\n");
}
