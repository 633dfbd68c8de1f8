#include "dsp/noise_suppressor.h"

#include "dsp/voice_block.h"
#include "modules/audio_processing/ns/noise_suppressor.h"

namespace talkpath {
namespace {

webrtc::NsConfig ConfigFor(NoiseSuppression level) {
  using Level = webrtc::NsConfig::SuppressionLevel;
  webrtc::NsConfig config;
  config.target_level = level == NoiseSuppression::kLow ? Level::k6dB : level == NoiseSuppression::kModerate ? Level::k12dB : Level::k18dB;
  return config;
}

}  // namespace

struct NoiseSuppressor::Parts {
  Parts(int sample_rate_hz, NoiseSuppression level)
      : block(sample_rate_hz), suppressor(ConfigFor(level), static_cast<size_t>(sample_rate_hz), 1) {}
  VoiceBlock block;
  webrtc::NoiseSuppressor suppressor;
};

Result<std::unique_ptr<NoiseSuppressor>> NoiseSuppressor::Create(int sample_rate_hz, NoiseSuppression level) {
  if (!VoiceBlock::TakesRate(sample_rate_hz)) {
    return Fail("Expected 16000, 32000 or 48000 for sample_rate_hz of the noise suppressor but received " + std::to_string(sample_rate_hz));
  }
  if (level < NoiseSuppression::kLow || level > NoiseSuppression::kHigh) {
    return Fail("Expected 1 (low), 2 (moderate) or 3 (high) for level of the noise suppressor but received " + std::to_string(static_cast<int>(level)));
  }
  return std::unique_ptr<NoiseSuppressor>(new NoiseSuppressor(std::make_unique<Parts>(sample_rate_hz, level)));
}

NoiseSuppressor::NoiseSuppressor(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
NoiseSuppressor::~NoiseSuppressor() = default;

void NoiseSuppressor::Process(std::span<float> block) noexcept TALKPATH_NONBLOCKING {
  parts_->block.Load(block);
  TALKPATH_UNMARKED(parts_->suppressor.Analyze(parts_->block.buffer()));
  TALKPATH_UNMARKED(parts_->suppressor.Process(&parts_->block.buffer()));
  parts_->block.Store(block);
}

}  // namespace talkpath
