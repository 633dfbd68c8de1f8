// Signals to send in at one end, and what to look for at the other.
//
// Samples are float on the int16 scale. Levels in dBFS are those of the mean power, 0 dBFS being a
// full-scale square wave, as in VoiceDecision; a full-scale sine therefore has -3.01 dBFS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/random.h"

namespace talkpath::test {

using Samples = std::vector<float>;
using Pcm = std::vector<int16_t>;

// A sine with its peak at `peak_dbfs` below full scale.
Samples Tone(double hz, double peak_dbfs, int rate_hz, size_t count, double phase = 0.0);
// White noise of this level.
Samples Noise(double level_dbfs, size_t count, Random& random);
Samples Constant(float value, size_t count);

// first, first + 1, …: shows what was lost, doubled or moved.
Pcm Ramp(int first, size_t count);

Pcm ToPcm(std::span<const float> samples);
Samples ToSamples(std::span<const int16_t> samples);

double LevelDbfs(std::span<const float> samples);
double LevelDbfs(std::span<const int16_t> samples);
// Scales to this level.
void SetLevel(std::span<float> samples, double level_dbfs);

// The lag, in samples, at which `heard` resembles `sent` most, between 0 and `longest_lag`.
size_t FindLag(std::span<const float> sent, std::span<const float> heard, size_t longest_lag);

}  // namespace talkpath::test
