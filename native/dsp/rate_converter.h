// Converts whole recordings and prompts from one rate to another, at the best quality and off the live path.
//
// Thread: any but tick: it allocates, and takes milliseconds for a second of audio.
// After: RecordingResampler, fed at once.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace talkpath {

// Returns round(samples.size() * output_rate_hz / input_rate_hz) samples, time-aligned with the input: no delay.
// The rates are those of RecordingResampler.
Result<std::vector<int16_t>> ConvertRate(std::span<const int16_t> samples, int input_rate_hz, int output_rate_hz);

}  // namespace talkpath
