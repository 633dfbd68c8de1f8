// Something that a voice detector takes for speech: syllables of voiced and unvoiced sounds, with pauses.
//
// After: Klatt's source-filter synthesis, reduced to three formants and five vowels.
#pragma once

#include <cstdint>
#include <vector>

#include "support/signals.h"

namespace talkpath::test {

struct SpeechLike {
  Samples samples;
  std::vector<bool> active_blocks;  // whether a syllable sounds in each 10 ms
};

struct SpeechLikeSpec {
  int rate_hz = 16000;
  int duration_ms = 1000;
  double level_dbfs = -24.0;  // of the whole, pauses included
  uint64_t seed = 1;
  int pause_ms = 400;  // after every four to seven syllables; 0 for none
};

SpeechLike MakeSpeechLike(const SpeechLikeSpec& spec);

}  // namespace talkpath::test
