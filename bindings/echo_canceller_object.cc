#include "echo_canceller_object.h"

#include "convert.h"
#include "dsp/echo_canceller.h"
#include "dsp/noise_suppressor.h"
#include "dsp/working_rate.h"

namespace talkpath::bindings {
namespace {

// Measured: 450 to 700 KB, by rate and bulk delay.
constexpr int64_t kBytes = 640 << 10;

}  // namespace

struct EchoCancellerObject::Stages {
  int rate_hz;
  WorkingRate near_end;
  WorkingRate far_end;
  std::unique_ptr<EchoCanceller> canceller;
  std::unique_ptr<NoiseSuppressor> suppressor;  // null: off
};

void EchoCancellerObject::Export(Napi::Env env, Napi::Object exports) {
  exports["EchoCanceller"] = DefineClass(env, "EchoCanceller",
                                         {InstanceMethod<&EchoCancellerObject::Process>("process"),
                                          InstanceMethod<&EchoCancellerObject::State>("state"),
                                          InstanceMethod<&EchoCancellerObject::DelaySeconds>("delaySeconds"),
                                          InstanceMethod<&EchoCancellerObject::Close>("close")});
}

EchoCancellerObject::EchoCancellerObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EchoCancellerObject>(info) {
  const std::optional<int> rate_hz = IntegerOf(info[0], "sampleRateHz");
  if (!rate_hz) return;
  const std::optional<int> max_delay_ms = IntegerOf(info[1], "maxDelayMs");
  if (!max_delay_ms) return;
  const std::optional<int> level = IntegerWithin(info[2], "noiseSuppression", 0, static_cast<int>(NoiseSuppression::kHigh));
  if (!level) return;
  const std::optional<bool> always = BooleanOf(info[3], "always");
  if (!always) return;
  auto near_end = WorkingRate::Create(*rate_hz, WorkingRate::For(*rate_hz));
  auto far_end = WorkingRate::Create(*rate_hz, WorkingRate::For(*rate_hz));
  if (!near_end || !far_end) {
    Throw(info.Env(), (near_end ? far_end : near_end).error().message);
    return;
  }
  auto canceller = EchoCanceller::Create(near_end->rate_hz(), *max_delay_ms, *always ? EchoCancellation::kAlways : EchoCancellation::kAuto);
  if (!canceller) {
    Throw(info.Env(), canceller.error().message);
    return;
  }
  std::unique_ptr<NoiseSuppressor> suppressor;
  if (*level > 0) {
    auto made = NoiseSuppressor::Create(near_end->rate_hz(), static_cast<NoiseSuppression>(*level));
    if (!made) {
      Throw(info.Env(), made.error().message);
      return;
    }
    suppressor = std::move(*made);
  }
  stages_ = std::make_unique<Stages>(*rate_hz, std::move(*near_end), std::move(*far_end), std::move(*canceller), std::move(suppressor));
  memory_.Report(info.Env(), kBytes);
}

Napi::Value EchoCancellerObject::Process(const Napi::CallbackInfo& info) {
  const std::span<const int16_t> near_end = Samples(info[0]);
  const std::span<const int16_t> far_end = Samples(info[1]);
  const std::span<int16_t> out = Samples(info[2]);
  if (!stages_ || near_end.size() != stages_->near_end.block_samples() || far_end.size() != near_end.size() || out.size() != near_end.size()) {
    return info.Env().Undefined();
  }
  stages_->canceller->AnalyzeFarEnd(stages_->far_end.In(far_end));
  const std::span<float> block = stages_->near_end.In(near_end);
  stages_->canceller->Process(block);
  if (stages_->suppressor) stages_->suppressor->Process(block);
  stages_->near_end.Out(block, out);
  return info.Env().Undefined();
}

Napi::Value EchoCancellerObject::State(const Napi::CallbackInfo& info) {
  const std::span<float> fields = Floats(info[0]);
  if (!stages_ || fields.size() < 6) return info.Env().Undefined();
  const EchoCanceller& canceller = *stages_->canceller;
  const double delay_samples = canceller.echo_delay_ms() * stages_->rate_hz / 1000.0;
  fields[0] = canceller.removes() ? 1.0f : 0.0f;
  fields[1] = canceller.echo_found() ? 1.0f : 0.0f;
  fields[2] = canceller.echo_possible() ? 1.0f : 0.0f;
  fields[3] = canceller.caller_speaks() ? 1.0f : 0.0f;
  fields[4] = canceller.caller_probability();
  fields[5] = static_cast<float>(delay_samples);
  return info.Env().Undefined();
}

Napi::Value EchoCancellerObject::DelaySeconds(const Napi::CallbackInfo& info) {
  if (!stages_) return Napi::Number::New(info.Env(), 0);
  const WorkingRate& rate = stages_->near_end;
  const double suppressor = stages_->suppressor ? NoiseSuppressor::DelaySeconds(rate.rate_hz()) : 0.0;
  const double removing = IsTrue(info[0]) ? EchoCanceller::DelaySeconds(rate.rate_hz()) : 0.0;
  return Napi::Number::New(info.Env(), rate.in_delay_seconds() + removing + suppressor + rate.out_delay_seconds());
}

Napi::Value EchoCancellerObject::Close(const Napi::CallbackInfo& info) {
  stages_.reset();
  memory_.Withdraw(info.Env());
  return info.Env().Undefined();
}

}  // namespace talkpath::bindings
