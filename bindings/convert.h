// Between JavaScript values and the engine's. Options are validated in TypeScript, so what arrives here has
// the right type; what could still hurt memory is checked again.
#pragma once

#include <napi.h>

#include <cstdint>
#include <span>

#include "engine/engine.h"
#include "session/session_config.h"

namespace talkpath::bindings {

// The bytes of a Uint8Array, valid until the call returns to JavaScript; empty for anything else.
std::span<uint8_t> Bytes(const Napi::Value& value);

// The same of an Int16Array and of a Float32Array.
std::span<int16_t> Samples(const Napi::Value& value);
std::span<float> Floats(const Napi::Value& value);

// `count` bytes of `bytes` from `offset`, cut to what is there.
std::span<uint8_t> Slice(std::span<uint8_t> bytes, const Napi::Value& offset, const Napi::Value& count);

int IntegerOf(const Napi::Value& value);
double NumberAt(const Napi::Object& object, const char* name);
bool BooleanAt(const Napi::Object& object, const char* name);

EngineConfig ToEngineConfig(const Napi::Object& options);
SessionConfig ToSessionConfig(const Napi::Object& options);

Napi::Object ToObject(Napi::Env env, const SessionSnapshot& snapshot);
Napi::Object ToObject(Napi::Env env, const EngineSnapshot& snapshot);

// Throws a JavaScript Error and returns undefined.
Napi::Value Throw(Napi::Env env, const std::string& message);
// The same with a code that the TypeScript side looks at.
Napi::Value ThrowCoded(Napi::Env env, const char* code, const std::string& message);
// The code is TP_SESSION_GONE: no session of that id is open (any more).
void ThrowSessionGone(Napi::Env env);

}  // namespace talkpath::bindings
