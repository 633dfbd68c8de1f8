#include "dsp/voice_detector.h"

#include <algorithm>

#include "dsp/voice_weights.h"

namespace talkpath {
namespace {

constexpr std::array<VoiceBelief::Thresholds, VoiceDetector::kModes> kThresholds = {{
    {.possible = 0.2f, .certain = 0.45f, .over = 0.4f},
    {.possible = 0.3f, .certain = 0.55f, .over = 0.5f},
    {.possible = 0.4f, .certain = 0.65f, .over = 0.6f},
    {.possible = 0.55f, .certain = 0.8f, .over = 0.75f},
}};  // by mode

}  // namespace

Result<std::unique_ptr<VoiceDetector>> VoiceDetector::Create(int sample_rate_hz, int mode) {
  if (std::ranges::find(kRatesHz, sample_rate_hz) == kRatesHz.end()) {
    return Fail("Expected 8000, 12000, 16000, 24000, 32000, 44100 or 48000 for sample_rate_hz of the voice detector but received " +
                std::to_string(sample_rate_hz));
  }
  if (mode < 0 || mode >= kModes) {
    return Fail("Expected integer between 0 and " + std::to_string(kModes - 1) + " for mode of the voice detector but received " + std::to_string(mode));
  }
  const auto kernel = ResamplerKernel::Get(sample_rate_hz, VoiceFeatures::kRateHz);
  if (!kernel) return std::unexpected(kernel.error());
  return std::unique_ptr<VoiceDetector>(new VoiceDetector(*kernel, kThresholds[static_cast<size_t>(mode)]));
}

const VoiceDetector::Network::Weights& VoiceDetector::Weights() {
  static_assert(Network::Fits(voice_weights::kNetwork));
  static const Network::Weights weights(voice_weights::kNetwork);
  return weights;
}

VoiceDetector::VoiceDetector(const ResamplerKernel* kernel, const VoiceBelief::Thresholds& thresholds)
    : block_samples_(SamplesPerBlock(kernel->input_rate_hz())), network_(Weights()), belief_(thresholds) {
  resampler_.SetKernel(kernel);
}

VoiceDecision VoiceDetector::Process(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  if (block.size() != block_samples_ || resampler_.Process(block, block_) != VoiceFeatures::kBlock) return {};  // no whole block: not reached
  measure_.Process(std::span(block_).first<VoiceFeatures::kBlock>(), features_);
  const float probability = network_.Process(features_);
  return {.speech = belief_.Process(probability), .probability = probability};
}

}  // namespace talkpath
