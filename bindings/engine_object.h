// The process-wide engine, as functions. Every Node thread that loads the addon sees the same one.
#pragma once

#include <napi.h>

#include <memory>

#include "engine/engine.h"

namespace talkpath::bindings {

inline constexpr char kNotRunning[] = "The engine is not running: start it first";

// Null before startEngine() and after stopEngine().
std::shared_ptr<Engine> RunningEngine();

// Adds startEngine, stopEngine, openSession, closeSession and engineSnapshot to `exports`.
void ExportEngine(Napi::Env env, Napi::Object exports);

}  // namespace talkpath::bindings
