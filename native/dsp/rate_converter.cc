#include "dsp/rate_converter.h"

#include <algorithm>

#include "dsp/recording_resampler.h"

namespace talkpath {

Result<std::vector<int16_t>> ConvertRate(std::span<const int16_t> samples, int input_rate_hz, int output_rate_hz) {
  auto resampler = RecordingResampler::Create(input_rate_hz, output_rate_hz);
  if (!resampler) return std::unexpected(resampler.error());
  if (input_rate_hz == output_rate_hz) return std::vector<int16_t>(samples.begin(), samples.end());
  auto output = resampler->Process(samples);
  if (!output) return output;
  const auto rest = resampler->Flush();
  if (!rest) return rest;
  output->insert(output->end(), rest->begin(), rest->end());
  return output;
}

}  // namespace talkpath
