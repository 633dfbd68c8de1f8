// Between JavaScript values and the engine's. What makes an object or a session is refused with an error that names it
// and what was expected; what comes with every frame TypeScript has checked, and here only what could hurt memory is.
#pragma once

#include <napi.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/audio_format.h"
#include "engine/engine.h"
#include "session/session_config.h"

namespace talkpath::bindings {

// The bytes of a Uint8Array, valid until the call returns to JavaScript; empty for anything else.
std::span<uint8_t> Bytes(const Napi::Value& value);

// The same of an Int16Array and of a Float32Array.
std::span<int16_t> Samples(const Napi::Value& value);
std::span<float> Floats(const Napi::Value& value);

// A number of elements, which may be more than 32 bits hold; 0 for anything that is no such number.
size_t CountOf(const Napi::Value& value);

// `count` bytes of `bytes` from `offset`, cut to what is there.
std::span<uint8_t> Slice(std::span<uint8_t> bytes, const Napi::Value& offset, const Napi::Value& count);

// Samples of int16 PCM at any address, and back: as many as both have, which may be none. Returns how many.
size_t CopySamples(std::span<const uint8_t> bytes, std::span<int16_t> samples);
size_t CopySamples(std::span<const int16_t> samples, std::span<uint8_t> bytes);

// Whether the memory of the two overlaps, whatever buffers they belong to.
bool Overlap(std::span<const uint8_t> one, std::span<const uint8_t> other);

// The integer that `value` is. Throws for anything else, or out of range, with `name`, and returns nothing.
std::optional<int> IntegerOf(const Napi::Value& value, const char* name);
std::optional<int> IntegerWithin(const Napi::Value& value, const char* name, int least, int most);
// The same of true or false.
std::optional<bool> BooleanOf(const Napi::Value& value, const char* name);

// Whether it is true itself. Runs no JavaScript, so it cannot fail on a thread that is being ended.
bool IsTrue(const Napi::Value& value);

// The fields of an object, each of the right type; what is within its range the engine checks. Throws else.
std::optional<EngineConfig> ToEngineConfig(const Napi::Value& options);
std::optional<SessionConfig> ToSessionConfig(const Napi::Value& options);

Napi::Object ToObject(Napi::Env env, const SessionSnapshot& snapshot);
Napi::Object ToObject(Napi::Env env, const EngineSnapshot& snapshot);

// Throws a JavaScript Error and returns undefined.
Napi::Value Throw(Napi::Env env, const std::string& message);
// The same for a rate that is none of kStreamRatesHz up to `most_hz`.
Napi::Value ThrowRate(Napi::Env env, const char* name, int rate_hz, int most_hz = kStreamRatesHz.back());
// The same with a code that the TypeScript side looks at.
Napi::Value ThrowCoded(Napi::Env env, const char* code, const std::string& message);
// The code is TP_SESSION_GONE: no session of that id is open (any more).
void ThrowSessionGone(Napi::Env env, int64_t session_id);

}  // namespace talkpath::bindings
