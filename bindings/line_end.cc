#include "line_end.h"

#include <algorithm>
#include <array>

#include "convert.h"
#include "engine_object.h"

namespace talkpath::bindings {

void LineEnd::Export(Napi::Env env, Napi::Object exports) {
  exports["LineEnd"] = DefineClass(env, "LineEnd",
                                   {InstanceMethod<&LineEnd::Push>("push"), InstanceMethod<&LineEnd::Drain>("drain"),
                                    InstanceMethod<&LineEnd::Snapshot>("snapshot"), InstanceMethod<&LineEnd::Release>("release")});
}

LineEnd::LineEnd(const Napi::CallbackInfo& info) : Napi::ObjectWrap<LineEnd>(info) {
  const int64_t session_id = info[0].As<Napi::Number>().Int64Value();
  if (const auto engine = RunningEngine()) session_ = engine->Hold(static_cast<Engine::SessionId>(session_id));
  if (!session_) {
    ThrowSessionGone(info.Env(), session_id);
  } else if (!session_->ClaimLineEnd()) {
    session_.reset();
    Throw(info.Env(), "Session " + std::to_string(session_id) + " has its line end already, and can have but one: open another session");
  }
}

Napi::Value LineEnd::Push(const Napi::CallbackInfo& info) {
  if (!session_) return Napi::Number::New(info.Env(), 0);
  std::span<uint8_t> bytes = Slice(Bytes(info[0]), info[1], info[2]);
  const int rate_hz = info[3].As<Napi::Number>().Int32Value();
  if (!IsStreamRate(rate_hz)) return ThrowRate(info.Env(), "rateHz", rate_hz);
  std::array<int16_t, 1024> samples;
  size_t taken = 0;
  while (bytes.size() >= sizeof(int16_t)) {
    const size_t count = CopySamples(bytes, samples);
    taken += session_->PushFromLine(std::span(samples).first(count), rate_hz);
    bytes = bytes.subspan(count * sizeof(int16_t));
  }
  return Napi::Number::New(info.Env(), static_cast<double>(taken * sizeof(int16_t)));
}

Napi::Value LineEnd::Drain(const Napi::CallbackInfo& info) {
  if (!session_) return Napi::Number::New(info.Env(), 0);
  const std::span<uint8_t> bytes = Bytes(info[0]);
  const size_t offset = std::min<size_t>(info[1].As<Napi::Number>().Uint32Value(), bytes.size());
  std::array<int16_t, kMaxLineFrameSamples> frame;
  const size_t room = std::min(frame.size(), (bytes.size() - offset) / sizeof(int16_t));
  const size_t frame_samples = SamplesPerFrame(session_->line_rate_hz());
  if (room < frame_samples) return Napi::Number::New(info.Env(), 0);
  const size_t count = session_->DrainToLine(std::span(frame).first(frame_samples));
  CopySamples(std::span<const int16_t>(frame).first(count), bytes.subspan(offset));
  return Napi::Number::New(info.Env(), static_cast<double>(count * sizeof(int16_t)));
}

Napi::Value LineEnd::Snapshot(const Napi::CallbackInfo& info) {
  if (!session_) return info.Env().Undefined();
  return ToObject(info.Env(), session_->Snapshot());
}

Napi::Value LineEnd::Release(const Napi::CallbackInfo& info) {
  session_.reset();
  return info.Env().Undefined();
}

}  // namespace talkpath::bindings
