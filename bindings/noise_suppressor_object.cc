#include "noise_suppressor_object.h"

#include "convert.h"
#include "dsp/noise_suppressor.h"
#include "dsp/working_rate.h"

namespace talkpath::bindings {
namespace {

// Measured at 16 kHz.
constexpr int64_t kBytes = 80 << 10;

}  // namespace

struct NoiseSuppressorObject::Stages {
  WorkingRate rate;
  std::unique_ptr<NoiseSuppressor> suppressor;
};

void NoiseSuppressorObject::Export(Napi::Env env, Napi::Object exports) {
  exports["NoiseSuppressor"] = DefineClass(env, "NoiseSuppressor",
                                           {InstanceMethod<&NoiseSuppressorObject::Process>("process"),
                                            InstanceMethod<&NoiseSuppressorObject::DelaySeconds>("delaySeconds"),
                                            InstanceMethod<&NoiseSuppressorObject::Close>("close")});
}

NoiseSuppressorObject::NoiseSuppressorObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NoiseSuppressorObject>(info) {
  const std::optional<int> rate_hz = IntegerOf(info[0], "sampleRateHz");
  if (!rate_hz) return;
  const std::optional<int> level = IntegerOf(info[1], "level");
  if (!level) return;
  auto rate = WorkingRate::Create(*rate_hz, WorkingRate::For(*rate_hz));
  if (!rate) {
    Throw(info.Env(), rate.error().message);
    return;
  }
  auto suppressor = NoiseSuppressor::Create(rate->rate_hz(), static_cast<NoiseSuppression>(*level));
  if (!suppressor) {
    Throw(info.Env(), suppressor.error().message);
    return;
  }
  stages_ = std::make_unique<Stages>(std::move(*rate), std::move(*suppressor));
  memory_.Report(info.Env(), kBytes);
}

Napi::Value NoiseSuppressorObject::Process(const Napi::CallbackInfo& info) {
  const std::span<const int16_t> in = Samples(info[0]);
  const std::span<int16_t> out = Samples(info[1]);
  if (!stages_ || in.size() != stages_->rate.block_samples() || out.size() != in.size()) return info.Env().Undefined();
  const std::span<float> block = stages_->rate.In(in);
  stages_->suppressor->Process(block);
  stages_->rate.Out(block, out);
  return info.Env().Undefined();
}

Napi::Value NoiseSuppressorObject::DelaySeconds(const Napi::CallbackInfo& info) {
  if (!stages_) return Napi::Number::New(info.Env(), 0);
  const WorkingRate& rate = stages_->rate;
  return Napi::Number::New(info.Env(), rate.in_delay_seconds() + NoiseSuppressor::DelaySeconds(rate.rate_hz()) + rate.out_delay_seconds());
}

Napi::Value NoiseSuppressorObject::Close(const Napi::CallbackInfo& info) {
  stages_.reset();
  memory_.Withdraw(info.Env());
  return info.Env().Undefined();
}

}  // namespace talkpath::bindings
