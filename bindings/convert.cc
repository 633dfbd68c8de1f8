#include "convert.h"

#include <algorithm>
#include <functional>
#include <cmath>
#include <cstring>
#include <limits>

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

// What was received, in the words of an error.
std::string Shown(const Napi::Value& value) {
  constexpr size_t kMostCharacters = 40;
  switch (value.Type()) {
    case napi_undefined: return "nothing";
    case napi_string: return '"' + value.As<Napi::String>().Utf8Value().substr(0, kMostCharacters) + "\" of type string";
    case napi_object: return "an object";
    case napi_function: return "a function";
    case napi_symbol: return "a symbol";
    default: return value.ToString().Utf8Value();
  }
}

void ThrowExpected(const Napi::Value& value, const std::string& what, const char* name) {
  Throw(value.Env(), "Expected " + what + " for " + name + " but received " + Shown(value));
}

// A number that an int holds as it is.
std::optional<int> WholeNumber(const Napi::Value& value) {
  if (!value.IsNumber()) return std::nullopt;
  const double number = value.As<Napi::Number>().DoubleValue();
  using Limits = std::numeric_limits<int>;
  if (!(number >= Limits::min() && number <= Limits::max()) || number != std::floor(number)) return std::nullopt;
  return static_cast<int>(number);
}

// The fields of an object, one after the other: the first that is of another type throws, and those after it are 0.
class Fields {
 public:
  explicit Fields(const Napi::Value& options) : options_(options), sound_(options.IsObject()) {
    if (!sound_) ThrowExpected(options, "an object", "the options");
  }

  int Integer(const char* name) {
    return Field<int>(name, [&](const Napi::Value& value) { return IntegerOf(value, name); });
  }
  float Number(const char* name) {
    return Field<float>(name, [&](const Napi::Value& value) -> std::optional<float> {
      if (value.IsNumber()) return value.As<Napi::Number>().FloatValue();
      ThrowExpected(value, "number", name);
      return std::nullopt;
    });
  }
  bool Boolean(const char* name) {
    return Field<bool>(name, [&](const Napi::Value& value) { return BooleanOf(value, name); });
  }

  bool sound() const { return sound_; }

 private:
  template <typename T, typename Read>
  T Field(const char* name, Read read) {
    if (!sound_) return T{};
    const Napi::Value value = options_.As<Napi::Object>().Get(name);
    const std::optional<T> field = value.IsEmpty() ? std::nullopt : read(value);  // empty: a getter has thrown
    sound_ = field.has_value();
    return field.value_or(T{});
  }

  const Napi::Value options_;
  bool sound_;
};

}  // namespace

std::span<uint8_t> Bytes(const Napi::Value& value) { return Elements<uint8_t>(value, napi_uint8_array); }
std::span<int16_t> Samples(const Napi::Value& value) { return Elements<int16_t>(value, napi_int16_array); }
std::span<float> Floats(const Napi::Value& value) { return Elements<float>(value, napi_float32_array); }

size_t CountOf(const Napi::Value& value) {
  return value.IsNumber() ? static_cast<size_t>(std::max<int64_t>(value.As<Napi::Number>().Int64Value(), 0)) : 0;
}

std::span<uint8_t> Slice(std::span<uint8_t> bytes, const Napi::Value& offset, const Napi::Value& count) {
  const size_t from = std::min<size_t>(offset.As<Napi::Number>().Uint32Value(), bytes.size());
  return bytes.subspan(from, std::min<size_t>(count.As<Napi::Number>().Uint32Value(), bytes.size() - from));
}

// memcpy takes no null, which an array without an element may have for its address.
size_t CopySamples(std::span<const uint8_t> bytes, std::span<int16_t> samples) {
  const size_t count = std::min(bytes.size() / sizeof(int16_t), samples.size());
  if (count > 0) std::memcpy(samples.data(), bytes.data(), count * sizeof(int16_t));
  return count;
}

size_t CopySamples(std::span<const int16_t> samples, std::span<uint8_t> bytes) {
  const size_t count = std::min(bytes.size() / sizeof(int16_t), samples.size());
  if (count > 0) std::memcpy(bytes.data(), samples.data(), count * sizeof(int16_t));
  return count;
}

std::optional<int> IntegerOf(const Napi::Value& value, const char* name) {
  const std::optional<int> number = WholeNumber(value);
  if (!number) ThrowExpected(value, "integer", name);
  return number;
}

std::optional<int> IntegerWithin(const Napi::Value& value, const char* name, int least, int most) {
  const std::optional<int> number = WholeNumber(value);
  if (number && *number >= least && *number <= most) return number;
  ThrowExpected(value, "integer between " + std::to_string(least) + " and " + std::to_string(most), name);
  return std::nullopt;
}

bool IsTrue(const Napi::Value& value) { return value.IsBoolean() && value.As<Napi::Boolean>().Value(); }

bool Overlap(std::span<const uint8_t> one, std::span<const uint8_t> other) {
  const std::less<const uint8_t*> before;
  return before(one.data(), other.data() + other.size()) && before(other.data(), one.data() + one.size());
}

std::optional<bool> BooleanOf(const Napi::Value& value, const char* name) {
  if (value.IsBoolean()) return value.As<Napi::Boolean>().Value();
  ThrowExpected(value, "true or false", name);
  return std::nullopt;
}

std::optional<EngineConfig> ToEngineConfig(const Napi::Value& options) {
  Fields fields(options);
  const EngineConfig config = {.workers = fields.Integer("workers"), .realtime_priority = fields.Boolean("realtime")};
  return fields.sound() ? std::optional(config) : std::nullopt;
}

std::optional<SessionConfig> ToSessionConfig(const Napi::Value& options) {
  Fields fields(options);
  SessionConfig config;
  config.line_rate_hz = fields.Integer("lineRateHz");
  config.high_pass_hz = fields.Number("highPassHz");
  config.noise_suppression = static_cast<NoiseSuppression>(fields.Integer("noiseSuppression"));
  config.echo_cancellation = static_cast<EchoCancellation>(fields.Integer("echoCancellation"));
  config.echo_max_delay_ms = fields.Integer("echoMaxDelayMs");
  config.voice_mode = fields.Integer("voiceMode");
  config.comfort_noise_dbfs = fields.Number("comfortNoiseDbfs");
  config.speech = {.onset_ms = fields.Integer("speechOnsetMs"), .hangover_ms = fields.Integer("speechHangoverMs")};
  return fields.sound() ? std::optional(config) : std::nullopt;
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

Napi::Value ThrowRate(Napi::Env env, const char* name, int rate_hz, int most_hz) {
  std::string rates;
  for (int known_hz : kStreamRatesHz) {
    if (known_hz <= most_hz) rates += (rates.empty() ? "" : ", ") + std::to_string(known_hz);
  }
  return Throw(env, "Expected one of " + rates + " for " + name + " but received " + std::to_string(rate_hz) +
                        ". A Resampler of talkpath/dsp converts to one of them");
}

Napi::Value ThrowCoded(Napi::Env env, const char* code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  error.ThrowAsJavaScriptException();
  return env.Undefined();
}

void ThrowSessionGone(Napi::Env env, int64_t session_id) {
  ThrowCoded(env, "TP_SESSION_GONE",
             "Expected the id of an open session for sessionId but received " + std::to_string(session_id) + ": it has ended. Open another one");
}

}  // namespace talkpath::bindings
