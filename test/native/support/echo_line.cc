#include "support/echo_line.h"

#include <algorithm>
#include <cmath>

#include "base/audio_format.h"
#include "base/pcm.h"
#include "dsp/g711.h"

namespace talkpath::test {

EchoLine::EchoLine(EchoLineSpec spec) : spec_(std::move(spec)), random_(spec_.seed) {}

float EchoLine::ThroughCodec(float sample) const {
  switch (spec_.codec) {
    case Codec::kAlaw: return g711::DecodeAlaw(g711::EncodeAlaw(ToInt16(sample)));
    case Codec::kMulaw: return g711::DecodeMulaw(g711::EncodeMulaw(ToInt16(sample)));
    case Codec::kNone: break;
  }
  return ToInt16(sample);
}

Samples EchoLine::Process(std::span<const float> far_end, std::span<const float> caller) {
  const float gain = static_cast<float>(std::pow(10.0, -spec_.return_loss_db / 20.0));
  const float limit = kFullScale * static_cast<float>(std::pow(10.0, spec_.clips_at_dbfs / 20.0));
  const float noise = kFullScale * static_cast<float>(std::pow(10.0, spec_.noise_dbfs / 20.0));
  const auto delay = static_cast<ptrdiff_t>(SamplesIn(spec_.delay_ms, kRateHz));
  Samples line(far_end.size());
  for (size_t i = 0; i < far_end.size(); ++i) {
    played_.push_back(std::clamp(ThroughCodec(far_end[i]), -limit, limit));
    const ptrdiff_t newest = static_cast<ptrdiff_t>(played_.size()) - 1 - delay;
    float echo = 0.0f;
    const ptrdiff_t taps = std::min<ptrdiff_t>(static_cast<ptrdiff_t>(spec_.response.size()), newest + 1);
    for (ptrdiff_t tap = 0; tap < taps; ++tap) echo += spec_.response[static_cast<size_t>(tap)] * played_[static_cast<size_t>(newest - tap)];
    const float hiss = noise > 1e-3f ? noise * static_cast<float>(random_.Gaussian()) : 0.0f;
    line[i] = ThroughCodec(gain * echo + caller[i] + hiss);
  }
  return line;
}

std::vector<float> ScaledToLose(std::vector<float> response, std::span<const float> far_end) {
  EchoLine line({.response = response, .return_loss_db = 0.0});
  const double gain_db = LevelDbfs(line.Process(far_end)) - LevelDbfs(far_end);
  for (float& tap : response) tap *= static_cast<float>(std::pow(10.0, -gain_db / 20.0));
  return response;
}

}  // namespace talkpath::test
