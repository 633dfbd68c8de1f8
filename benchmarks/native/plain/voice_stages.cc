// Our voice detector without Node around it.
#include <vector>

#include "base/pcm.h"
#include "dsp/voice_detector.h"
#include "stage.h"

namespace talkpath::benchmarks {
namespace {

class OurVoiceDetector final : public Stage {
 public:
  explicit OurVoiceDetector(std::unique_ptr<VoiceDetector> detector) : detector_(std::move(detector)) {}

  size_t Process(std::span<const int16_t> in, std::span<const int16_t>, std::span<int16_t> out) override {
    block_.resize(in.size());
    ToFloat(in, block_);
    out[0] = ToInt16(detector_->Process(block_).probability * 32767.0f);
    return 1;
  }

 private:
  std::unique_ptr<VoiceDetector> detector_;
  std::vector<float> block_;
};

}  // namespace

std::unique_ptr<Stage> MakeVoiceDetector(const std::string& name, int sample_rate_hz, int mode) {
  if (name != "our-voice-detector") return nullptr;
  auto detector = VoiceDetector::Create(sample_rate_hz, mode);
  return detector ? std::make_unique<OurVoiceDetector>(std::move(*detector)) : nullptr;
}

}  // namespace talkpath::benchmarks
