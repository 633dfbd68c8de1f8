// The learned part of the voice detector: one dense layer, one gated recurrent unit, one output.
//
// In: VoiceFeatures::kCount numbers a block. Out: how probable speech is. The weights, 8 bits each with a scale a
// row, are trained by scripts/training/voice-detector. After: Cho et al. 2014, in PyTorch's form (the reset gate
// applied after the product).
// Thread: Create() any but tick. Process() tick: does not allocate, lock, log or throw.
#pragma once

#include <array>
#include <span>

#include "base/realtime.h"
#include "dsp/voice_features.h"

namespace talkpath {

class VoiceNetwork {
 public:
  static constexpr size_t kInputs = VoiceFeatures::kCount;
  static constexpr size_t kHidden = 48;
  static constexpr size_t kState = 64;

  VoiceNetwork();

  float Process(std::span<const float, kInputs> features) noexcept TALKPATH_NONBLOCKING;

 private:
  struct Weights;
  static const Weights& Shared();

  const Weights& weights_;
  std::array<float, kState> state_{};
};

}  // namespace talkpath
