// Says of each block how probable it is that somebody speaks in it.
//
// A small recurrent network over band energies and pitch, trained on telephone-like mixtures: see
// docs/engine/voice-detection.md. It works at 8 kHz; other rates are brought down to it first.
//
// Thread: tick. Process() does not allocate, lock, log or throw. Adds nothing to the audio; a decision is about
// the block at hand, and DelaySeconds() older where the rate is brought down.
#pragma once

#include <array>
#include <memory>
#include <span>

#include "base/realtime.h"
#include "base/result.h"
#include "dsp/gated_network.h"
#include "dsp/resampler.h"
#include "dsp/voice_belief.h"
#include "dsp/voice_features.h"

namespace talkpath {

struct VoiceDecision {
  bool speech = false;
  float probability = 0.0f;  // of speech in this block, 0 to 1
};

class VoiceDetector {
 public:
  static constexpr int kModes = 4;
  static constexpr std::array kRatesHz = {8000, 12000, 16000, 24000, 32000, 44100, 48000};

  // `sample_rate_hz` is one of kRatesHz; `mode` 0 (hears most) to kModes - 1 (believes least) is how probable speech must
  // be to be believed.
  static Result<std::unique_ptr<VoiceDetector>> Create(int sample_rate_hz, int mode);

  // Looks at one 10 ms block on the int16 scale.
  VoiceDecision Process(std::span<const float> block) noexcept TALKPATH_NONBLOCKING;

  double DelaySeconds() const noexcept { return resampler_.delay_seconds(); }

 private:
  using Network = GatedNetwork<VoiceFeatures::kCount, 48, 64>;
  static const Network::Weights& Weights();

  VoiceDetector(const ResamplerKernel* kernel, const VoiceBelief::Thresholds& thresholds);

  const size_t block_samples_;
  Resampler resampler_;
  std::array<float, VoiceFeatures::kBlock + 2> block_{};  // beyond a block, what MaxOutput() may promise and never writes
  std::array<float, VoiceFeatures::kCount> features_{};
  VoiceFeatures measure_;
  Network network_;
  VoiceBelief belief_;
};

}  // namespace talkpath
