#include "convert.h"

#include <algorithm>

namespace talkpath::bindings {
namespace {

Napi::Object ToObject(Napi::Env env, const TickHistogram& histogram) {
  Napi::Object object = Napi::Object::New(env);
  Napi::Array counts = Napi::Array::New(env, histogram.counts.size());
  for (uint32_t i = 0; i < histogram.counts.size(); ++i) counts[i] = static_cast<double>(histogram.counts[i]);
  object["counts"] = counts;
  object["sumSeconds"] = histogram.sum_seconds;
  object["maxSeconds"] = histogram.max_seconds;
  return object;
}

Napi::Array ToArray(Napi::Env env, const std::vector<TickHistogram>& histograms) {
  Napi::Array array = Napi::Array::New(env, histograms.size());
  for (uint32_t i = 0; i < histograms.size(); ++i) array[i] = ToObject(env, histograms[i]);
  return array;
}

// One call into Node, which refuses anything but a typed array.
template <typename T>
std::span<T> Elements(const Napi::Value& value, napi_typedarray_type wanted) {
  napi_typedarray_type type;
  size_t length = 0;
  void* data = nullptr;
  const napi_status status = napi_get_typedarray_info(value.Env(), value, &type, &length, &data, nullptr, nullptr);
  if (status != napi_ok || type != wanted || !data) return {};
  return {static_cast<T*>(data), length};
}

int IntegerAt(const Napi::Object& object, const char* name) { return static_cast<int>(NumberAt(object, name)); }

}  // namespace

std::span<uint8_t> Bytes(const Napi::Value& value) { return Elements<uint8_t>(value, napi_uint8_array); }
std::span<int16_t> Samples(const Napi::Value& value) { return Elements<int16_t>(value, napi_int16_array); }
std::span<float> Floats(const Napi::Value& value) { return Elements<float>(value, napi_float32_array); }

std::span<uint8_t> Slice(std::span<uint8_t> bytes, const Napi::Value& offset, const Napi::Value& count) {
  const size_t from = std::min<size_t>(offset.As<Napi::Number>().Uint32Value(), bytes.size());
  return bytes.subspan(from, std::min<size_t>(count.As<Napi::Number>().Uint32Value(), bytes.size() - from));
}

int IntegerOf(const Napi::Value& value) { return value.As<Napi::Number>().Int32Value(); }

double NumberAt(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  return value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : 0.0;
}

bool BooleanAt(const Napi::Object& object, const char* name) { return object.Get(name).ToBoolean(); }

EngineConfig ToEngineConfig(const Napi::Object& options) {
  return {.workers = IntegerAt(options, "workers"), .realtime_priority = BooleanAt(options, "realtime")};
}

SessionConfig ToSessionConfig(const Napi::Object& options) {
  SessionConfig config;
  config.line_rate_hz = IntegerAt(options, "lineRateHz");
  config.high_pass_hz = static_cast<float>(NumberAt(options, "highPassHz"));
  config.noise_suppression = static_cast<NoiseSuppression>(std::clamp(IntegerAt(options, "noiseSuppression"), 0, 3));
  config.echo_cancellation = static_cast<EchoCancellation>(std::clamp(IntegerAt(options, "echoCancellation"), 0, 2));
  config.echo_max_delay_ms = IntegerAt(options, "echoMaxDelayMs");
  config.voice_mode = IntegerAt(options, "voiceMode");
  config.comfort_noise_dbfs = static_cast<float>(NumberAt(options, "comfortNoiseDbfs"));
  config.speech = {.onset_ms = IntegerAt(options, "speechOnsetMs"), .hangover_ms = IntegerAt(options, "speechHangoverMs")};
  return config;
}

Napi::Object ToObject(Napi::Env env, const SessionSnapshot& snapshot) {
  Napi::Object object = Napi::Object::New(env);
  object["lineSamplesIn"] = static_cast<double>(snapshot.line_samples_in);
  object["lineSamplesDropped"] = static_cast<double>(snapshot.line_samples_dropped);
  object["lineMsMissing"] = static_cast<double>(snapshot.line_ms_missing);
  object["lineMsSurplus"] = static_cast<double>(snapshot.line_ms_surplus);
  object["agentSamplesDropped"] = static_cast<double>(snapshot.agent_samples_dropped);
  object["eventsLost"] = static_cast<double>(snapshot.events_lost);
  object["framesOut"] = static_cast<double>(snapshot.frames_out);
  object["framesAudible"] = static_cast<double>(snapshot.frames_audible);
  object["playoutDepthMs"] = snapshot.playout_depth_ms;
  object["playoutStartMs"] = snapshot.playout_start_ms;
  object["concealedMs"] = snapshot.concealed_ms;
  object["concealmentEvents"] = static_cast<double>(snapshot.concealment_events);
  object["trimmedMs"] = snapshot.trimmed_ms;
  object["stretchedMs"] = snapshot.stretched_ms;
  Napi::Array gaps = Napi::Array::New(env, snapshot.gaps.size());
  for (uint32_t i = 0; i < snapshot.gaps.size(); ++i) {
    Napi::Object gap = Napi::Object::New(env);
    gap["episodes"] = static_cast<double>(snapshot.gaps[i].episodes);
    gap["ms"] = snapshot.gaps[i].ms;
    gaps[i] = gap;
  }
  object["gaps"] = gaps;
  return object;
}

Napi::Object ToObject(Napi::Env env, const EngineSnapshot& snapshot) {
  Napi::Object object = Napi::Object::New(env);
  object["sessions"] = static_cast<double>(snapshot.sessions);
  object["sessionsCreated"] = static_cast<double>(snapshot.sessions_created);
  object["tickLateness"] = ToArray(env, snapshot.tick_lateness);
  object["tickDuration"] = ToArray(env, snapshot.tick_duration);
  Napi::Array bounds = Napi::Array::New(env, kTickBucketsUs.size());
  for (uint32_t i = 0; i < kTickBucketsUs.size(); ++i) bounds[i] = static_cast<double>(kTickBucketsUs[i]) * 1e-6;
  object["bucketBoundsSeconds"] = bounds;
  return object;
}

Napi::Value Throw(Napi::Env env, const std::string& message) {
  Napi::Error::New(env, message).ThrowAsJavaScriptException();
  return env.Undefined();
}

Napi::Value ThrowCoded(Napi::Env env, const char* code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  error.ThrowAsJavaScriptException();
  return env.Undefined();
}

void ThrowSessionGone(Napi::Env env) { ThrowCoded(env, "TP_SESSION_GONE", "No session of this id is open"); }

}  // namespace talkpath::bindings
