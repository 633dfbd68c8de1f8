#include "voice_detector_object.h"

#include <array>

#include "base/audio_format.h"
#include "base/pcm.h"
#include "convert.h"
#include "dsp/voice_detector.h"

namespace talkpath::bindings {
namespace {

// Measured; the same at every rate.
constexpr int64_t kBytes = 34 << 10;

}  // namespace

struct VoiceDetectorObject::Stages {
  std::unique_ptr<VoiceDetector> detector;
  size_t block_samples;
  std::array<float, kMaxBlockSamples> block;
};

void VoiceDetectorObject::Export(Napi::Env env, Napi::Object exports) {
  exports["VoiceDetector"] = DefineClass(env, "VoiceDetector",
                                         {InstanceMethod<&VoiceDetectorObject::Process>("process"),
                                          InstanceMethod<&VoiceDetectorObject::DelaySeconds>("delaySeconds"),
                                          InstanceMethod<&VoiceDetectorObject::Close>("close")});
}

VoiceDetectorObject::VoiceDetectorObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<VoiceDetectorObject>(info) {
  const std::optional<int> rate_hz = IntegerOf(info[0], "sampleRateHz");
  if (!rate_hz) return;
  const std::optional<int> mode = IntegerOf(info[1], "mode");
  if (!mode) return;
  auto detector = VoiceDetector::Create(*rate_hz, *mode);
  if (!detector) {
    Throw(info.Env(), detector.error().message);
    return;
  }
  stages_ = std::make_unique<Stages>(std::move(*detector), SamplesPerBlock(*rate_hz));
  memory_.Report(info.Env(), kBytes);
}

Napi::Value VoiceDetectorObject::Process(const Napi::CallbackInfo& info) {
  const std::span<const int16_t> block = Samples(info[0]);
  const std::span<float> fields = Floats(info[1]);
  if (!stages_ || block.size() != stages_->block_samples || fields.size() < 2) return info.Env().Undefined();
  const std::span floats = std::span(stages_->block).first(block.size());
  ToFloat(block, floats);
  const VoiceDecision decision = stages_->detector->Process(floats);
  fields[0] = decision.speech ? 1.0f : 0.0f;
  fields[1] = decision.probability;
  return info.Env().Undefined();
}

Napi::Value VoiceDetectorObject::DelaySeconds(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), stages_ ? stages_->detector->DelaySeconds() : 0.0);
}

Napi::Value VoiceDetectorObject::Close(const Napi::CallbackInfo& info) {
  stages_.reset();
  memory_.Withdraw(info.Env());
  return info.Env().Undefined();
}

}  // namespace talkpath::bindings
