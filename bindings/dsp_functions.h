// DSP that needs no session, as plain functions.
#pragma once

#include <napi.h>

namespace talkpath::bindings {

// Adds to `exports`: convertedSamples(count, inputRateHz, outputRateHz): count; convertRate(samples, inputRateHz,
// outputRateHz, output): how many it wrote, no more than there is room for; and encodeMulaw, encodeAlaw
// (samples, codes) and decodeMulaw, decodeAlaw (codes, samples), which fill their second argument if it is
// long enough.
void ExportDspFunctions(Napi::Env env, Napi::Object exports);

}  // namespace talkpath::bindings
