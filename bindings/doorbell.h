// One doorbell a Node thread: a thread-safe function with room for one ring, so that rings that nobody has
// answered yet become one.
#pragma once

#include <napi.h>

namespace talkpath::bindings {

// Adds setDoorbell(callback | null, steady) to `exports`. The callback runs on the thread that set it, without arguments:
// as soon as a tick is over, or with `steady` at the same moment of each. It does not keep the thread alive, and goes when
// the thread ends.
void ExportDoorbell(Napi::Env env, Napi::Object exports);

}  // namespace talkpath::bindings
