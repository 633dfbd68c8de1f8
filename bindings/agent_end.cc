#include "agent_end.h"

#include <algorithm>
#include <array>

#include "convert.h"
#include "engine_object.h"

namespace talkpath::bindings {
namespace {

constexpr int kMaxAgentRateHz = 48000;
constexpr int kMaxStartDepthMs = 1000;
constexpr size_t kEventFields = 6;
constexpr int kLastCommand = static_cast<int>(SessionCommandType::kDisarmBargeIn);

bool IsAgentRate(int rate_hz) { return IsStreamRate(rate_hz) && rate_hz <= kMaxAgentRateHz; }

}  // namespace

void AgentEnd::Export(Napi::Env env, Napi::Object exports) {
  exports["AgentEnd"] = DefineClass(env, "AgentEnd",
                                    {InstanceMethod<&AgentEnd::Drain>("drain"), InstanceMethod<&AgentEnd::NextEvent>("nextEvent"),
                                     InstanceMethod<&AgentEnd::Push>("push"), InstanceMethod<&AgentEnd::Command>("command"),
                                     InstanceMethod<&AgentEnd::Snapshot>("snapshot"), InstanceMethod<&AgentEnd::Release>("release")});
}

AgentEnd::AgentEnd(const Napi::CallbackInfo& info) : Napi::ObjectWrap<AgentEnd>(info) {
  const int64_t session_id = info[0].As<Napi::Number>().Int64Value();
  const std::optional<int> rate_hz = IntegerOf(info[1], "agentRateHz");
  if (!rate_hz) return;
  if (!IsAgentRate(*rate_hz)) {
    ThrowRate(info.Env(), "agentRateHz", *rate_hz, kMaxAgentRateHz);
    return;
  }
  const std::optional<int> start_depth_ms = IntegerWithin(info[2], "startDepthMs", kFrameMs, kMaxStartDepthMs);
  if (!start_depth_ms) return;
  if (const auto engine = RunningEngine()) session_ = engine->Hold(static_cast<Engine::SessionId>(session_id));
  if (!session_) {
    ThrowSessionGone(info.Env(), session_id);
  } else if (!session_->ClaimAgentEnd()) {
    session_.reset();
    Throw(info.Env(), "Session " + std::to_string(session_id) + " has its agent end already, and can have but one: open another session");
  } else {
    session_->AttachAgent(*rate_hz, *start_depth_ms);
  }
}

Napi::Value AgentEnd::Drain(const Napi::CallbackInfo& info) {
  if (!session_) return Napi::Number::New(info.Env(), 0);
  const std::span<uint8_t> bytes = Bytes(info[0]);
  std::array<int16_t, 1024> samples;
  size_t written = 0;
  for (;;) {
    const size_t room = std::min(samples.size(), (bytes.size() - written) / sizeof(int16_t));
    const size_t count = session_->DrainToAgent(std::span(samples).first(room));
    CopySamples(std::span<const int16_t>(samples).first(count), bytes.subspan(written));
    written += count * sizeof(int16_t);
    if (count < samples.size()) break;
  }
  return Napi::Number::New(info.Env(), static_cast<double>(written));
}

Napi::Value AgentEnd::NextEvent(const Napi::CallbackInfo& info) {
  if (!session_ || !info[0].IsTypedArray()) return Napi::Boolean::New(info.Env(), false);
  Napi::Float64Array fields = info[0].As<Napi::Float64Array>();
  if (fields.TypedArrayType() != napi_float64_array || fields.ElementLength() < kEventFields) return Napi::Boolean::New(info.Env(), false);
  const std::optional<SessionEvent> event = session_->NextEvent();
  if (!event) return Napi::Boolean::New(info.Env(), false);
  double* values = fields.Data();
  values[0] = static_cast<double>(event->type);
  values[1] = event->turn;
  values[2] = event->at_ms;
  values[3] = event->stream_ms;
  values[4] = event->played_ms;
  values[5] = event->ago_ms;
  return Napi::Boolean::New(info.Env(), true);
}

Napi::Value AgentEnd::Push(const Napi::CallbackInfo& info) {
  if (!session_) return Napi::Number::New(info.Env(), 0);
  const uint32_t turn = info[0].As<Napi::Number>().Uint32Value();
  std::span<uint8_t> bytes = Slice(Bytes(info[1]), info[2], info[3]);
  const int rate_hz = info[4].As<Napi::Number>().Int32Value();
  const bool ends_reply = IsTrue(info[5]);
  if (!IsAgentRate(rate_hz)) return ThrowRate(info.Env(), "rateHz", rate_hz, kMaxAgentRateHz);
  std::array<int16_t, 4096> samples;
  size_t taken = 0;
  do {
    if (!session_->HasPushSpace()) return Napi::Number::New(info.Env(), taken > 0 ? static_cast<double>(taken) : -1.0);
    const size_t count = CopySamples(bytes, samples);
    bytes = bytes.subspan(count * sizeof(int16_t));
    const bool last = bytes.size() < sizeof(int16_t);
    const size_t fitted = session_->PushFromAgent(turn, std::span(samples).first(count), rate_hz, ends_reply && last);
    taken += fitted * sizeof(int16_t);
    if (fitted < count) break;
  } while (bytes.size() >= sizeof(int16_t));
  return Napi::Number::New(info.Env(), static_cast<double>(taken));
}

Napi::Value AgentEnd::Command(const Napi::CallbackInfo& info) {
  if (!session_) return Napi::Boolean::New(info.Env(), false);
  const std::optional<int> type = IntegerWithin(info[0], "type", 0, kLastCommand);
  if (!type) return info.Env().Undefined();
  const SessionCommand command = {.type = static_cast<SessionCommandType>(*type), .turn = info[1].As<Napi::Number>().Uint32Value()};
  return Napi::Boolean::New(info.Env(), session_->Send(command));
}

Napi::Value AgentEnd::Snapshot(const Napi::CallbackInfo& info) {
  if (!session_) return info.Env().Undefined();
  return ToObject(info.Env(), session_->Snapshot());
}

Napi::Value AgentEnd::Release(const Napi::CallbackInfo& info) {
  session_.reset();
  return info.Env().Undefined();
}

}  // namespace talkpath::bindings
