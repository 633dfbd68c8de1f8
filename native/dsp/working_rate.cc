#include "dsp/working_rate.h"

#include "base/pcm.h"

namespace talkpath {

Result<WorkingRate> WorkingRate::Create(int sample_rate_hz, int working_rate_hz) {
  if (!IsStreamRate(sample_rate_hz) || sample_rate_hz > kMaxProcessingRateHz || sample_rate_hz % (1000 / kBlockMs) != 0) {
    return Fail("Expected a rate up to 48000 Hz with whole blocks for sample_rate_hz but received " + std::to_string(sample_rate_hz));
  }
  const auto in = ResamplerKernel::Get(sample_rate_hz, working_rate_hz);
  if (!in) return std::unexpected(in.error());
  const auto out = ResamplerKernel::Get(working_rate_hz, sample_rate_hz);
  if (!out) return std::unexpected(out.error());
  return WorkingRate(sample_rate_hz, working_rate_hz, *in, *out);
}

WorkingRate::WorkingRate(int sample_rate_hz, int working_rate_hz, const ResamplerKernel* in, const ResamplerKernel* out)
    : sample_rate_hz_(sample_rate_hz), rate_hz_(working_rate_hz) {
  in_.SetKernel(in);
  out_.SetKernel(out);
}

std::span<float> WorkingRate::In(std::span<const int16_t> block) noexcept TALKPATH_NONBLOCKING {
  const std::span<float> outer = std::span(outer_).first(block.size());
  ToFloat(block, outer);
  return std::span(inner_).first(in_.Process(outer, inner_));
}

void WorkingRate::Out(std::span<const float> block, std::span<int16_t> out) noexcept TALKPATH_NONBLOCKING {
  const size_t count = out_.Process(block, outer_);
  ToInt16(std::span(outer_).first(count), out);
}

}  // namespace talkpath
