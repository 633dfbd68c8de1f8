#include "dsp/rate_converter.h"

#include <algorithm>

#include "dsp/recording_resampler.h"

namespace talkpath {
namespace {

constexpr size_t kPieceSamples = 1 << 14;

// Writes to the front of `output` and leaves the rest of it.
size_t Move(std::span<const int16_t> samples, std::span<int16_t>& output) {
  const size_t count = std::min(samples.size(), output.size());
  std::ranges::copy(samples.first(count), output.begin());
  output = output.subspan(count);
  return count;
}

}  // namespace

Result<size_t> ConvertedSamples(size_t samples, int input_rate_hz, int output_rate_hz) {
  if (const auto checked = RecordingResampler::CheckRates(input_rate_hz, output_rate_hz); !checked) return std::unexpected(checked.error());
  const auto in = static_cast<uint64_t>(input_rate_hz);
  return (samples * static_cast<uint64_t>(output_rate_hz) + in / 2) / in;
}

Result<size_t> ConvertRate(std::span<const int16_t> samples, int input_rate_hz, int output_rate_hz, std::span<int16_t> output) {
  auto resampler = RecordingResampler::Create(input_rate_hz, output_rate_hz);
  if (!resampler) return std::unexpected(resampler.error());
  if (input_rate_hz == output_rate_hz) return Move(samples, output);
  size_t written = 0;
  while (!samples.empty()) {
    const auto piece = samples.first(std::min(samples.size(), kPieceSamples));
    const auto converted = resampler->Process(piece);
    if (!converted) return std::unexpected(converted.error());
    written += Move(*converted, output);
    samples = samples.subspan(piece.size());
  }
  const auto rest = resampler->Flush();
  if (!rest) return std::unexpected(rest.error());
  return written + Move(*rest, output);
}

Result<std::vector<int16_t>> ConvertRate(std::span<const int16_t> samples, int input_rate_hz, int output_rate_hz) {
  const auto count = ConvertedSamples(samples.size(), input_rate_hz, output_rate_hz);
  if (!count) return std::unexpected(count.error());
  std::vector<int16_t> output(*count);
  const auto written = ConvertRate(samples, input_rate_hz, output_rate_hz, output);
  if (!written) return std::unexpected(written.error());
  output.resize(*written);
  return output;
}

}  // namespace talkpath
