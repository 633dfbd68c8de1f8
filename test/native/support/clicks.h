// Finds clicks: where a smooth signal bends far more sharply than its own frequency allows.
#pragma once

#include <cstddef>
#include <span>

namespace talkpath::test {

struct SharpestBend {
  double second_difference = 0.0;
  size_t at = 0;  // index of the middle sample
};

// The largest second difference; a tone of amplitude a and angular frequency w has at most a w².
SharpestBend FindSharpestBend(std::span<const float> samples);

// How many times sharper than a tone of this frequency and peak ever bends; a click has many.
double ClickFactor(std::span<const float> samples, double hz, double peak, int rate_hz);

}  // namespace talkpath::test
