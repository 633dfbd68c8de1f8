// What is fuzzed. Each target takes any bytes, does with them what a caller or a provider could make the engine
// do, and checks what must hold whatever they are.
#pragma once

#include <array>

#include "fuzz/fuzz_input.h"

namespace talkpath::fuzz {

void FuzzAudioQueue(FuzzInput& input);
void FuzzConcealer(FuzzInput& input);
void FuzzRateConverter(FuzzInput& input);
void FuzzResampler(FuzzInput& input);
void FuzzSession(FuzzInput& input);

struct Target {
  const char* name;
  void (*run)(FuzzInput&);
};

inline constexpr std::array kTargets = {
    Target{"audio_queue", FuzzAudioQueue}, Target{"concealer", FuzzConcealer}, Target{"rate_converter", FuzzRateConverter},
    Target{"resampler", FuzzResampler},    Target{"session", FuzzSession},
};

}  // namespace talkpath::fuzz
