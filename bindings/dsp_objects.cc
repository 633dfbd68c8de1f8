#include "dsp_objects.h"

#include <array>

#include "base/pcm.h"
#include "convert.h"

namespace talkpath::bindings {
namespace {

// Measured: what an instance holds at 16 kHz.
constexpr int64_t kEchoCancellerBytes = 640 << 10;
constexpr int64_t kNoiseSuppressorBytes = 64 << 10;
constexpr int64_t kVoiceDetectorBytes = 4 << 10;
constexpr int64_t kWorkingRateBytes = 48 << 10;

int IntegerOf(const Napi::Value& value) { return value.As<Napi::Number>().Int32Value(); }

}  // namespace

void ExternalMemory::Report(Napi::Env env, int64_t bytes) {
  if (bytes != bytes_) Napi::MemoryManagement::AdjustExternalMemory(env, bytes - bytes_);
  bytes_ = bytes;
}

// ---- Resampler

void ResamplerObject::Export(Napi::Env env, Napi::Object exports) {
  exports["Resampler"] = DefineClass(env, "Resampler",
                                     {InstanceMethod<&ResamplerObject::OutputSamples>("outputSamples"),
                                      InstanceMethod<&ResamplerObject::Process>("process"),
                                      InstanceMethod<&ResamplerObject::Restart>("restart"),
                                      InstanceMethod<&ResamplerObject::DelaySeconds>("delaySeconds"),
                                      InstanceMethod<&ResamplerObject::Close>("close")});
}

ResamplerObject::ResamplerObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ResamplerObject>(info) {
  const auto kernel = ResamplerKernel::Get(IntegerOf(info[0]), IntegerOf(info[1]));
  if (!kernel) {
    Throw(info.Env(), kernel.error().message);
    return;
  }
  resampler_ = std::make_unique<Resampler>();
  resampler_->SetKernel(*kernel);
  input_.resize(SamplesPerFrame((*kernel)->input_rate_hz()));
  output_.resize(resampler_->MaxOutput(input_.size()));
  memory_.Report(info.Env(), static_cast<int64_t>((input_.size() + output_.size() + kMaxBlockSamples * 11) * sizeof(float)));
}

Napi::Value ResamplerObject::OutputSamples(const Napi::CallbackInfo& info) {
  const size_t count = resampler_ ? resampler_->OutputFor(info[0].As<Napi::Number>().Uint32Value()) : 0;
  return Napi::Number::New(info.Env(), static_cast<double>(count));
}

Napi::Value ResamplerObject::Process(const Napi::CallbackInfo& info) {
  std::span<const int16_t> in = Samples(info[0]);
  const std::span<int16_t> out = Samples(info[1]);
  if (!resampler_ || out.size() < resampler_->OutputFor(in.size())) return Napi::Number::New(info.Env(), 0);
  size_t written = 0;
  while (!in.empty()) {
    const std::span<float> input = std::span(input_).first(std::min(in.size(), input_.size()));
    ToFloat(in.first(input.size()), input);
    const std::span<float> output = std::span(output_).first(resampler_->Process(input, output_));
    ToInt16(output, out.subspan(written));
    written += output.size();
    in = in.subspan(input.size());
  }
  return Napi::Number::New(info.Env(), static_cast<double>(written));
}

Napi::Value ResamplerObject::Restart(const Napi::CallbackInfo& info) {
  if (resampler_) resampler_->SetKernel(resampler_->kernel());
  return info.Env().Undefined();
}

Napi::Value ResamplerObject::DelaySeconds(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), resampler_ ? resampler_->delay_seconds() : 0.0);
}

Napi::Value ResamplerObject::Close(const Napi::CallbackInfo& info) {
  resampler_.reset();
  input_ = {};
  output_ = {};
  memory_.Withdraw(info.Env());
  return info.Env().Undefined();
}

// ---- EchoCanceller

struct EchoCancellerObject::Stages {
  WorkingRate near_end;
  WorkingRate far_end;
  std::unique_ptr<EchoCanceller> canceller;
  std::unique_ptr<NoiseSuppressor> suppressor;  // null: off
};

void EchoCancellerObject::Export(Napi::Env env, Napi::Object exports) {
  exports["EchoCanceller"] = DefineClass(env, "EchoCanceller",
                                         {InstanceMethod<&EchoCancellerObject::Process>("process"),
                                          InstanceMethod<&EchoCancellerObject::DelaySeconds>("delaySeconds"),
                                          InstanceMethod<&EchoCancellerObject::EchoReturnLossEnhancement>("echoReturnLossEnhancementDb"),
                                          InstanceMethod<&EchoCancellerObject::Close>("close")});
}

EchoCancellerObject::EchoCancellerObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EchoCancellerObject>(info) {
  const int rate_hz = IntegerOf(info[0]);
  auto near_end = WorkingRate::Create(rate_hz, WorkingRate::For(rate_hz));
  auto far_end = WorkingRate::Create(rate_hz, WorkingRate::For(rate_hz));
  if (!near_end || !far_end) {
    Throw(info.Env(), near_end.error().message);
    return;
  }
  auto canceller = EchoCanceller::Create(near_end->rate_hz(), IntegerOf(info[1]));
  if (!canceller) {
    Throw(info.Env(), canceller.error().message);
    return;
  }
  const auto level = static_cast<NoiseSuppression>(std::clamp(IntegerOf(info[2]), 0, 3));
  std::unique_ptr<NoiseSuppressor> suppressor;
  if (level != NoiseSuppression::kOff) {
    auto made = NoiseSuppressor::Create(near_end->rate_hz(), level);
    if (!made) {
      Throw(info.Env(), made.error().message);
      return;
    }
    suppressor = std::move(*made);
  }
  stages_ = std::make_unique<Stages>(std::move(*near_end), std::move(*far_end), std::move(*canceller), std::move(suppressor));
  memory_.Report(info.Env(), kEchoCancellerBytes + 2 * kWorkingRateBytes + (stages_->suppressor ? kNoiseSuppressorBytes : 0));
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

Napi::Value EchoCancellerObject::DelaySeconds(const Napi::CallbackInfo& info) {
  if (!stages_) return Napi::Number::New(info.Env(), 0);
  const WorkingRate& rate = stages_->near_end;
  const double suppressor = stages_->suppressor ? NoiseSuppressor::DelaySeconds(rate.rate_hz()) : 0.0;
  return Napi::Number::New(info.Env(),
                           rate.in_delay_seconds() + EchoCanceller::DelaySeconds(rate.rate_hz()) + suppressor + rate.out_delay_seconds());
}

Napi::Value EchoCancellerObject::EchoReturnLossEnhancement(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), stages_ ? stages_->canceller->echo_return_loss_enhancement_db() : 0.0);
}

Napi::Value EchoCancellerObject::Close(const Napi::CallbackInfo& info) {
  stages_.reset();
  memory_.Withdraw(info.Env());
  return info.Env().Undefined();
}

// ---- NoiseSuppressor

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
  const int rate_hz = IntegerOf(info[0]);
  auto rate = WorkingRate::Create(rate_hz, WorkingRate::For(rate_hz));
  if (!rate) {
    Throw(info.Env(), rate.error().message);
    return;
  }
  auto suppressor = NoiseSuppressor::Create(rate->rate_hz(), static_cast<NoiseSuppression>(std::clamp(IntegerOf(info[1]), 1, 3)));
  if (!suppressor) {
    Throw(info.Env(), suppressor.error().message);
    return;
  }
  stages_ = std::make_unique<Stages>(std::move(*rate), std::move(*suppressor));
  memory_.Report(info.Env(), kNoiseSuppressorBytes + kWorkingRateBytes);
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

// ---- VoiceDetector

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
  memory_.Report(info.Env(), kVoiceDetectorBytes + kWorkingRateBytes);
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
