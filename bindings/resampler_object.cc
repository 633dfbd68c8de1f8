#include "resampler_object.h"

#include <algorithm>

#include "base/pcm.h"
#include "convert.h"

namespace talkpath::bindings {
namespace {

// Measured: a resampler's memory of the past and the frame at hand.
constexpr int64_t kBytes = 24 << 10;

}  // namespace

void ResamplerObject::Export(Napi::Env env, Napi::Object exports) {
  exports["Resampler"] = DefineClass(
      env, "Resampler",
      {InstanceMethod<&ResamplerObject::OutputSamples>("outputSamples"), InstanceMethod<&ResamplerObject::Process>("process"),
       InstanceMethod<&ResamplerObject::FlushSamples>("flushSamples"), InstanceMethod<&ResamplerObject::Flush>("flush"),
       InstanceMethod<&ResamplerObject::DelaySeconds>("latencySeconds"), InstanceMethod<&ResamplerObject::DelaySeconds>("delaySeconds"),
       InstanceMethod<&ResamplerObject::Close>("close")});
}

ResamplerObject::ResamplerObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ResamplerObject>(info) {
  const std::optional<int> input_rate_hz = IntegerOf(info[0], "inputRateHz");
  if (!input_rate_hz) return;
  const std::optional<int> output_rate_hz = IntegerOf(info[1], "outputRateHz");
  if (!output_rate_hz) return;
  const auto kernel = ResamplerKernel::Get(*input_rate_hz, *output_rate_hz);
  if (!kernel) {
    Throw(info.Env(), kernel.error().message);
    return;
  }
  resampler_ = std::make_unique<Resampler>();
  resampler_->SetKernel(*kernel);
  input_.resize(SamplesPerFrame((*kernel)->input_rate_hz()));
  output_.resize(resampler_->MaxOutput(input_.size()));
  memory_.Report(info.Env(), kBytes + static_cast<int64_t>((input_.size() + output_.size()) * sizeof(float)));
}

Napi::Value ResamplerObject::OutputSamples(const Napi::CallbackInfo& info) {
  const size_t count = resampler_ ? resampler_->OutputFor(CountOf(info[0])) : 0;
  return Napi::Number::New(info.Env(), static_cast<double>(count));
}

Napi::Value ResamplerObject::Process(const Napi::CallbackInfo& info) {
  const std::span<const int16_t> in = Samples(info[0]);
  const std::span<int16_t> out = Samples(info[1]);
  if (!resampler_) return Napi::Number::New(info.Env(), 0);
  const size_t count = resampler_->OutputFor(in.size());
  if (out.size() < count) return Napi::Number::New(info.Env(), -static_cast<double>(count));
  begun_ = begun_ || !in.empty();
  return Napi::Number::New(info.Env(), static_cast<double>(Convert(in, out)));
}

Napi::Value ResamplerObject::FlushSamples(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), resampler_ ? static_cast<double>(resampler_->OutputFor(FlushInput())) : 0.0);
}

Napi::Value ResamplerObject::Flush(const Napi::CallbackInfo& info) {
  const std::span<int16_t> out = Samples(info[0]);
  if (!resampler_ || out.size() < resampler_->OutputFor(FlushInput())) return Napi::Number::New(info.Env(), 0);
  const size_t written = Convert(std::vector<int16_t>(FlushInput()), out);
  resampler_->SetKernel(resampler_->kernel());
  begun_ = false;
  return Napi::Number::New(info.Env(), static_cast<double>(written));
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

// Silence that takes all of the stream out: as many samples as the next output may be made of, besides the newest.
size_t ResamplerObject::FlushInput() const {
  return !begun_ || resampler_->kernel()->is_copy() ? 0 : resampler_->kernel()->taps_per_phase() - 1;
}

size_t ResamplerObject::Convert(std::span<const int16_t> in, std::span<int16_t> out) {
  size_t written = 0;
  while (!in.empty()) {
    const std::span<float> input = std::span(input_).first(std::min(in.size(), input_.size()));
    ToFloat(in.first(input.size()), input);
    const std::span<float> output = std::span(output_).first(resampler_->Process(input, output_));
    ToInt16(output, out.subspan(written));
    written += output.size();
    in = in.subspan(input.size());
  }
  return written;
}

}  // namespace talkpath::bindings
