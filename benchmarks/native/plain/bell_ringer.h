// A native thread on an absolute clock that wakes JavaScript, and one that only notes how late it is.
#pragma once

#include <napi.h>

namespace talkpath::benchmarks {

// startBells(periodMs, callbacks): after each period calls every callback once with the time of the ring, in
// milliseconds of the monotonic clock; rings that nobody has answered become one. stopBells() ends it.
void ExportBells(Napi::Env env, Napi::Object exports);

// startTicks(periodMs), stopTicks(): how late each tick was, in milliseconds, as a Float64Array.
void ExportTicks(Napi::Env env, Napi::Object exports);

}  // namespace talkpath::benchmarks
