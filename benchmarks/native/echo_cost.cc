// What an echo canceller costs, as one line of JSON: processor time of its thread for each 10 ms at 16 kHz, the least of five
// runs, while it listens for an echo that is not there and while it removes one; to make one; to have a session with one when
// a call is set up, made then or ahead of it; and its memory.
//   build/benchmarks-native/echo_cost [SECONDS]        60 of audio each
// Built by: node scripts/setup.mjs --for-benchmarks
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "base/audio_format.h"
#include "dsp/echo_canceller.h"
#include "engine/spare_sessions.h"
#include "support/signals.h"
#include "support/speech_like.h"
#include "support/waiting.h"

namespace {

using namespace talkpath;
using namespace talkpath::test;

constexpr int kRateHz = 16000;
constexpr size_t kBlock = SamplesPerBlock(kRateHz);
constexpr size_t kEchoDelay = SamplesIn(180, kRateHz);
constexpr size_t kWarmUpBlocks = 300;

double ThreadMicroseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e6 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_nsec);
}

std::unique_ptr<EchoCanceller> Create() { return std::move(*EchoCanceller::Create(kRateHz, 1200, EchoCancellation::kAuto)); }

void Print(const char* name, std::vector<double> values) {
  std::ranges::sort(values);
  const auto part = [&](double share) { return values[static_cast<size_t>(share * static_cast<double>(values.size() - 1))]; };
  std::printf("\"%s\":{\"p50\":%.1f,\"p99\":%.1f,\"max\":%.1f},", name, part(0.5), part(0.99), values.back());
}

// A shared machine interrupts, but seldom the same block each time.
constexpr int kRuns = 5;

// The agent and the caller speak at once; with or without an echo of the agent.
std::vector<double> BlockCosts(int seconds, float echo_gain) {
  const Samples far_end = MakeSpeechLike({.duration_ms = 1000 * seconds, .level_dbfs = -20.0, .seed = 1}).samples;
  Samples near_end = MakeSpeechLike({.duration_ms = 1000 * seconds, .level_dbfs = -30.0, .seed = 2}).samples;
  for (size_t i = kEchoDelay; i < near_end.size(); ++i) near_end[i] += echo_gain * far_end[i - kEchoDelay];
  std::vector<double> costs;
  for (int run = 0; run < kRuns; ++run) {
    const auto canceller = Create();
    Samples heard = near_end;
    for (size_t at = 0, block = 0; at + kBlock <= heard.size(); at += kBlock, ++block) {
      const double began = ThreadMicroseconds();
      canceller->AnalyzeFarEnd(std::span<const float>(far_end).subspan(at, kBlock));
      canceller->Process(std::span(heard).subspan(at, kBlock));
      const double cost = ThreadMicroseconds() - began;
      if (run == 0) costs.push_back(cost);
      else costs[block] = std::min(costs[block], cost);
    }
    if (canceller->echo_found() != (echo_gain > 0.0f)) {
      std::fprintf(stderr, "an echo of gain %.1f was %sfound\n", echo_gain, echo_gain > 0.0f ? "not " : "");
      std::exit(1);
    }
  }
  costs.erase(costs.begin(), costs.begin() + kWarmUpBlocks);
  return costs;
}

struct SetUpCosts {
  std::vector<double> made;
  std::vector<double> spare;
};

SetUpCosts SessionCosts(int sessions) {
  constexpr SessionConfig kConfig = {.echo_cancellation = EchoCancellation::kAuto};
  SetUpCosts costs;
  SpareSessions spares;
  (void)spares.Take(kConfig);
  for (int i = 0; i < sessions; ++i) {
    (void)WaitUntil([&] { return spares.count() == SpareSessions::kOfOneKind; });
    double began = ThreadMicroseconds();
    const auto spare = spares.Take(kConfig);
    costs.spare.push_back(ThreadMicroseconds() - began);
    began = ThreadMicroseconds();
    const auto made = Session::Create(kConfig);
    costs.made.push_back(ThreadMicroseconds() - began);
  }
  return costs;
}

}  // namespace

int main(int argc, char** argv) {
  const int seconds = argc > 1 ? std::max(5, std::atoi(argv[1])) : 60;
  std::vector<double> creation;
  std::vector<std::unique_ptr<EchoCanceller>> cancellers;
  const size_t before = mallinfo2().uordblks;
  constexpr int kInstances = 100;
  for (int i = 0; i < kInstances; ++i) {
    const double began = ThreadMicroseconds();
    cancellers.push_back(Create());
    creation.push_back(ThreadMicroseconds() - began);
  }
  const size_t bytes = (mallinfo2().uordblks - before) / kInstances;
  cancellers.clear();
  std::printf("{");
  Print("listeningUs", BlockCosts(seconds, 0.0f));
  Print("removingUs", BlockCosts(seconds, 0.4f));
  Print("createUs", creation);
  const SetUpCosts sessions = SessionCosts(kInstances);
  Print("sessionMadeUs", sessions.made);
  Print("sessionTakenUs", sessions.spare);
  std::printf("\"bytes\":%zu}\n", bytes);
}
