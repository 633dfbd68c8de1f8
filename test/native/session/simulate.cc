// Simulates a call and prints what came of it: talkpath_simulate SEED MINUTES.
#include <cstdio>
#include <cstdlib>

#include "base/clock.h"
#include "session/simulated_call.h"

int main(int count, char** arguments) {
  using namespace talkpath;
  if (count != 3) return std::fprintf(stderr, "usage: talkpath_simulate SEED MINUTES\n"), 2;
  const uint64_t seed = std::strtoull(arguments[1], nullptr, 10);
  const int minutes = std::atoi(arguments[2]);
  const int64_t from_ns = MonotonicNs();
  const test::SimulatedOutcome call = test::SimulatedCall(seed).Run(minutes * 60'000);
  const double took_s = static_cast<double>(MonotonicNs() - from_ns) / kNsPerSecond;

  const SessionSnapshot& counted = call.snapshot;
  std::printf("seed %llu, %d minutes of call in %.1f s\n", static_cast<unsigned long long>(seed), minutes, took_s);
  std::printf("frames: %llu of speech, %llu concealed, %llu of silence\n", static_cast<unsigned long long>(call.frames_of_speech),
              static_cast<unsigned long long>(call.frames_concealed), static_cast<unsigned long long>(call.frames_of_silence));
  constexpr const char* kCauses[] = {"provider late", "control stalled", "engine late", "line back-pressure", "set-up"};
  for (size_t i = 0; i < kGapCauses; ++i) {
    std::printf("gaps, %s: %llu episodes, %.0f ms\n", kCauses[i], static_cast<unsigned long long>(counted.gaps[i].episodes), counted.gaps[i].ms);
  }
  std::printf("silence trimmed %.0f ms, stretched %.0f ms\n", counted.trimmed_ms, counted.stretched_ms);
  std::printf("replies: %llu heard to the end, %llu cut; speech began %llu times\n", static_cast<unsigned long long>(call.replies_ended),
              static_cast<unsigned long long>(call.replies_flushed), static_cast<unsigned long long>(call.speech_starts));
  std::printf("hashes: line %016llx, agent %016llx, events %016llx\n", static_cast<unsigned long long>(call.line_hash),
              static_cast<unsigned long long>(call.agent_hash), static_cast<unsigned long long>(call.event_hash));
  for (const std::string& rule : call.broken) std::printf("BROKEN: %s\n", rule.c_str());
  return call.broken.empty() ? 0 : 1;
}
