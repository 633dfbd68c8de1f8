// Ways to send a signal through a resampler, and the pairs of rates that calls use.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "dsp/resampler.h"
#include "support/build.h"
#include "support/random.h"
#include "support/signals.h"

namespace talkpath::test {

struct RatePair {
  int in_hz;
  int out_hz;

  std::string Name() const { return std::to_string(in_hz) + " to " + std::to_string(out_hz); }
  double LowerNyquistHz() const { return std::min(in_hz, out_hz) / 2.0; }
};

inline std::vector<RatePair> AllPairs() {
  std::vector<RatePair> pairs;
  for (int in_hz : {8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000}) {
    for (int out_hz : {8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000}) {
      if (in_hz != out_hz) pairs.push_back({in_hz, out_hz});
    }
  }
  return pairs;
}

// Those whose every figure is measured: all, but under a sanitizer, ten times as slow, the ones of most calls and the
// most uneven one.
inline std::vector<RatePair> MeasuredPairs() {
  if (!kSanitized) return AllPairs();
  return {{8000, 16000}, {16000, 8000}, {8000, 24000}, {24000, 8000}, {44100, 48000}};
}

inline Resampler ResamplerFor(RatePair pair) {
  Resampler resampler;
  resampler.SetKernel(*ResamplerKernel::Get(pair.in_hz, pair.out_hz));
  return resampler;
}

// Appends what `in` becomes; returns how many samples that were.
inline size_t Append(Resampler& resampler, std::span<const float> in, Samples& out) {
  const size_t before = out.size();
  out.resize(before + resampler.MaxOutput(in.size()));
  const size_t count = resampler.Process(in, std::span(out).subspan(before));
  out.resize(before + count);
  return count;
}

// A fresh resampler, fed in 20 ms frames.
inline Samples Resample(RatePair pair, std::span<const float> in) {
  Resampler resampler = ResamplerFor(pair);
  Samples out;
  const size_t frame = SamplesPerFrame(pair.in_hz);
  for (size_t at = 0; at < in.size(); at += frame) Append(resampler, in.subspan(at, std::min(frame, in.size() - at)), out);
  return out;
}

// A fresh resampler, fed in pieces of 1 to 37 ms, down to the single sample.
inline Samples ResampleRaggedly(RatePair pair, std::span<const float> in, uint64_t seed) {
  Resampler resampler = ResamplerFor(pair);
  Random random(seed);
  Samples out;
  while (!in.empty()) {
    const int longest = static_cast<int>(SamplesIn(37, pair.in_hz));
    const size_t wanted = random.Chance(0.1) ? 1 : static_cast<size_t>(random.Between(pair.in_hz / 1000, longest));
    const size_t count = std::min(wanted, in.size());
    Append(resampler, in.first(count), out);
    in = in.subspan(count);
  }
  return out;
}

}  // namespace talkpath::test
