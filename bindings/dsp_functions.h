// DSP that needs no session, as plain functions.
#pragma once

#include <napi.h>

namespace talkpath::bindings {

// Adds convertRate(bytes, inputRateHz, outputRateHz): bytes to `exports`.
void ExportDspFunctions(Napi::Env env, Napi::Object exports);

}  // namespace talkpath::bindings
