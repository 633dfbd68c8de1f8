#include "voice_detector_object.h"

#include "convert.h"
#include "dsp/voice_detector.h"
#include "dsp/working_rate.h"

namespace talkpath::bindings {
namespace {

// Measured at 16 kHz.
constexpr int64_t kBytes = 56 << 10;

}  // namespace

struct VoiceDetectorObject::Stages {
  WorkingRate rate;
  std::unique_ptr<VoiceDetector> detector;
};

void VoiceDetectorObject::Export(Napi::Env env, Napi::Object exports) {
  exports["VoiceDetector"] = DefineClass(env, "VoiceDetector",
                                         {InstanceMethod<&VoiceDetectorObject::Process>("process"),
                                          InstanceMethod<&VoiceDetectorObject::DelaySeconds>("delaySeconds"),
                                          InstanceMethod<&VoiceDetectorObject::Close>("close")});
}

VoiceDetectorObject::VoiceDetectorObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<VoiceDetectorObject>(info) {
  const int rate_hz = IntegerOf(info[0]);
  auto rate = WorkingRate::Create(rate_hz, rate_hz == 8000 ? 8000 : WorkingRate::For(rate_hz));
  if (!rate) {
    Throw(info.Env(), rate.error().message);
    return;
  }
  auto detector = VoiceDetector::Create(rate->rate_hz(), IntegerOf(info[1]));
  if (!detector) {
    Throw(info.Env(), detector.error().message);
    return;
  }
  stages_ = std::make_unique<Stages>(std::move(*rate), std::move(*detector));
  memory_.Report(info.Env(), kBytes);
}

Napi::Value VoiceDetectorObject::Process(const Napi::CallbackInfo& info) {
  const std::span<const int16_t> block = Samples(info[0]);
  const std::span<float> fields = Floats(info[1]);
  if (!stages_ || block.size() != stages_->rate.block_samples() || fields.size() < 2) return info.Env().Undefined();
  const VoiceDecision decision = stages_->detector->Process(stages_->rate.In(block));
  fields[0] = decision.speech ? 1.0f : 0.0f;
  fields[1] = decision.probability;
  return info.Env().Undefined();
}

Napi::Value VoiceDetectorObject::DelaySeconds(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), stages_ ? stages_->rate.in_delay_seconds() : 0.0);
}

Napi::Value VoiceDetectorObject::Close(const Napi::CallbackInfo& info) {
  stages_.reset();
  memory_.Withdraw(info.Env());
  return info.Env().Undefined();
}

}  // namespace talkpath::bindings
