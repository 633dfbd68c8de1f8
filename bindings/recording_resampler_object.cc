#include "recording_resampler_object.h"

#include <algorithm>
#include <vector>

#include "convert.h"

namespace talkpath::bindings {
namespace {

// Measured from 24 to 8 kHz.
constexpr int64_t kBytes = 176 << 10;

// libsoxr's stages take blocks of different lengths, which beat: the longest wait comes late. Of 200 pairs of rates
// such a trial missed it by 4.5 % at most.
constexpr double kLeastTrialSeconds = 2.0;
constexpr double kTrialWaits = 10.0;
constexpr double kMissed = 1.05;

// Handed to libsoxr at a time, so that a recording of hours takes no memory but its own.
constexpr size_t kPieceSamples = 1 << 14;

// Copies what libsoxr gave into JavaScript's array, which has room, as MostOutput() is a bound. Returns how many.
size_t Copy(std::span<const int16_t> samples, std::span<int16_t> out) {
  const size_t count = std::min(samples.size(), out.size());
  std::ranges::copy(samples.first(count), out.begin());
  return count;
}

}  // namespace

void RecordingResamplerObject::Export(Napi::Env env, Napi::Object exports) {
  using Object = RecordingResamplerObject;
  exports["RecordingResampler"] =
      DefineClass(env, "RecordingResampler",
                  {InstanceMethod<&Object::OutputSamples>("outputSamples"), InstanceMethod<&Object::Process>("process"),
                   InstanceMethod<&Object::FlushSamples>("flushSamples"), InstanceMethod<&Object::Flush>("flush"),
                   InstanceMethod<&Object::LatencySeconds>("latencySeconds"), InstanceMethod<&Object::DelaySeconds>("delaySeconds"),
                   InstanceMethod<&Object::Close>("close")});
}

RecordingResamplerObject::RecordingResamplerObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<RecordingResamplerObject>(info) {
  const std::optional<int> input_rate_hz = IntegerOf(info[0], "inputRateHz");
  if (!input_rate_hz) return;
  const std::optional<int> output_rate_hz = IntegerOf(info[1], "outputRateHz");
  if (!output_rate_hz) return;
  input_rate_hz_ = *input_rate_hz;
  output_rate_hz_ = *output_rate_hz;
  auto made = RecordingResampler::Create(input_rate_hz_, output_rate_hz_);
  if (!made) {
    Throw(info.Env(), made.error().message);
    return;
  }
  resampler_ = std::move(*made);
  memory_.Report(info.Env(), kBytes);
}

Napi::Value RecordingResamplerObject::OutputSamples(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(MostOutput(CountOf(info[0]))));
}

Napi::Value RecordingResamplerObject::Process(const Napi::CallbackInfo& info) {
  const std::span<const int16_t> in = Samples(info[0]);
  const std::span<int16_t> out = Samples(info[1]);
  if (!resampler_) return Napi::Number::New(info.Env(), 0);
  const size_t most = MostOutput(in.size());
  if (out.size() < most) return Napi::Number::New(info.Env(), -static_cast<double>(most));
  size_t written = 0;
  for (size_t from = 0; from < in.size(); from += kPieceSamples) {
    const auto samples = resampler_->Process(in.subspan(from, std::min(kPieceSamples, in.size() - from)));
    if (!samples) return Throw(info.Env(), samples.error().message);
    written += Copy(*samples, out.subspan(written));
  }
  return Napi::Number::New(info.Env(), static_cast<double>(written));
}

Napi::Value RecordingResamplerObject::FlushSamples(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), resampler_ ? static_cast<double>(resampler_->withheld_samples()) : 0.0);
}

Napi::Value RecordingResamplerObject::Flush(const Napi::CallbackInfo& info) {
  const std::span<int16_t> out = Samples(info[0]);
  if (!resampler_ || out.size() < resampler_->withheld_samples()) return Napi::Number::New(info.Env(), 0);
  const auto samples = resampler_->Flush();
  if (!samples) return Throw(info.Env(), samples.error().message);
  return Napi::Number::New(info.Env(), static_cast<double>(Copy(*samples, out)));
}

Napi::Value RecordingResamplerObject::LatencySeconds(const Napi::CallbackInfo& info) {
  auto tried = RecordingResampler::Create(input_rate_hz_, output_rate_hz_);
  double most_seconds = 0.0;
  if (tried) {
    const std::vector<int16_t> millisecond(static_cast<size_t>(input_rate_hz_ / 1000));
    for (size_t taken = 0; taken < std::max(kLeastTrialSeconds, kTrialWaits * most_seconds) * input_rate_hz_; taken += millisecond.size()) {
      if (!tried->Process(millisecond)) break;
      most_seconds = std::max(most_seconds, static_cast<double>(tried->withheld_samples()) / output_rate_hz_);
    }
  }
  return Napi::Number::New(info.Env(), kMissed * most_seconds);
}

Napi::Value RecordingResamplerObject::DelaySeconds(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), 0); }

Napi::Value RecordingResamplerObject::Close(const Napi::CallbackInfo& info) {
  resampler_.reset();
  memory_.Withdraw(info.Env());
  return info.Env().Undefined();
}

size_t RecordingResamplerObject::MostOutput(size_t input_samples) const {
  if (!resampler_) return 0;
  // One more for rounding, and one that libsoxr may be ahead by.
  return resampler_->withheld_samples() + input_samples * static_cast<size_t>(output_rate_hz_) / static_cast<size_t>(input_rate_hz_) + 2;
}

}  // namespace talkpath::bindings
