#include "dsp/rate_converter.h"

#include <soxr.h>

#include <cmath>
#include <string>

namespace talkpath {
namespace {

constexpr int kLowestRateHz = 1000;
constexpr int kHighestRateHz = 384000;

}  // namespace

Result<std::vector<int16_t>> ConvertRate(std::span<const int16_t> samples, int input_rate_hz, int output_rate_hz) {
  for (int rate_hz : {input_rate_hz, output_rate_hz}) {
    if (rate_hz < kLowestRateHz || rate_hz > kHighestRateHz) {
      return Fail("Expected a sample rate between 1000 and 384000 Hz but received " + std::to_string(rate_hz));
    }
  }
  if (input_rate_hz == output_rate_hz) return std::vector<int16_t>(samples.begin(), samples.end());
  const double ratio = static_cast<double>(output_rate_hz) / input_rate_hz;
  std::vector<int16_t> output(static_cast<size_t>(std::llround(static_cast<double>(samples.size()) * ratio)));
  if (output.empty()) return output;  // libsoxr wants an address, and an empty vector has none
  const soxr_io_spec_t format = soxr_io_spec(SOXR_INT16_I, SOXR_INT16_I);
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
  size_t made = 0;
  const soxr_error_t error =
      soxr_oneshot(input_rate_hz, output_rate_hz, 1, samples.data(), samples.size(), nullptr, output.data(), output.size(), &made, &format, &quality, &runtime);
  if (error) return Fail(std::string("libsoxr: ") + soxr_strerror(error));
  output.resize(made);
  return output;
}

}  // namespace talkpath
