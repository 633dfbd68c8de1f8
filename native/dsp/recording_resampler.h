// Changes the sample rate of recordings and prompts, at the best quality and off the live path.
//
// The signal itself is not delayed: output n falls on the instant n / output rate of the input. But output
// comes in bursts, up to 175 ms (below 8 kHz more) after the input it belongs to, so nothing live goes through here.
// int16 in and out, rounded to nearest, saturated and counted.
// Thread: any but tick, one at a time: everything here allocates.
// After: libsoxr's HQ and VHQ recipes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"

struct soxr;

namespace talkpath {

enum class RecordingQuality { kHigh, kVeryHigh };  // 20 and 28 bits

class RecordingResampler {
 public:
  static constexpr int kLowestRateHz = 1000;
  static constexpr int kHighestRateHz = 384000;

  // Fails for a rate out of range.
  static Result<void> CheckRates(int input_rate_hz, int output_rate_hz);

  // Fails as CheckRates() does. Takes some milliseconds.
  static Result<RecordingResampler> Create(int input_rate_hz, int output_rate_hz, RecordingQuality quality = RecordingQuality::kVeryHigh);

  // Takes `in` (any length) and returns what is ready. Fails only when memory does.
  Result<std::vector<int16_t>> Process(std::span<const int16_t> in);

  // Returns what was withheld: all output of the stream is then round(its input * output rate / input rate)
  // samples. The next Process() begins a stream of its own.
  Result<std::vector<int16_t>> Flush();

  // Output samples that the input so far is still owed.
  size_t withheld_samples() const;
  // Output samples, of all streams, that were beyond the range of int16.
  size_t clipped_samples() const;

 private:
  struct Delete {
    void operator()(soxr* resampler) const;
  };

  RecordingResampler(soxr* resampler, int input_rate_hz, int output_rate_hz);

  size_t Due() const;
  Result<std::vector<int16_t>> Run(std::span<const int16_t> in, size_t most);

  std::unique_ptr<soxr, Delete> resampler_;
  int input_rate_hz_;
  int output_rate_hz_;
  size_t taken_ = 0;  // of the stream at hand
  size_t given_ = 0;
  size_t clipped_ = 0;  // in the streams before
};

}  // namespace talkpath
