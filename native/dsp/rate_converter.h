// Converts whole recordings and prompts from one rate to another, at the best quality and off the live path.
//
// Thread: any but tick: it allocates, and takes milliseconds for a second of audio.
// After: RecordingResampler, fed in pieces: hours take no more memory than what they become.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace talkpath {

// What `samples` become: times output_rate_hz / input_rate_hz, rounded. The rates are those of RecordingResampler.
Result<size_t> ConvertedSamples(size_t samples, int input_rate_hz, int output_rate_hz);

// Writes them to `output`, time-aligned with the input: no delay. Returns how many; no more than it has room for.
Result<size_t> ConvertRate(std::span<const int16_t> samples, int input_rate_hz, int output_rate_hz, std::span<int16_t> output);

// The same into memory of its own.
Result<std::vector<int16_t>> ConvertRate(std::span<const int16_t> samples, int input_rate_hz, int output_rate_hz);

}  // namespace talkpath
