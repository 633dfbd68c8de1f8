// A stage as the benchmarks see it: int16 in, int16 out, one block a call, whatever library does the work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace talkpath::benchmarks {

class Stage {
 public:
  virtual ~Stage() = default;

  // Takes a block and, for an echo canceller, the far end of the same 10 ms; returns how many samples of `out`
  // were written. A voice detector writes one: how probable speech is, of 32767.
  virtual size_t Process(std::span<const int16_t> in, std::span<const int16_t> far_end, std::span<int16_t> out) = 0;
};

// Each makes a stage by its name, or returns nullptr for a name that is another's.
std::unique_ptr<Stage> MakeResampler(const std::string& name, int input_rate_hz, int output_rate_hz);
std::unique_ptr<Stage> MakeEchoCanceller(const std::string& name, int sample_rate_hz, int tail_ms);
std::unique_ptr<Stage> MakeVoiceDetector(const std::string& name, int sample_rate_hz, int mode);

}  // namespace talkpath::benchmarks
